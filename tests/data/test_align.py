"""Framing: faces lie in the same place, as large, whatever the picture."""

import numpy as np
from PIL import Image

from vchar.data import align


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


def test_a_crop_beyond_the_edge_repeats_it() -> None:
    picture = Image.new("RGB", (20, 20), (200, 10, 10))
    crop = np.asarray(align.crop(picture, np.array([2.0, 18.0]), 16, 32))
    assert crop.shape == (32, 32, 3)
    assert (crop == (200, 10, 10)).all()
