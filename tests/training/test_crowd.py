"""Where people lie in a latent space, and whom seeds are drawn from."""

from __future__ import annotations

import torch

from vchar.training.crowd import Crowd
from vchar.training.processes import Processes

ALONE = Processes(0, 1, torch.device("cpu"))


def people(count: int, seed: int = 0) -> torch.Tensor:
    """z [count,3] round 5, 0, 0, whose last two numbers go together."""
    x = torch.randn(count, 3, generator=torch.Generator().manual_seed(seed))
    return torch.stack([5 + x[:, 0], 2 * x[:, 1], 2 * x[:, 1] + 0.1 * x[:, 2]], dim=1)


def test_draws_differ_as_the_people_who_were_seen() -> None:
    crowd = Crowd(3)
    for seed in range(100):
        crowd.follow(people(20, seed), torch.ones(20), 1.0, ALONE)
    mean, spread = crowd.spread()
    drawn = mean + torch.randn(20_000, 3, generator=torch.Generator().manual_seed(7)) @ spread.T
    torch.testing.assert_close(drawn.mean(0), torch.tensor([5.0, 0.0, 0.0]), atol=0.15, rtol=0)
    torch.testing.assert_close(torch.cov(drawn.T), torch.cov(people(2000).T), atol=0.3, rtol=0)


def test_whoever_weighs_nothing_counts_only_where_all_do() -> None:
    crowd, weight = Crowd(3), torch.tensor([1.0, 0.0]).repeat(50)
    two = people(100)
    two[1::2] -= 9
    crowd.follow(two, weight, 1.0, ALONE)
    assert abs(float(crowd.spread()[0][0]) - 5) < 0.4
    alone = Crowd(3)
    alone.follow(two[1::2], torch.zeros(50), 1.0, ALONE)
    assert abs(float(alone.spread()[0][0]) + 4) < 0.4


def test_who_was_seen_long_ago_is_forgotten() -> None:
    crowd = Crowd(3)
    crowd.follow(people(50) + 100, torch.ones(50), 0.5, ALONE)
    for seed in range(20):
        crowd.follow(people(50, seed), torch.ones(50), 0.5, ALONE)
    assert abs(float(crowd.spread()[0][0]) - 5) < 0.4


def test_draws_are_standard_normal_where_nobody_was_seen() -> None:
    mean, spread = Crowd(3).spread()
    assert mean.tolist() == [0, 0, 0]
    assert torch.equal(spread, torch.eye(3))
