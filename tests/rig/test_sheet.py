"""Cutting and refining cloth."""

import numpy as np

from vchar.rig.sheet import Sheet, subdivided


def grid(size: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Points [N,3] of a flat square from 0 to 1, and its quads."""
    side = np.linspace(0, 1, size)
    points = np.stack([*np.meshgrid(side, side), np.zeros((size, size))], -1).reshape(-1, 3)
    number = np.arange(size * size).reshape(size, size)
    quads = np.stack([number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]], -1).reshape(-1, 4)
    return points, quads.astype(np.int32)


def whole() -> tuple[np.ndarray, Sheet]:
    points, quads = grid()
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return points, Sheet.whole(faces, len(points))


def area(points: np.ndarray, faces: np.ndarray) -> float:
    a, b, c = (points[faces[:, i]] for i in range(3))
    return float(np.cross(b - a, c - a)[:, 2].sum() / 2)


def test_a_cut_follows_its_line_across_triangles_and_keeps_the_area() -> None:
    points, sheet = whole()
    kept = sheet.cut(0.6 - points[:, 0] - 0.3 * points[:, 1])
    places = kept.mix @ points
    inside = 0.6 - places[:, 0] - 0.3 * places[:, 1]
    assert inside.min() > -0.02
    assert abs(area(places, kept.faces) - 0.45) < 0.01
    edge = places[(np.abs(inside) < 0.02)]
    assert len(edge) > 6


def test_splitting_keeps_all_of_the_cloth() -> None:
    points, sheet = whole()
    halves = sheet.split(points[:, 0] - 0.5, 3)
    places = halves.mix @ points
    assert np.isclose(area(places, halves.faces), 1)
    right = halves.part == 3
    assert np.isclose(area(places, halves.faces[right]), 0.5, atol=0.01)
    assert places[halves.faces[right], 0].min() > 0.48


def test_the_open_edge_is_one_ring_with_the_cloth_on_its_left() -> None:
    points, sheet = whole()
    (ring,) = sheet.loops()
    x, y, _ = points[ring].T
    assert len(ring) == 28
    assert (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2 > 0.99  # counter-clockwise


def test_cutting_all_or_nothing_changes_nothing_else() -> None:
    points, sheet = whole()
    assert len(sheet.cut(np.ones(len(points))).faces) == len(sheet.faces)
    assert len(sheet.cut(-np.ones(len(points))).faces) == 0


def test_finer_cloth_stays_flat_within_its_edge_and_whole() -> None:
    points, quads = grid(5)
    mix, finer = subdivided(quads, len(points))
    places = mix @ points
    assert np.allclose(np.asarray(mix.sum(1)).ravel(), 1)
    assert len(finer) == 4 * len(quads)
    assert np.allclose(places[:, 2], 0)
    assert places.min() > -1e-9
    faces = np.concatenate([finer[:, [0, 1, 2]], finer[:, [0, 2, 3]]])
    assert 0.9 < area(places, faces) <= 1 + 1e-9
