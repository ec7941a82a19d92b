"""Portraits laid onto the head, from pictures of it whose truth is known."""

import numpy as np
import pytest

from vchar.raster import Raster, interpolate
from vchar.rig.bake import bake, unfold
from vchar.rig.body import PARTS, HeadModel
from vchar.rig.camera import Camera, euler
from vchar.rig.fit import Fit
from vchar.rig.view import View

SIZE, TEXELS = 256, 512


@pytest.fixture(scope="module")
def head() -> HeadModel:
    return HeadModel.load()


@pytest.fixture(scope="module")
def skin(head: HeadModel) -> np.ndarray:
    return np.flatnonzero((head.face_part == PARTS.index("skin")) & (head.turn_weight[head.faces].min(1) > 0.9))


@pytest.fixture(scope="module")
def texels(head: HeadModel, skin: np.ndarray) -> Raster:
    return unfold(head.uv[skin], TEXELS)


@pytest.fixture(scope="module")
def colour(head: HeadModel) -> np.ndarray:
    """[V,3] soft waves across the head."""
    return (0.5 + 0.2 * np.sin(head.mean * [110, 140, 90])).astype(np.float32)


def portrait(head: HeadModel, colour: np.ndarray, yaw: float, light: np.ndarray) -> tuple[np.ndarray, Fit]:
    rest = np.zeros(len(head.phenotype), np.float32), np.zeros(len(head.local_names), np.float32)
    camera = Camera(euler(yaw, 0, 0), np.array([0.0, 0.02, 1.1]), 4.2 * SIZE, (SIZE / 2, SIZE / 2))
    fit = Fit(*rest, np.zeros(52, np.float32), camera, 0.0, 1.0)
    view = View(head, head.mean, camera, SIZE, SIZE)
    return interpolate(view.raster, head.faces, colour * (1 + view.normals @ light)[:, None]), fit


def test_what_a_portrait_shows_lands_where_it_belongs(
    head: HeadModel, skin: np.ndarray, texels: Raster, colour: np.ndarray
) -> None:
    picture, fit = portrait(head, colour, 0, np.zeros(3))
    baked = bake(head, picture, fit, texels, head.faces[skin])
    truth = interpolate(texels, head.faces[skin], colour)
    seen = baked.seen > 0.9
    assert seen.sum() > 0.1 * (texels.face >= 0).sum()
    assert np.abs(baked.colour - truth)[seen].mean() < 0.04


def test_the_side_that_is_turned_away_counts_as_unseen(
    head: HeadModel, skin: np.ndarray, texels: Raster, colour: np.ndarray
) -> None:
    picture, fit = portrait(head, colour, 40, np.zeros(3))
    seen = bake(head, picture, fit, texels, head.faces[skin]).seen
    place = interpolate(texels, head.faces[skin], head.mean)
    side = (place[..., 2] < -0.01) & (np.abs(place[..., 1]) < 0.05) & (texels.face >= 0)
    left, right = seen[side & (place[..., 0] < -0.05)].mean(), seen[side & (place[..., 0] > 0.05)].mean()
    assert max(left, right) > 10 * min(left, right)
    assert seen[place[..., 2] > 0.08].max() == 0  # the back of the head


def test_light_from_a_side_is_taken_off(head: HeadModel, skin: np.ndarray, texels: Raster, colour: np.ndarray) -> None:
    even = np.full_like(colour, 0.5)
    picture, fit = portrait(head, even, 0, np.array([0.35, 0, -0.2]))
    baked = bake(head, picture, fit, texels, head.faces[skin])
    place = interpolate(texels, head.faces[skin], head.mean)
    seen = baked.seen > 0.9
    left, right = (baked.colour[seen & (sign * place[..., 0] > 0.03)].mean() for sign in (-1, 1))
    assert abs(left - right) < 0.03
    raw = picture[picture.sum(-1) > 0]
    assert raw.std() > 3 * baked.colour[seen].std()
