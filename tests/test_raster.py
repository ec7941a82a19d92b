"""The rasteriser, against what can be worked out by hand."""

import numpy as np
import pytest

from vchar.raster import interpolate, interpolate_corners, rasterise

SQUARE = np.array([[0, 1, 2], [0, 2, 3]])


def square(left: float, top: float, right: float, bottom: float, z: float = 1.0) -> np.ndarray:
    return np.array([[left, top, z], [right, top, z], [right, bottom, z], [left, bottom, z]])


def test_a_square_covers_exactly_the_pixels_whose_centre_it_holds() -> None:
    raster = rasterise(square(1, 2, 4, 3), SQUARE, height=5, width=6)
    expected = np.zeros((5, 6), bool)
    expected[2, 1:4] = True
    np.testing.assert_array_equal(raster.face >= 0, expected)
    np.testing.assert_array_equal(np.isfinite(raster.depth), expected)
    np.testing.assert_allclose(raster.bary.sum(2), expected, atol=1e-6)


def test_neighbours_leave_no_gap_between_them() -> None:
    rng = np.random.default_rng(0)
    points = np.stack(np.meshgrid(np.arange(9) * 8.0, np.arange(9) * 8.0), -1)
    points[1:-1, 1:-1] += rng.uniform(-3, 3, (7, 7, 2))
    grid = np.arange(81).reshape(9, 9)
    corners = np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]], -1).reshape(-1, 4)
    faces = np.concatenate([corners[:, [0, 1, 2]], corners[:, [0, 2, 3]]])
    screen = np.concatenate([points.reshape(-1, 2), np.ones((81, 1))], 1)
    assert (rasterise(screen, faces, 64, 64).face >= 0).all()


def test_the_nearer_face_wins_whatever_the_order() -> None:
    screen = np.concatenate([square(0, 0, 4, 4, z=2.0), square(0, 0, 4, 4, z=1.5)])
    faces = np.concatenate([SQUARE, SQUARE + 4])
    assert set(np.unique(rasterise(screen, faces, 4, 4).face)) <= {2, 3}
    assert set(np.unique(rasterise(screen, faces[::-1], 4, 4).face)) <= {0, 1}


def test_depth_bias_changes_the_winner_and_not_the_depth() -> None:
    screen = np.concatenate([square(0, 0, 4, 4, z=2.0), square(0, 0, 4, 4, z=1.99)])
    faces = np.concatenate([SQUARE, SQUARE + 4])
    raster = rasterise(screen, faces, 4, 4, depth_bias=np.array([0, 0, 0.02, 0.02]))
    assert raster.face.max() <= 1
    np.testing.assert_allclose(raster.depth, 2.0, rtol=1e-6)
    nearer = rasterise(screen, faces, 4, 4, depth_bias=np.array([0, 0, 0.005, 0.005]))
    np.testing.assert_allclose(nearer.depth, 1.99, rtol=1e-6)


def slanted() -> tuple[np.ndarray, np.ndarray]:
    """A square that leans away from a camera of focal 40, and its corners in space."""
    space = np.array([[-0.5, -0.5, 1.0], [0.5, -0.5, 1.0], [0.5, 0.5, 3.0], [-0.5, 0.5, 3.0]])
    return np.concatenate([40 * space[:, :2] / space[:, 2:] + 32, space[:, 2:]], 1), space


def test_interpolation_is_perspective_correct() -> None:
    screen, space = slanted()
    raster = rasterise(screen, SQUARE, 64, 64)
    found = interpolate(raster, SQUARE, space)
    y, x = np.nonzero(raster.face >= 0)
    np.testing.assert_allclose(40 * found[y, x, 0] / found[y, x, 2] + 32, x + 0.5, atol=1e-3)
    np.testing.assert_allclose(found[y, x, 2], raster.depth[y, x], rtol=1e-5)
    assert len(y) > 500
    assert not found[raster.face < 0].any()


def test_values_per_corner_agree_with_values_per_vertex() -> None:
    screen, space = slanted()
    raster = rasterise(screen, SQUARE, 64, 64)
    np.testing.assert_allclose(interpolate_corners(raster, space[SQUARE]), interpolate(raster, SQUARE, space))


@pytest.mark.parametrize("z", [0.0, -1.0, np.nan])
def test_faces_that_reach_behind_the_camera_are_left_out(z: float) -> None:
    screen = square(0, 0, 4, 4)
    screen[2, 2] = z
    assert (rasterise(screen, SQUARE, 4, 4).face == -1).all()


@pytest.mark.parametrize("left", [1e9, -np.inf, np.nan])
def test_a_face_outside_the_picture_or_nowhere_draws_nothing(left: float) -> None:
    assert (rasterise(square(left, 1e9, 2e9, 2e9), SQUARE, 4, 4).face == -1).all()
