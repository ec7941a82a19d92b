"""Modelled hair: where a matte shows some, as far off as its outline, and none on bald heads."""

import numpy as np
import pytest

from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera
from vchar.rig.fit import Fit
from vchar.rig.hair import CAP, Shell, grow
from vchar.rig.strands import SIZE, model_hair

SIDE = 128


@pytest.fixture(scope="module")
def head() -> HeadModel:
    return HeadModel.load()


@pytest.fixture(scope="module")
def fit(head: HeadModel) -> Fit:
    rest = np.zeros(len(head.phenotype), np.float32), np.zeros(len(head.local_names), np.float32)
    return Fit(*rest, np.zeros(52, np.float32), Camera.facing(SIDE), 0.0, 1.0)


def matte(head: HeadModel, fit: Fit, *, off: float, down: float) -> np.ndarray:
    """Hair round the face: `off` metres beside the head, hanging `down` metres below the eyes."""
    marks = fit.camera.project(head.mean[head.landmarks])[:, :2]
    pixels = fit.camera.focal / fit.camera.translation[2]
    middle, eyes = marks[27, 0], marks[36:48, 1].mean()
    reach = np.ptp(marks[:17, 0]) / 2 + off * pixels
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5
    around = (np.hypot((x - middle) / reach, (y - eyes) / (reach + 0.06 * pixels)) < 1) & (y < eyes)
    around |= (np.abs(x - middle) < reach) & (y >= eyes) & (y < eyes + down * pixels)
    inner = (np.hypot((x - middle) / (reach - off * pixels), (y - marks[29, 1]) / (0.09 * pixels)) < 1) | (
        (np.abs(x - middle) < 0.05 * pixels) & (y > eyes)
    )
    return (around & ~inner).astype(np.float32)


def shell(head: HeadModel, fit: Fit, **how: float) -> Shell:
    found = grow(head, fit, matte(head, fit, **how))
    assert found is not None
    return found


def test_a_head_that_shows_no_hair_stays_bald(head: HeadModel, fit: Fit) -> None:
    assert grow(head, fit, np.zeros((SIDE, SIDE), np.float32)) is None


def test_hair_stands_off_as_far_as_its_outline_says(head: HeadModel, fit: Fit) -> None:
    thin, thick = (shell(head, fit, off=off, down=0.02) for off in (0.01, 0.04))
    width = [np.ptp(one.place[CAP - 4, :, 0]) for one in (thin, thick)]
    assert 0.03 < width[1] - width[0] < 0.08


def test_long_hair_hangs_and_short_hair_does_not(head: HeadModel, fit: Fit) -> None:
    short, long = (shell(head, fit, off=0.02, down=down) for down in (0.0, 0.14))
    low = CAP + 20
    assert short.cover[low].max() < 0.3
    assert long.cover[low].max() > 0.7


def test_its_picture_has_the_hairs_colour_all_round(head: HeadModel, fit: Fit) -> None:
    where = matte(head, fit, off=0.02, down=0.05)
    picture = np.where(where[..., None] > 0, (0.5, 0.25, 0.1), (0.9, 0.8, 0.7)).astype(np.float32)
    hair = model_hair(head, fit, picture, where)
    assert hair is not None
    assert hair.texture.shape == (SIZE, SIZE, 4)
    assert len(hair.vertices) == len(hair.uv) == len(hair.normals) > hair.faces.max()
    behind = hair.texture[200:400, :60, :3].mean((0, 1)) / 255  # the first columns are at the back
    assert np.allclose(behind, (0.46, 0.23, 0.09), atol=0.08)
