"""Eyeballs that turn or open: where the photo's eye shows the same point, its mirror image about the iris elsewhere."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from vchar.rig.view import EYES, View

Floats = NDArray[np.float32]


def eye_flow(source: View, target: View, moved: Floats, flow: Floats) -> None:
    """Set the flow [H,W,2] of the eyeballs' pixels, in place.

    moved: [H,W,2] from a pixel to where the photo has, or hides, the same point of the surface. An eye is nearly
    symmetric about its iris: what a lid hid is taken from across.
    """
    which = target.head.eye[target.head.faces[:, 0]]
    iris = source.screen[target.head.landmarks[68:70], :2]
    _eye_flow(target.part, source.part, target.raster.face, which, iris, moved, flow)


@njit(cache=True)
def _eye_flow(
    part: NDArray[np.int8],
    source_part: NDArray[np.int8],
    face: NDArray[np.int32],
    which: NDArray[np.uint8],
    iris: Floats,
    moved: Floats,
    flow: Floats,
) -> None:
    height, width = part.shape
    for y in range(height):
        for x in range(width):
            if part[y, x] != EYES:
                continue
            centre = iris[which[face[y, x]] - 1]
            px, py = x + np.float32(0.5), y + np.float32(0.5)
            dx, dy = px + moved[y, x, 0] - centre[0], py + moved[y, x, 1] - centre[1]
            for flip_x, flip_y in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                sx, sy = centre[0] + flip_x * dx, centre[1] + flip_y * dy
                u, v = int(np.floor(sx)), int(np.floor(sy))
                if 0 <= u < width and 0 <= v < height and source_part[v, u] == EYES:
                    flow[y, x, 0], flow[y, x, 1] = sx - px, sy - py
                    break
