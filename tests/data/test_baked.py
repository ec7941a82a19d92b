"""Faces of portraits as skins, from portraits of the plain head."""

import numpy as np
import pytest

from vchar.data.assets import Assets
from vchar.data.baked import evenly_lit, face_of
from vchar.data.skin import FaceMap, draw_skin, melanin_of
from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera
from vchar.rig.fit import Fit
from vchar.rig.view import View

SIZE, SKIN = 256, 512
TONE = np.array([150, 105, 80])


@pytest.fixture(scope="module")
def where(head: HeadModel) -> FaceMap:
    return FaceMap.of(head, SKIN)


@pytest.fixture(scope="module")
def fit(head: HeadModel) -> Fit:
    camera = Camera(np.eye(3), np.array([0.0, 0.02, 1.1]), 4.2 * SIZE, (SIZE / 2, SIZE / 2))
    rest = np.zeros(len(head.phenotype), np.float32), np.zeros(len(head.local_names), np.float32)
    return Fit(*rest, np.zeros(52, np.float32), camera, 0.0, 1.0)


@pytest.fixture(scope="module")
def portrait(head: HeadModel, fit: Fit) -> np.ndarray:
    """A head of one colour."""
    view = View(head, head.mean, fit.camera, SIZE, SIZE)
    return np.where(view.part[..., None] >= 0, TONE / 255, 0.2)


def test_a_face_keeps_its_colour_and_leaves_the_brows_out(
    head: HeadModel, where: FaceMap, fit: Fit, portrait: np.ndarray
) -> None:
    face = face_of(head, where, portrait, fit)
    assert face is not None
    used = face[..., 3] > 200
    assert used[where.masks["cheeks"] > 0.6].mean() > 0.8
    assert face[..., 3][where.masks["brows"] > 0.9].max() < 40
    assert np.abs(np.median(face[used][:, :3], 0) - TONE).max() < 12


def test_what_is_no_skin_is_not_used(head: HeadModel, where: FaceMap, fit: Fit, portrait: np.ndarray) -> None:
    plain = face_of(head, where, portrait, fit)
    marks = fit.camera.project(head.mean[head.landmarks])
    fringe = portrait.copy()
    fringe[: int(marks[19, 1]) - 8, : SIZE // 2] = (0.1, 0.05, 0.03)
    covered = face_of(head, where, fringe, fit)
    assert plain is not None
    assert covered is not None
    lost = (plain[..., 3] > 128) & (covered[..., 3] < 40)
    assert lost.sum() > 0.05 * (plain[..., 3] > 128).sum()
    assert (covered[lost][:, :3].mean(-1) < 60).mean() > 0.5


def test_faces_behind_dark_glasses_are_refused(head: HeadModel, where: FaceMap, fit: Fit, portrait: np.ndarray) -> None:
    marks = fit.camera.project(head.mean[head.landmarks])
    top, bottom = int(marks[19, 1]), int(marks[29, 1])
    hidden = portrait.copy()
    hidden[top:bottom] = (0.05, 0.05, 0.08)
    assert face_of(head, where, hidden, fit) is None


def test_a_skin_with_a_portrait_s_face_takes_its_tone(
    head: HeadModel, where: FaceMap, fit: Fit, portrait: np.ndarray
) -> None:
    face = face_of(head, where, portrait, fit)
    assert face is not None
    skins = (np.full((SKIN, SKIN, 3), (222, 172, 140), np.uint8),)
    skin = draw_skin(np.random.default_rng(3), skins, where, melanin_of(face), np.zeros(3), face)
    body = np.median(skin[:100, 100:300].reshape(-1, 3), 0)
    assert np.abs(body - TONE).max() < 30
    plain = Assets.plain().skins[0][0, 0]
    assert np.abs(body - TONE).max() < np.abs(plain - TONE).max()


def test_light_from_one_side_and_coloured_light_are_told_from_even_light(
    head: HeadModel, where: FaceMap, fit: Fit, portrait: np.ndarray
) -> None:
    face = face_of(head, where, portrait, fit)
    assert face is not None
    assert evenly_lit(where, face)
    shadow, blue = face.copy(), face.copy()
    shadow[: len(face) // 2, :, :3] //= 2
    blue[..., :3] = face[..., 2::-1]
    assert not evenly_lit(where, shadow)
    assert not evenly_lit(where, blue)
