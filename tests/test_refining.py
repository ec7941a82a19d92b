"""The refiner's network about what an edit has changed, on pictures of the head itself."""

import numpy as np
import pytest
import torch

from tests.rig.test_warp import portrait, standing, weights
from vchar.models.portrait import PortraitConfig, PortraitNet
from vchar.refining import Refiner
from vchar.rig.body import HeadModel
from vchar.rig.warp import WarpSource

SIZE = 224


@pytest.fixture(scope="module")
def source() -> WarpSource:
    head = HeadModel.load()
    fit = standing(head, weights(), SIZE)
    return WarpSource(head, portrait(head, fit, SIZE), fit)


@pytest.fixture(scope="module")
def refiner() -> Refiner:
    """One that whitens all that it may."""
    net = PortraitNet(PortraitConfig(widths=(8, 16, 16, 24), style=16))
    with torch.no_grad():
        dict(net.named_parameters())["head.weight"][:] = 0
        dict(net.named_parameters())["head.bias"].copy_(torch.tensor([0.5] * 48 + [4.0] * 16))
    return Refiner(net, torch.device("cpu"))


def test_only_the_surroundings_of_what_changed_are_completed(source: WarpSource, refiner: Refiner) -> None:
    blink = weights(eyeBlinkLeft=1.0)
    edit = source.edit(blink)
    changed = np.abs(edit.picture - source.picture).max(2) > 0.02
    completed = refiner.complete(source, edit, blink, (0, 0, 0))
    assert (completed >= edit.picture - 1e-5).all()
    assert (completed[changed] > edit.picture[changed] + 0.05).mean() > 0.9
    mouth = source.view.screen[source.head.landmarks[48:68], :2].round().astype(int)
    np.testing.assert_array_equal(completed[mouth[:, 1], mouth[:, 0]], edit.picture[mouth[:, 1], mouth[:, 0]])
    assert (completed != edit.picture).any(2).mean() < 0.2


def test_an_edit_of_nothing_is_not_completed(source: WarpSource, refiner: Refiner) -> None:
    rest = source.fit.arkit
    np.testing.assert_array_equal(refiner.complete(source, source.edit(rest), rest, (0, 0, 0)), source.picture)


def test_a_small_turn_is_completed_a_little(source: WarpSource, refiner: Refiner) -> None:
    rest = source.fit.arkit

    def added(yaw: float) -> float:
        edit = source.edit(rest, yaw)
        return float((refiner.complete(source, edit, rest, (yaw, 0, 0)) - edit.picture).max())

    assert 0 < added(0.3) < 0.2 * added(10)


def test_pictures_of_any_size_are_completed(source: WarpSource, refiner: Refiner) -> None:
    head = source.head
    fit = standing(head, weights(), SIZE)
    tall = np.pad(portrait(head, fit, SIZE), ((0, 45), (0, 7), (0, 0)), mode="edge")
    wide = WarpSource(head, tall, fit)
    smile = weights(mouthSmileLeft=0.8, mouthSmileRight=0.8)
    edit = wide.edit(smile, 15)
    completed = refiner.complete(wide, edit, smile, (15, 0, 0))
    assert completed.shape == tall.shape
    assert 0 <= completed.min() < completed.max() <= 1
