"""Learning to complete warped portraits, from small made-up pairs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from vchar.data.pairs import Pair, mirrored, save
from vchar.errors import VcharError
from vchar.models.portrait import PortraitConfig, PortraitNet
from vchar.rig import guide
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.training import portrait, portrait_batches
from vchar.training.portrait_batches import Reader, augmented, stacked

SIZE = 128


def pair(seed: int) -> Pair:
    rng = np.random.default_rng(seed)
    source, warped, target = (np.full((SIZE, SIZE, 3), rng.integers(60, 190), np.uint8) for _ in range(3))
    layers = rng.uniform(0, 1, (SIZE // 2, SIZE // 2, guide.GUIDES)).astype(np.float32)
    change = rng.uniform(-1, 1, guide.CHANGES).astype(np.float32)
    return Pair(source, warped, target, layers, change, np.ones((SIZE // 2, SIZE // 2), np.float32))


def test_twice_in_the_mirror_is_as_before() -> None:
    first = pair(0)
    again = mirrored(mirrored(first))
    np.testing.assert_array_equal(again.guide, first.guide)
    np.testing.assert_array_equal(again.change, first.change)
    once = mirrored(first)
    left, right = (ARKIT_NAMES.index(f"eyeBlink{side}") for side in ("Left", "Right"))
    assert once.change[left] == first.change[right]
    assert once.change[-3] == -first.change[-3]  # yaw
    assert once.change[-2] == first.change[-2]  # pitch


def test_cuts_are_taken_where_something_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portrait_batches, "CROP", 32)
    monkeypatch.setattr(portrait_batches, "TRIES", 40)
    one = pair(1)
    one.warped[:] = one.target
    one.warped[64:96, 32:64] = 255 - one.target[64:96, 32:64]
    cut = augmented(one, np.random.default_rng(0))
    assert cut.target.shape == (32, 32, 3)
    assert cut.guide.shape == (16, 16, guide.GUIDES)
    assert np.abs(cut.warped.astype(int) - cut.target).mean() > 10


def test_what_a_step_reads_depends_on_its_number_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portrait_batches, "CROP", 64)
    for i in range(14):
        save(tmp_path / f"pair-{i}.npz", pair(i))
    files = sorted(tmp_path.glob("pair-*.npz"))
    in_order, late = Reader(files, 5, 2, seed=3), Reader(files, 5, 2, seed=3)
    first = [in_order(step) for step in range(5)]
    assert torch.equal(late(3).target, first[3].target)
    assert not torch.equal(first[2].target, first[3].target)


def test_what_can_t_be_trusted_is_no_loss() -> None:
    net = PortraitNet(PortraitConfig(widths=(8, 16, 16, 24), style=16))
    batch = stacked([pair(0), pair(1)])

    def price(**other: torch.Tensor) -> float:
        return portrait.loss(net, lambda x: [x], None, replace(batch, **other)).item()

    assert price() > price(target=batch.warped)
    assert price(weight=batch.weight * 0) == pytest.approx(price(weight=batch.weight * 0, target=batch.warped))


def test_at_first_pixels_alone_count() -> None:
    net, batch = PortraitNet(PortraitConfig(widths=(8, 16, 16, 24), style=16)), stacked([pair(0), pair(1)])
    assert portrait.loss(net, None, None, batch) < portrait.loss(net, lambda x: [x], None, batch)


def test_too_few_pairs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(VcharError, match="vchar train pairs"):
        portrait.train(pairs=tmp_path, output=tmp_path / "out")
    assert not (tmp_path / "out").exists()
