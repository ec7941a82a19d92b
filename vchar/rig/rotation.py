"""Rotations as functions on arrays: unit quaternions, matrices, the six-number form, and Euler angles of any order.

Quaternions are [...,4] in the order w x y z, matrices [...,3,3] act on columns, the six numbers [...,6] are a matrix's
first two columns (Zhou et al. 2019, "On the Continuity of Rotation Representations"). Leading axes broadcast. Axes are
right-handed: a positive turn about Y takes +Z towards +X.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating]

_AXES = "XYZ"
_TINY = 1e-8


def identity(*shape: int) -> NDArray[np.float32]:
    """Quaternions [*shape,4] that turn nothing."""
    return np.broadcast_to(np.array([1, 0, 0, 0], np.float32), (*shape, 4)).copy()


def normalized(quaternion: Array) -> Array:
    """The quaternion (or any vector [...,N]) at unit length; zero stays zero."""
    return quaternion / np.maximum(np.linalg.norm(quaternion, axis=-1, keepdims=True), _TINY)


def multiply(a: Array, b: Array) -> Array:
    """The rotation that first turns by b, then by a."""
    aw, av, bw, bv = a[..., :1], a[..., 1:], b[..., :1], b[..., 1:]
    w = aw * bw - (av * bv).sum(-1, keepdims=True)
    return np.concatenate([w, aw * bv + bw * av + np.cross(av, bv)], axis=-1)


def inverse(quaternion: Array) -> Array:
    """The opposite turn of a unit quaternion."""
    return quaternion * np.array([1, -1, -1, -1], quaternion.dtype)


def rotate(quaternion: Array, vector: Array) -> Array:
    """Vectors [...,3] turned by unit quaternions [...,4]."""
    across = 2 * np.cross(quaternion[..., 1:], vector)
    return vector + quaternion[..., :1] * across + np.cross(quaternion[..., 1:], across)


def from_axis(axis: ArrayLike, degrees: ArrayLike) -> NDArray[np.float64]:
    """A turn about the unit axis [...,3] by degrees [...]."""
    half = np.radians(np.asarray(degrees, np.float64))[..., None] / 2
    vector = np.sin(half) * np.asarray(axis, np.float64)
    return np.concatenate([np.broadcast_to(np.cos(half), (*vector.shape[:-1], 1)), vector], axis=-1)


def between(start: Array, end: Array) -> Array:
    """The smallest turn that takes directions [...,3] `start` to `end`; opposite ones turn about any fit axis."""
    start, end = normalized(start), normalized(end)
    cosine = (start * end).sum(-1, keepdims=True)
    turn = np.concatenate([1 + cosine, np.cross(start, end)], axis=-1)
    helper = np.where(np.abs(start[..., :1]) < 0.9, [1.0, 0.0, 0.0], [0.0, 1.0, 0.0])
    half_turn = np.concatenate([np.zeros_like(cosine), np.cross(start, helper)], axis=-1)
    return normalized(np.where(cosine < -1 + 1e-7, half_turn, turn))


def angle(a: Array, b: Array) -> Array:
    """Degrees [...] between two rotations, 0..180."""
    difference = multiply(inverse(a), b)
    return np.degrees(2 * np.arctan2(np.linalg.norm(difference[..., 1:], axis=-1), np.abs(difference[..., 0])))


def slerp(a: Array, b: Array, fraction: ArrayLike) -> Array:
    """The rotation at `fraction` [...] (0..1) of the shorter way from a to b, at constant speed."""
    share = np.asarray(fraction, np.result_type(a, b))[..., None]
    cosine = (a * b).sum(-1, keepdims=True)
    b, cosine = np.where(cosine < 0, -b, b), np.abs(cosine)
    half = np.arccos(np.minimum(cosine, 1))
    sine = np.maximum(np.sin(half), _TINY)
    near = cosine > 1 - 1e-6  # where the sine is lost in rounding, a straight line is as good
    weight_a = np.where(near, 1 - share, np.sin((1 - share) * half) / sine)
    weight_b = np.where(near, share, np.sin(share * half) / sine)
    return normalized(weight_a * a + weight_b * b)


def continuous(quaternions: Array) -> Array:
    """The same rotations [T,...,4] with signs that don't jump from one frame to the next."""
    flips = (quaternions[1:] * quaternions[:-1]).sum(-1, keepdims=True) < 0
    signs = np.where(np.cumsum(flips, axis=0) % 2, -1, 1).astype(quaternions.dtype)
    return np.concatenate([quaternions[:1], quaternions[1:] * signs])


