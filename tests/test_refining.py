"""The refiner's network about what an edit has changed, on pictures of the head itself."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.ndimage import distance_transform_edt

from tests.rig.test_warp import portrait, standing, weights
from vchar import checkpoint
from vchar.character import Character, View
from vchar.expressing import full_strength
from vchar.models.portrait import PortraitConfig, PortraitNet
from vchar.refining import AROUND, CELL, Refiner
from vchar.rig.body import HeadModel
from vchar.rig.warp import WarpSource
from vchar.studio import Studio

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
    return Refiner(net, torch.device("cpu"), expressions=True)


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


def test_a_mouth_that_opens_wider_than_any_it_learnt_from_stays_as_it_was_painted(
    source: WarpSource, refiner: Refiner
) -> None:
    for jaw, painted in ((0.15, True), (0.8, False)):
        wanted = weights(jawOpen=jaw)
        edit = source.edit(wanted)
        completed = refiner.complete(source, edit, wanted, (0, 0, 0))
        assert edit.mouth.sum() > 20
        assert bool((completed[edit.mouth] > edit.picture[edit.mouth] + 0.1).any()) == painted


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


def test_expressions_are_the_warp_s_unless_they_are_asked_for(source: WarpSource, refiner: Refiner) -> None:
    smile = weights(mouthSmileLeft=0.8, mouthSmileRight=0.8, jawOpen=0.15)
    views = Refiner(refiner._net, torch.device("cpu"))
    edit = source.edit(smile)
    np.testing.assert_array_equal(views.complete(source, edit, smile, (0, 0, 0)), edit.picture)
    turned = source.edit(smile, 20)
    completed = views.complete(source, turned, smile, (20, 0, 0))
    np.testing.assert_array_equal(completed[turned.mouth], turned.picture[turned.mouth])
    assert (completed > turned.picture + 0.05).any()


@pytest.mark.slow
def test_what_ships_paints_mouths_and_what_a_turn_reveals_and_leaves_what_did_not_change() -> None:
    sitter = Studio.load().posed(Character(seed=920_101), size=512)
    assert sitter.refiner is not None
    everything = Refiner.load(checkpoint.shipped("portrait"), expressions=True)
    plain, before = replace(sitter, refiner=None), np.asarray(sitter.picture, np.int16)
    happy, left = full_strength("happy"), View(-30)
    mouth = sitter.source.view.screen[sitter.head.landmarks[48:68], :2]
    (x, y), (right, bottom) = mouth.min(0).astype(int), mouth.max(0).astype(int)
    for view, completing in ((None, everything), (left, sitter.refiner)):
        warped = np.asarray(plain.express(happy, view=view), np.int16)
        completed = np.asarray(replace(sitter, refiner=completing).express(happy, view=view), np.int16)
        apart = np.abs(completed - warped)
        assert (apart.mean() if view else apart[y:bottom, x:right].mean()) > 1
        away = np.asarray(distance_transform_edt((warped == before).all(2))) > AROUND * sitter.source.iod + 2 * CELL
        assert away.any()
        np.testing.assert_array_equal(completed[away], before[away])
    np.testing.assert_array_equal(sitter.express(happy), plain.express(happy))
