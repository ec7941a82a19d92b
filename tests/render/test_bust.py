"""Heads in space, drawn."""

import numpy as np
import pytest

from vchar.render.bust import bust_meshes
from vchar.render.picture import render
from vchar.render.scene import Light
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.bust import Bust
from vchar.rig.camera import Camera
from vchar.rig.fit import Fit
from vchar.rig.likeness import Likeness

SIZE = 96
CAMERA = Camera(np.eye(3), np.array([0, 0.02, 1.6]), 1.6 * SIZE / 0.28, (SIZE / 2, SIZE / 2))


@pytest.fixture(scope="module")
def head() -> HeadModel:
    return HeadModel.load()


def picture(head: HeadModel, **actions: float) -> np.ndarray:
    """A head of red skin with a green left and a blue right eye of the picture, and violet teeth."""
    rest = np.zeros(len(head.phenotype), np.float32), np.zeros(len(head.local_names), np.float32)
    fit = Fit(*rest, np.zeros(52, np.float32), CAMERA, 0.0, 1.0)
    plain = [np.tile(np.array(colour, np.uint8), (8, 8, 1)) for colour in ((200, 40, 40), (20, 220, 20), (20, 20, 220))]
    weights = np.array([actions.get(name, 0.0) for name in ARKIT_NAMES])
    meshes = bust_meshes(
        head, Bust.of(head), fit, Likeness(plain[0], (plain[1], plain[2]), np.array([1, 0, 1])), weights
    )
    even = np.zeros((9, 3), np.float32)
    even[0] = 0.8
    return render(meshes, CAMERA, Light(even, np.array([0.0, 0, -1]), np.full(3, 0.5)), SIZE, SIZE)


def at(head: HeadModel, seen: np.ndarray, landmark: int) -> np.ndarray:
    x, y = CAMERA.project(head.mean[head.landmarks[[landmark]]])[0, :2].astype(int)
    return seen[y, x]


def test_each_part_wears_its_own_picture(head: HeadModel) -> None:
    seen = picture(head)
    assert at(head, seen, 30)[:3].argmax() == 0
    assert at(head, seen, 68)[:3].argmax() == 1
    assert at(head, seen, 69)[:3].argmax() == 2
    assert seen[2, 2, 3] == 0
    assert at(head, seen, 30)[3] == 1


def test_it_makes_faces(head: HeadModel) -> None:
    closed, opened = picture(head), picture(head, jawOpen=0.8)
    mouth = np.mean([CAMERA.project(head.mean[head.landmarks[[mark]]])[0, :2] for mark in (62, 66)], axis=0).astype(int)
    around = np.s_[mouth[1] - 4 : mouth[1] + 10, mouth[0] - 6 : mouth[0] + 7]
    assert np.abs(closed[around] - opened[around]).mean() > 0.05
    violet = (opened[around][..., 2] > opened[around][..., 1] + 0.1) & (opened[around][..., 0] > 0.2)
    assert violet.sum() > 3
