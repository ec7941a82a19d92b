"""Brow landmarks follow the hair that is seen on a card."""

import numpy as np

from vchar.data.brows import brow_points, evenly

CORNERS = np.array([[-0.06, -0.02, 0], [0.06, -0.02, 0], [0.06, 0.02, 0], [-0.06, 0.02, 0]], np.float32)  # metres
FACES = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
UV = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], np.float32)[FACES]


def card() -> np.ndarray:
    """Opacity [40,120], a pixel a millimetre: brows from 15 to 50 mm off the middle, their upper edge at y = -10 mm."""
    alpha = np.zeros((40, 120))
    alpha[10:18, 10:45] = alpha[10:18, 75:110] = 1
    return alpha


def marked() -> np.ndarray:
    face, bary = brow_points(CORNERS, FACES, UV, card())
    return (CORNERS[FACES[face]] * bary[..., None]).sum(1) * 1000


def test_points_lie_on_the_upper_edge_from_tail_to_head_and_back() -> None:
    points = marked()
    np.testing.assert_allclose(points[:, 1], -10, atol=1.5)
    np.testing.assert_allclose(points[:, 0], [-50, -41, -32, -24, -15, 15, 24, 32, 41, 50], atol=2.5)


def test_both_brows_mirror_each_other() -> None:
    points = marked()
    np.testing.assert_allclose(points[:5] * [-1, 1, 1], points[:4:-1], atol=0.6)


def test_even_points_keep_the_ends_of_a_line() -> None:
    line = np.array([[0, 0], [1, 0], [1, 3]])
    np.testing.assert_allclose(evenly(line, 5), [[0, 0], [1, 0], [1, 1], [1, 2], [1, 3]])
