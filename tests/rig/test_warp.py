"""Portraits bent by the rig, on pictures of the head itself whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from vchar.raster import interpolate
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera, euler
from vchar.rig.fit import Fit
from vchar.rig.view import EYES, NOTHING, SKIN, TEETH, View
from vchar.rig.warp import TRUST_BORROWED, WarpSource

SIZE = 192


@pytest.fixture(scope="module")
def head() -> HeadModel:
    return HeadModel.load()


def weights(**actions: float) -> np.ndarray:
    arkit = np.zeros(52, np.float32)
    for name, weight in actions.items():
        arkit[ARKIT_NAMES.index(name)] = weight
    return arkit


def portrait(head: HeadModel, fit: Fit, size: int = SIZE, arkit: np.ndarray | None = None) -> np.ndarray:
    """The head in plain colours, finely speckled, before a striped background."""
    vertices = head.shape(fit.phenotype, fit.local, fit.arkit if arkit is None else arkit)
    view = View(head, vertices, fit.camera, size, size)
    speckle = np.random.default_rng(0).uniform(0.9, 1.1, (len(vertices), 1))
    colour = interpolate(view.raster, head.faces, (head.albedo * speckle).astype(np.float32))
    stripes = 0.5 + 0.2 * np.sin(np.arange(size) / 5)[:, None, None] * np.ones((1, size, 3))
    return np.where((view.part == NOTHING)[..., None], stripes, colour).clip(0, 1).astype(np.float32)


def standing(head: HeadModel, arkit: np.ndarray, size: int = SIZE) -> Fit:
    camera = Camera(np.eye(3), np.array([0.0, 0.02, 1.1]), 4.2 * size, (size / 2, size / 2))
    rest = np.zeros(len(head.phenotype), np.float32), np.zeros(len(head.local_names), np.float32)
    return Fit(*rest, arkit, camera, 0.0, 1.0)


@pytest.fixture(scope="module")
def rest(head: HeadModel) -> WarpSource:
    fit = standing(head, weights())
    return WarpSource(head, portrait(head, fit), fit)


def at(head: HeadModel, source: WarpSource, landmark: int, arkit: np.ndarray) -> np.ndarray:
    """Where a landmark is in the picture, as (row, column)."""
    vertices = head.shape(source.fit.phenotype, source.fit.local, arkit)
    return source.fit.camera.project(vertices[head.landmarks[[landmark]]])[0, [1, 0]].astype(int)


@pytest.mark.parametrize("shown", [weights(), weights(jawOpen=0.5, mouthSmileLeft=0.7, eyeLookInLeft=0.4)])
def test_the_fitted_expression_returns_the_photo_to_the_bit(head: HeadModel, shown: np.ndarray) -> None:
    fit = standing(head, shown)
    picture = portrait(head, fit)
    edit = WarpSource(head, picture, fit).edit(shown)
    assert np.array_equal(edit.picture, picture)
    assert not edit.flow.any()
    assert not edit.mouth.any()


@pytest.mark.parametrize("action", ["jawOpen", "browInnerUp", "mouthSmileLeft", "eyeBlinkRight", "eyeLookOutLeft"])
def test_what_does_not_move_stays_to_the_bit(head: HeadModel, rest: WarpSource, action: str) -> None:
    edit = rest.edit(weights(**{action: 0.8}))
    changed = (edit.picture != rest.picture).any(-1)
    assert changed.any()
    assert not changed[: SIZE // 8].any()
    assert not changed[:, :8].any()
    assert not changed[:, -8:].any()


def test_the_smile_on_one_side_leaves_the_other_cheek(head: HeadModel, rest: WarpSource) -> None:
    flow = rest.edit(weights(mouthSmileLeft=1.0)).flow
    row, column = at(head, rest, 48, weights())
    far = flow[row, column - 12]
    row, column = at(head, rest, 54, weights(mouthSmileLeft=1.0))
    near = flow[row, column]
    assert np.linalg.norm(far) < 0.2 * np.linalg.norm(near)
    assert near[1] > 1.5  # the corner comes from below


def test_flow_carries_a_point_to_where_the_head_has_it(head: HeadModel, rest: WarpSource) -> None:
    jaw = weights(jawOpen=0.6)
    edit = rest.edit(jaw)
    for landmark in (8, 57):
        now, before = at(head, rest, landmark, jaw), at(head, rest, landmark, weights())
        found = now + edit.flow[now[0] - 2, now[1]][::-1]
        assert np.abs(found - before).max() < 3


def test_warping_comes_near_the_true_picture(head: HeadModel, rest: WarpSource) -> None:
    wanted = weights(mouthSmileLeft=0.8, mouthSmileRight=0.8, browInnerUp=0.7)
    truth = portrait(head, rest.fit, arkit=wanted)
    edit = rest.edit(wanted)
    sure = edit.confidence > 0.6
    before = np.abs(rest.picture - truth)[sure].mean()
    assert np.abs(edit.picture - truth)[sure].mean() < 0.5 * before


def test_an_opened_mouth_is_painted_with_teeth_and_depth(head: HeadModel, rest: WarpSource) -> None:
    jaw = weights(jawOpen=0.8, mouthUpperUpLeft=0.6, mouthUpperUpRight=0.6)
    edit = rest.edit(jaw)
    vertices = head.shape(rest.fit.phenotype, rest.fit.local, jaw)
    part = View(head, vertices, rest.fit.camera, SIZE, SIZE).part
    inside = (part > SKIN) & (part != EYES)
    assert edit.mouth[inside].mean() > 0.95
    light = edit.picture.mean(-1)
    assert light[part == TEETH].mean() > 2 * light[inside & (part != TEETH)].mean()
    assert (edit.confidence[edit.mouth] < 0.2).all()


def test_a_blink_leaves_no_white_of_the_eye(head: HeadModel, rest: WarpSource) -> None:
    row, column = at(head, rest, 68, weights())
    window = np.s_[row - 4 : row + 4, column - 7 : column + 7]
    white = rest.picture[window].max()
    closed = rest.edit(weights(eyeBlinkRight=1.0)).picture[window]
    skin = np.median(rest.picture[rest.view.part == SKIN], axis=0)
    assert closed.max() < 0.95 * white
    assert closed.max() < 1.2 * skin.max()
    other = at(head, rest, 69, weights())
    after = rest.edit(weights(eyeBlinkRight=1.0)).picture
    assert np.array_equal(after[other[0], other[1]], rest.picture[other[0], other[1]])


def test_a_glance_moves_the_dark_iris(head: HeadModel, rest: WarpSource) -> None:
    aside = weights(eyeLookOutLeft=0.7, eyeLookInRight=0.7)
    picture = rest.edit(aside).picture.mean(-1)
    for pupil in (68, 69):
        old, new = at(head, rest, pupil, weights()), at(head, rest, pupil, aside)
        assert new[1] > old[1] + 2
        assert picture[tuple(new)] < 0.6 * picture[old[0], old[1] - 4]


def test_a_turn_moves_the_nose_and_leaves_the_far_background(head: HeadModel, rest: WarpSource) -> None:
    edit = rest.edit(weights(), yaw=12)
    row, column = at(head, rest, 30, weights())
    assert edit.flow[row, column + 4, 0] < -3
    for corner in (np.s_[:6, :6], np.s_[:6, -6:], np.s_[-6:, :6], np.s_[-6:, -6:]):
        assert np.array_equal(edit.picture[corner], rest.picture[corner])


def test_what_a_turn_reveals_looks_like_the_other_side_in_its_own_light(head: HeadModel) -> None:
    fit = standing(head, weights())
    fit = replace(fit, camera=replace(fit.camera, rotation=euler(20, 0, 0)))
    at_rest = head.shape(fit.phenotype, fit.local, fit.arkit)
    bands = 0.5 + 0.3 * np.sin(head.mean[:, 2:] * 400) * np.ones(3)  # alike on both sides
    shade = 1 - 4 * head.mean[:, :1].clip(-0.1, 0)  # brighter on one of them

    def shown(vertices: np.ndarray) -> np.ndarray:
        view = View(head, vertices, fit.camera, SIZE, SIZE)
        colour = interpolate(view.raster, head.faces, (bands * shade).astype(np.float32))
        return np.where((view.part == NOTHING)[..., None], 0, colour).clip(0, 1).astype(np.float32)

    source = WarpSource(head, shown(at_rest), fit)
    edit = source.edit(fit.arkit, -40)
    truth = shown(head.turn(at_rest, -40))
    borrowed = np.isclose(edit.confidence, TRUST_BORROWED)
    assert borrowed.sum() > 300
    assert np.abs(edit.picture - truth)[borrowed].mean() < 0.09  # stretched from where it hides, it would be 0.18


def test_everything_is_in_range_whatever_is_asked(head: HeadModel, rest: WarpSource) -> None:
    edit = rest.edit(np.ones(52, np.float32), yaw=20, pitch=-10, roll=8)
    assert np.isfinite(edit.picture).all()
    assert edit.picture.min() >= 0
    assert edit.picture.max() <= 1
    assert edit.confidence.min() >= 0
    assert edit.confidence.max() <= 1


def test_edits_do_not_depend_on_each_other(rest: WarpSource) -> None:
    smile = weights(mouthSmileLeft=1.0, mouthSmileRight=1.0)
    first = rest.edit(smile)
    rest.edit(weights(jawOpen=1.0))
    assert np.array_equal(first.picture, rest.edit(smile).picture)


def test_pictures_need_not_be_square_nor_show_the_whole_head(head: HeadModel) -> None:
    fit = standing(head, weights())
    picture = portrait(head, fit)[40:, :150]
    x, y = fit.camera.centre
    cropped = Fit(
        fit.phenotype,
        fit.local,
        fit.arkit,
        Camera(np.eye(3), fit.camera.translation, fit.camera.focal, (x, y - 40)),
        0,
        1,
    )
    source = WarpSource(head, picture, cropped)
    assert source.edit(weights(jawOpen=0.5, eyeBlinkLeft=1.0)).picture.shape == picture.shape
    assert np.array_equal(source.edit(weights()).picture, picture)
