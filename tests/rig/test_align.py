"""Framing: faces lie in the same place, as large, whatever the picture."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from vchar.rig import align
from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera, euler


def points(scale: float, shift: tuple[float, float]) -> np.ndarray:
    marks = np.zeros((70, 2))
    marks[36:42], marks[42:48], marks[[48, 54]] = (-1, 0), (1, 0), (0, 2.2)
    return marks * scale + shift


def test_the_square_follows_the_face() -> None:
    centre, side = align.square(points(1, (0, 0)))
    moved, larger = align.square(points(3, (50, 20)))
    np.testing.assert_allclose(moved, centre * 3 + (50, 20))
    np.testing.assert_allclose(larger, 3 * side)
    np.testing.assert_allclose(side, 8)  # four times from eye to eye


def test_a_head_is_framed_alike_however_it_is_turned() -> None:
    head, facing = HeadModel.load(), Camera.facing(256)
    marks = head.mean[head.landmarks]
    centre, side = align.seen_by(facing, marks)
    flat, width = align.square(facing.project(marks)[:, :2])
    np.testing.assert_allclose(centre, flat, atol=1)
    assert side == pytest.approx(width, rel=0.03)
    turned = replace(facing, rotation=euler(40, 25, 0))
    assert align.seen_by(turned, marks)[1] == pytest.approx(side, rel=0.05)
    assert align.square(turned.project(marks)[:, :2])[1] < 0.95 * side


def test_a_crop_beyond_the_edge_repeats_it() -> None:
    picture = Image.new("RGB", (20, 20), (200, 10, 10))
    crop = np.asarray(align.crop(picture, np.array([2.0, 18.0]), 16, 32))
    assert crop.shape == (32, 32, 3)
    assert (crop == (200, 10, 10)).all()
