"""Lips that part where teeth show."""

import numpy as np

from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera
from vchar.rig.part_lips import part_lips

SIZE = 256
SKIN, LIPS, TEETH = (0.8, 0.6, 0.5), (0.75, 0.35, 0.35), (0.85, 0.83, 0.78)


def closed_mouth() -> np.ndarray:
    head = HeadModel.load()
    camera = Camera(np.eye(3), np.array([0.0, 0.02, 1.1]), 4.2 * SIZE, (SIZE / 2, SIZE / 2))
    return camera.project(head.mean[head.landmarks])[:, :2]


def face(points: np.ndarray, teeth: float) -> np.ndarray:
    """Skin with lips, and teeth that fill so much of the mouth's height."""
    picture = np.full((SIZE, SIZE, 3), SKIN, np.float32)
    left, right, top, bottom = points[48, 0], points[54, 0], points[51, 1], points[57, 1]
    picture[int(top) : int(bottom), int(left) : int(right)] = LIPS
    middle, half = (top + bottom) / 2, teeth * (bottom - top) / 2
    if teeth:
        picture[round(middle - half) : round(middle + half), int(left) : int(right)] = TEETH
    return picture


def test_teeth_part_the_inner_lips_to_their_edges() -> None:
    points = closed_mouth()
    parted = part_lips(face(points, 0.6), points)
    height = points[57, 1] - points[51, 1]
    gap = parted[[67, 66, 65], 1] - parted[[61, 62, 63], 1]
    assert np.abs(gap / height - 0.6).max() < 0.35
    assert (gap > points[66, 1] - points[62, 1] + 2).all()
    assert (parted[57, 1] - parted[66, 1]) > 0


def test_a_closed_mouth_stays_closed() -> None:
    points = closed_mouth()
    assert np.array_equal(part_lips(face(points, 0), points), points.astype(np.float32))


def test_only_the_mouth_changes() -> None:
    points = closed_mouth()
    parted = part_lips(face(points, 0.6), points)
    changed = np.flatnonzero((parted != points.astype(np.float32)).any(1))
    assert set(changed) <= {56, 57, 58, 61, 62, 63, 65, 66, 67}
