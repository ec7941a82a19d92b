"""What a portrait's head is painted with, from a portrait of the plain head."""

import numpy as np
import pytest

from tests.rig.test_warp import portrait, standing, weights
from vchar.rig.body import HeadModel
from vchar.rig.bust import Bust
from vchar.rig.complexion import Complexion
from vchar.rig.likeness import EYE, SKIN, Likeness, Painter, eye_uv
from vchar.rig.warp import WarpSource

IRIS = np.array([0.2, 0.35, 0.5])


@pytest.fixture(scope="module")
def head() -> HeadModel:
    return HeadModel.load()


@pytest.fixture(scope="module")
def painter(head: HeadModel) -> Painter:
    return Painter(head, Bust.of(head), Complexion.load())


@pytest.fixture(scope="module")
def likeness(head: HeadModel, painter: Painter) -> Likeness:
    """Of a head that is bluer on the picture's left, with a fringe on one side and blue irises."""
    fit = standing(head, weights(), 256)
    picture = portrait(head, fit, 256)
    marks = fit.camera.project(head.mean[head.landmarks])[:, :2]
    y, x = np.mgrid[:256, :256] + 0.5
    for pupil in marks[68:70]:
        picture[np.hypot(x - pupil[0], y - pupil[1]) < 4] = IRIS
    picture[: int(marks[19, 1]) - 6, :128] = (0.08, 0.05, 0.04)
    return painter.paint(WarpSource(head, picture, fit))


def texel(head: HeadModel, landmark: int) -> tuple[int, int]:
    """Row and column where a landmark lies in the skin's picture."""
    bust = Bust.of(head)
    place = bust.place(head.mean)
    vertex = np.linalg.norm(place - head.mean[head.landmarks[landmark]], axis=1).argmin()
    u, v = bust.uv[vertex]
    return int((1 - v) * SKIN), int(u * SKIN)


def test_the_skin_is_the_portrait_s_where_it_shows_any(head: HeadModel, likeness: Likeness) -> None:
    assert likeness.skin.shape == (SKIN, SKIN, 3)
    for landmark in (29, 30, 33):  # along the nose
        row, column = texel(head, landmark)
        seen = likeness.skin[row - 6 : row + 7, column - 6 : column + 7].mean((0, 1)) / 255
        assert np.abs(seen - head.albedo[head.landmarks[landmark]]).max() < 0.2


def test_hair_before_the_face_is_no_skin(head: HeadModel, likeness: Likeness) -> None:
    row, column = texel(head, 19)
    forehead = likeness.skin[row - 70 : row - 45, column - 40 : column + 20].mean((0, 1)) / 255
    assert forehead.mean() > 0.35


def test_the_scalp_wears_the_portrait_s_hair(likeness: Likeness) -> None:
    crown = likeness.skin[60:140, SKIN // 4 : SKIN // 3].mean((0, 1)) / 255
    assert crown.max() < 0.3


def test_what_no_portrait_shows_is_skin_too(likeness: Likeness) -> None:
    back = likeness.skin[640:680, 10:60].mean((0, 1)) / 255  # of the neck
    assert back[0] > back[2]  # warm
    assert 0.15 < back.mean() < 0.9


def test_eyes_have_the_portrait_s_irises_in_their_middle_and_white_round_them(likeness: Likeness) -> None:
    for eye in likeness.eyes:
        assert eye.shape == (EYE, EYE, 3)
        middle = eye[EYE // 2 - 8 : EYE // 2 + 8, EYE // 2 - 8 : EYE // 2 + 8].mean((0, 1)) / 255
        assert np.abs(middle - IRIS).max() < 0.15
        rim = np.concatenate([eye[:20].reshape(-1, 3), eye[-20:].reshape(-1, 3)]).mean(0)
        assert rim.mean() > 1.4 * middle.mean() * 255


def test_the_picture_of_an_eye_shows_its_front() -> None:
    uv = eye_uv(np.array([[0.5, 0.5], [0.6, 0.5], [1.0, 0.5]]))
    assert uv[0].tolist() == [0.5, 0.5]
    assert uv[1, 0] > 0.6
    assert uv[2, 0] < 1


@pytest.mark.parametrize("skin", [(0.85, 0.66, 0.55), (0.45, 0.28, 0.2)])
def test_the_tone_is_that_of_the_skin_whatever_hair_and_light(
    head: HeadModel, painter: Painter, skin: tuple[float, float, float]
) -> None:
    fit = standing(head, weights(), 256)
    picture = np.where(portrait(head, fit, 256) > 0, skin, 0.0) * np.linspace(0.85, 1.1, 256)[:, None]
    picture[: int(fit.camera.project(head.mean[head.landmarks])[19, 1]) - 8] = (0.08, 0.05, 0.04)
    assert np.abs(painter.tone(WarpSource(head, picture, fit)) - skin).max() < 0.1
