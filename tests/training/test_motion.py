"""Learning to move: batches, and losses that know better from worse."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from tests.data.test_motion_set import BODY, waving
from tests.rig.test_feet import standing
from tests.tiny_mover import tiny_sentences
from vchar import checkpoint
from vchar.data import motion_set
from vchar.data.motions import Motion
from vchar.errors import VcharError
from vchar.models.motion import MotionConfig, MotionTransformer
from vchar.models.motion_gru import MotionGRU, MotionGRUConfig
from vchar.training import motion, motion_gru
from vchar.training.motion_batches import LONGEST, SHORTEST, Batches, sped


def described(description: str, frames: int, turns: float) -> motion_set.Take:
    about = Motion(
        description, standing(2), "small", {}, 0.0, "", "", description, ("someone says so",), (), frozenset()
    )
    return motion_set.take(about, waving(frames, turns))


@pytest.fixture(scope="module")
def batches() -> Batches:
    takes = [
        described("walk", 400, 9),
        described("front kick", 60, 1),
        described("wave", 91, 3),
        described("walk", 50, 2),
    ]
    return Batches(takes, tiny_sentences(), 5)


@pytest.fixture(scope="module")
def net(batches: Batches) -> MotionTransformer:
    torch.manual_seed(0)
    net = MotionTransformer(MotionConfig(BODY.parents, text=16, width=32, layers=1, heads=4, smoothing=8))
    motion.measure(net, batches)
    return net


def test_the_same_step_and_seed_give_the_same_batch(batches: Batches) -> None:
    first, again, other = batches.batch(5, 4, 0), batches.batch(5, 4, 0), batches.batch(6, 4, 0)
    assert torch.equal(first.features, again.features)
    assert torch.equal(first.energy, again.energy)
    assert not torch.equal(first.take, other.take) or first.features.shape != other.features.shape


def test_motions_have_whole_tokens_and_lengths_within_bounds(batches: Batches) -> None:
    frames = torch.cat([batches.batch(step, 8, 0).frames for step in range(8)])
    assert int(frames.min()) >= SHORTEST
    assert int(frames.max()) <= LONGEST
    assert bool((frames % 5 == 0).all())


def test_beyond_its_end_a_motion_is_empty_and_within_it_moves(batches: Batches) -> None:
    batch = batches.batch(0, 8, 1)
    for features, frames in zip(batch.features, batch.frames.tolist(), strict=True):
        assert not features[frames:].any()
        assert features[: frames - 1].abs().sum(1).min() > 0


def test_rare_actions_are_drawn_more_often_than_their_share(batches: Batches) -> None:
    assert batches.weights.sum() == pytest.approx(1)
    assert batches.weights[1] > 60 / (400 + 60 + 91 + 50)


def test_twice_the_speed_is_half_the_time_and_the_same_way() -> None:
    features = motion_set.features(waving(121))
    fast = sped(features, 2.0, 5)
    assert len(fast) == 60
    assert np.abs(fast[:, 1:3].sum(0) - features[:119, 1:3].sum(0)).max() < 0.05


def test_the_loss_prefers_the_truth(net: MotionTransformer, batches: Batches) -> None:
    batch = batches.batch(0, 4, 0)
    inside = torch.arange(batch.features.shape[1])[None] < batch.frames[:, None]
    time = torch.ones(4)
    still = replace(
        batch, features=torch.cat([batch.features[..., :-2], torch.zeros_like(batch.features[..., -2:])], -1)
    )
    right = motion.geometry(net.body, still.features, still, inside, time)
    wrong = motion.geometry(net.body, still.features + 0.05, still, inside, time)
    assert float(right) == pytest.approx(0, abs=1e-6)
    assert float(wrong) > 1


def test_a_standing_foot_that_slides_costs_even_where_the_truth_slides(
    net: MotionTransformer, batches: Batches
) -> None:
    batch = batches.batch(0, 4, 0)
    inside = torch.arange(batch.features.shape[1])[None] < batch.frames[:, None]
    stands = replace(
        batch, features=torch.cat([batch.features[..., :-2], torch.ones_like(batch.features[..., -2:])], -1)
    )
    assert float(motion.geometry(net.body, stands.features, stands, inside, torch.ones(4))) > 0.01


def test_learning_lowers_the_loss(net: MotionTransformer, batches: Batches, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(motion, "BATCH", 4)
    loss = motion.objective(net, batches, 0)
    optimiser = torch.optim.AdamW(net.parameters(), 1e-2)
    seen = []
    for _ in range(6):
        value = loss(0, torch.manual_seed(0))
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        seen.append(value.item())
    assert seen[-1] < 0.95 * seen[0]


def test_the_baseline_goes_on_as_it_was_taught() -> None:
    """Made token by token or all at once after the same tokens, the motion is the same."""
    torch.manual_seed(0)
    net = MotionGRU(MotionGRUConfig(BODY.parents, text=16, width=16, latent=4)).eval()
    text, energy = torch.randn(2, 16), torch.zeros(2)
    made = net.sample(text, energy, 4, torch.Generator().manual_seed(3))
    latent = torch.randn(2, 4, generator=torch.Generator().manual_seed(3))
    wish = net.wish(text, energy, torch.ones(2) > 0)
    again = net(net.before(net.tokens(made)), latent, wish)
    assert torch.allclose(made, again, atol=1e-5)


@pytest.mark.parametrize(("trained", "other"), [(motion, "motion-gru"), (motion_gru, "motion")])
def test_going_on_from_another_kind_of_network_is_refused_before_anything_is_read(
    trained: ModuleType, other: str, tmp_path: Path
) -> None:
    with pytest.raises(VcharError, match=f"{other} can't be read .* of another network"):
        trained.train(data=tmp_path / "nowhere", start=checkpoint.shipped(other), output=tmp_path)
