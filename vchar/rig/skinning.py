"""Linear blend skinning: a mesh that follows the joints of a skeleton, and the way back."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from vchar.rig import rotation
from vchar.rig.rotation import Array


def matrices(rotations: Array, positions: Array, rest: Array) -> NDArray[np.float32]:
    """[...,J,3,4] that take points of the rest pose along, for joints that stood unturned at rest [J,3] (m).

    rotations [...,J,4]: how the joints are turned in the world now.  positions [...,J,3]: where they are now (m).
    """
    turned = positions - rotation.rotate(rotations, np.broadcast_to(rest, positions.shape))
    return np.concatenate([rotation.to_matrix(rotations), turned[..., None]], axis=-1).astype(np.float32)


@njit(cache=True, fastmath=True)
def skin(
    vertices: NDArray[np.float32],
    index: NDArray[np.uint8],
    weight: NDArray[np.float32],
    moves: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Vertices [V,3] moved by the joints `index` [V,K] as much as `weight` [V,K] says; moves: [J,3,4]."""
    out = np.empty_like(vertices)
    for v in range(len(vertices)):
        x, y, z = vertices[v]
        for row in range(3):
            total = np.float32(0)
            for k in range(index.shape[1]):
                move = moves[index[v, k], row]
                total += weight[v, k] * (move[0] * x + move[1] * y + move[2] * z + move[3])
            out[v, row] = total
    return out


@njit(cache=True, fastmath=True, inline="always")
def cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[float, float, float]:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


@njit(cache=True, fastmath=True)
def unskin(
    posed: NDArray[np.float32], index: NDArray[np.uint8], weight: NDArray[np.float32], moves: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The vertices [V,3] that `skin` takes to `posed`."""
    out = np.empty_like(posed)
    for v in range(len(posed)):
        m = np.zeros((3, 4))
        for k in range(index.shape[1]):
            for row in range(3):
                for column in range(4):
                    m[row, column] += weight[v, k] * moves[index[v, k], row, column]
        x, y, z = posed[v, 0] - m[0, 3], posed[v, 1] - m[1, 3], posed[v, 2] - m[2, 3]
        # rows of the adjugate: cross products of the matrix's columns
        first = cross(m[:, 1], m[:, 2])
        size = m[0, 0] * first[0] + m[1, 0] * first[1] + m[2, 0] * first[2]
        for column, row in enumerate((first, cross(m[:, 2], m[:, 0]), cross(m[:, 0], m[:, 1]))):
            out[v, column] = (row[0] * x + row[1] * y + row[2] * z) / size
    return out
