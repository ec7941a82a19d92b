"""Eyeballs and teeth follow the simple shapes that they are bound to."""

import numpy as np

from vchar.training.anatomy import ROWS, Bound, eyeball, teeth


def ball(radius: float, centre: tuple[float, float, float]) -> np.ndarray:
    draw = np.random.default_rng(0).normal(size=(60, 3))
    return (draw / np.linalg.norm(draw, axis=1, keepdims=True) * radius + centre).astype(np.float32)


def row_of_teeth() -> np.ndarray:
    """An arch of 15 columns, with ROWS rows from y = 0 (edge) up."""
    angle = np.linspace(-1.4, 1.4, 15)
    points = [[0.03 * np.sin(a), -0.009 * row, 0.03 - 0.05 * np.cos(a)] for a in angle for row in range(ROWS)]
    return np.array([*points, [0, 0, 0.03]], np.float32)  # the last one marks the back


def places(part: Bound, base: np.ndarray) -> np.ndarray:
    return np.einsum("nk,nkc->nc", part.bind_weight, base[part.bind_index])


def test_an_eyeball_has_its_stand_ins_size_and_looks_at_the_camera() -> None:
    base = ball(0.012, (0.03, 0.0, -0.1))
    eye = eyeball(base, np.arange(60, dtype=np.int32))
    centre, pupil = eye.vertices[-1], eye.vertices[0]
    assert np.allclose(centre, (0.03, 0, -0.1), atol=1e-5)
    assert np.allclose(pupil - centre, (0, 0, -0.0127), atol=1e-4)


def test_an_eyeball_grows_and_moves_with_its_stand_in() -> None:
    base = ball(0.012, (0.03, 0.0, -0.1))
    eye = eyeball(base, np.arange(60, dtype=np.int32))
    assert np.allclose(places(eye, 1.2 * base + 0.01), 1.2 * eye.vertices + 0.01, atol=1e-5)


def test_teeth_stand_in_a_row_on_the_outer_side_and_follow_the_jaw() -> None:
    base = row_of_teeth()
    made = teeth(base, np.arange(len(base), dtype=np.int32), upper=True)
    assert len(made) >= 8
    middles = np.array([tooth.vertices.mean(0) for tooth in made])
    assert np.all(np.diff(np.sort(middles[:, 0])) > 0.001)
    for tooth in made:
        moved = places(tooth, base + np.array([0, 0.02, 0], np.float32)) - places(tooth, base)
        assert np.allclose(moved, (0, 0.02, 0), atol=1e-6)
        middle = tooth.vertices[len(tooth.vertices) // 2]
        assert np.linalg.norm(middle[[0, 2]] - [0, 0.03]) > np.linalg.norm(
            places(tooth, base).mean(0)[[0, 2]] - [0, 0.03]
        )
