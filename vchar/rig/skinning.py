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


def unskin(
    posed: NDArray[np.float32], index: NDArray[np.uint8], weight: NDArray[np.float32], moves: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The vertices [V,3] that `skin` takes to `posed`."""
    blended = np.einsum("vk,vkrc->vrc", weight, moves[index])
    return np.linalg.solve(blended[..., :3], posed[..., None] - blended[..., 3:])[..., 0].astype(np.float32)