def to_matrix(quaternion: Array) -> Array:
    """Matrices [...,3,3] of unit quaternions."""
    w, x, y, z = np.moveaxis(quaternion, -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def from_matrix(matrix: Array) -> Array:
    """Unit quaternions of rotation matrices [...,3,3], with w >= 0.

    Every column of 4 q q^T is the quaternion times one of its parts; the column of the largest part is the exact one.
    """
    m = matrix
    xx, yy, zz = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    wx, wy, wz = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    xy, xz, yz = m[..., 1, 0] + m[..., 0, 1], m[..., 0, 2] + m[..., 2, 0], m[..., 2, 1] + m[..., 1, 2]
    columns = np.stack([
        np.stack([1 + xx + yy + zz, wx, wy, wz], axis=-1),
        np.stack([wx, 1 + xx - yy - zz, xy, xz], axis=-1),
        np.stack([wy, xy, 1 - xx + yy - zz, yz], axis=-1),
        np.stack([wz, xz, yz, 1 - xx - yy + zz], axis=-1),
    ], axis=-2)  # fmt: skip
    largest = np.diagonal(columns, axis1=-2, axis2=-1).argmax(-1)
    best = normalized(np.take_along_axis(columns, largest[..., None, None], axis=-2)[..., 0, :])
    return np.where(best[..., :1] < 0, -best, best)


def to_six(quaternion: Array) -> Array:
    """The six numbers [...,6] of unit quaternions: what a network predicts best."""
    matrix = to_matrix(quaternion)
    return np.concatenate([matrix[..., 0], matrix[..., 1]], axis=-1)


def from_six(six: Array) -> Array:
    """Unit quaternions of any six numbers [...,6] whose halves aren't parallel (Gram-Schmidt)."""
    first = normalized(six[..., :3])
    second = normalized(six[..., 3:] - (first * six[..., 3:]).sum(-1, keepdims=True) * first)
    return from_matrix(np.stack([first, second, np.cross(first, second)], axis=-1))


def from_euler(degrees: Array, order: str) -> Array:
    """Unit quaternions of angles [...,3] about the axes that `order` names, such as "ZXY".

    As in BVH, each angle turns about an axis that the angles before it have turned: "ZXY" means Z * X * Y.
    """
    turns = [from_axis(np.eye(3)[_AXES.index(axis)], degrees[..., i]) for i, axis in enumerate(order)]
    return multiply(multiply(turns[0], turns[1]), turns[2])


def to_euler(quaternion: Array, order: str) -> NDArray[np.float64]:
    """Degrees [...,3] as in `from_euler`, for three different axes; the middle one lies in -90..90.

    Where the middle angle is 90 degrees only the sum of the others counts (gimbal lock): the last is then 0.
    """
    i, j, k = (_AXES.index(axis) for axis in order)
    sign = 1 if (j - i) % 3 == 1 else -1
    m = to_matrix(quaternion.astype(np.float64))
    middle = np.arcsin(np.clip(sign * m[..., i, k], -1, 1))
    locked = np.abs(m[..., i, k]) > 1 - 1e-10
    first = np.where(
        locked,
        np.arctan2(sign * m[..., k, j], m[..., j, j]),
        np.arctan2(-sign * m[..., j, k], m[..., k, k]),
    )
    last = np.where(locked, 0, np.arctan2(-sign * m[..., i, j], m[..., i, i]))
    return np.degrees(np.stack([first, middle, last], axis=-1))
