"""The training loop: learning, averaging, snapshots and resuming."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from vchar.errors import VcharError
from vchar.training.loop import Schedule, batch_indices, fit, follow


class BrokenOffError(Exception):
    """What interrupts a run."""


def learn(folder: Path, schedule: Schedule, stop_at: int | None = None) -> nn.Module:
    """Fit a small network with dropout and running statistics to a line, broken off before step `stop_at`."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(1, 8), nn.BatchNorm1d(8), nn.Dropout(0.2), nn.Linear(8, 1))

    def loss(step: int, random: torch.Generator) -> Tensor:
        if step == stop_at:
            raise BrokenOffError
        x = torch.rand(16, 1, generator=random)
        return ((model(x) - 2 * x) ** 2).mean()

    optimiser = torch.optim.SGD(model.parameters(), 0.05, momentum=0.9)
    return fit(model, optimiser, loss, schedule, folder=folder, log=lambda _: None)


def same(a: nn.Module, b: nn.Module) -> bool:
    return all(torch.equal(x, y) for x, y in zip(a.state_dict().values(), b.state_dict().values(), strict=True))


def test_a_resumed_run_ends_exactly_where_an_uninterrupted_one_does(tmp_path: Path) -> None:
    schedule = Schedule(steps=12, warm_up=3, average=0.9, snapshot=0.0)
    whole = learn(tmp_path / "whole", schedule)
    with pytest.raises(BrokenOffError):
        learn(tmp_path / "broken", schedule, stop_at=7)
    resumed = learn(tmp_path / "broken", schedule)
    assert same(whole, resumed)


def test_learning_lowers_the_error(tmp_path: Path) -> None:
    x = torch.rand(64, 1, generator=torch.Generator().manual_seed(1))

    def error(steps: int) -> float:
        model = learn(tmp_path / str(steps), Schedule(steps=steps, average=0.9))
        return float(((model(x) - 2 * x) ** 2).mean())

    assert error(200) < 0.3 * error(1)


def test_a_finished_run_gives_its_weights_again_without_training(tmp_path: Path) -> None:
    schedule = Schedule(steps=5)
    first = learn(tmp_path, schedule)
    again = learn(tmp_path, schedule, stop_at=0)
    assert same(first, again)


def test_a_snapshot_of_another_schedule_is_refused(tmp_path: Path) -> None:
    learn(tmp_path, Schedule(steps=5))
    with pytest.raises(VcharError, match="another schedule"):
        learn(tmp_path, Schedule(steps=6))


def test_the_rate_climbs_then_falls_to_nothing() -> None:
    schedule = Schedule(steps=100, warm_up=10)
    rates = [schedule.rate(step) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[9] == rates[10] == 1
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] < 1e-3


def test_following_moves_averages_part_of_the_way_and_copies_counters() -> None:
    average, model = nn.BatchNorm1d(2), nn.BatchNorm1d(2)
    model.running_mean, model.num_batches_tracked = torch.tensor([4.0, 8.0]), torch.tensor(7)
    follow(average, model, decay=0.75)
    assert average.state_dict()["running_mean"].tolist() == [1, 2]
    assert average.state_dict()["num_batches_tracked"] == 7


def test_an_epoch_visits_every_sample_once_and_epochs_differ() -> None:
    epochs = [torch.cat([batch_indices(3 * e + i, 12, 4, seed=5) for i in range(3)]) for e in (0, 1)]
    assert all(sorted(epoch.tolist()) == list(range(12)) for epoch in epochs)
    assert not torch.equal(*epochs)
