"""A z-buffer rasteriser: which face covers which pixel, and values interpolated across faces (perspective-correct)."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Raster:
    """What each pixel of a picture shows.

    depth: [H,W] metres from the camera, inf where empty.  face: [H,W] face index, -1 where empty.
    bary: [H,W,3] perspective-correct weights of the face's corners, sum 1; 0 where empty.
    """

    depth: Floats
    face: Ints
    bary: Floats


def rasterise(screen: NDArray, faces: NDArray, height: int, width: int, depth_bias: NDArray | None = None) -> Raster:
    """The nearest face of each pixel.

    screen: [V,3] x and y in pixels (centre of the top-left pixel at 0.5, 0.5), z > 0 the depth; faces with a corner
    at z <= 0 are left out.  faces: [F,3] vertex indices, both sides visible.  depth_bias: [F] metres added to a face's
    depth in the comparison alone (positive: loses against what lies within that distance behind it).
    """
    faces = np.ascontiguousarray(faces, np.int32)
    bias = np.zeros(len(faces), np.float32) if depth_bias is None else np.ascontiguousarray(depth_bias, np.float32)
    depth = np.full((height, width), np.inf, np.float32)
    face = np.full((height, width), -1, np.int32)
    bary = np.zeros((height, width, 3), np.float32)
    _cover(np.ascontiguousarray(screen, np.float32), faces, bias, depth, face, bary)
    if depth_bias is not None:
        depth -= np.where(face >= 0, bias[face], np.float32(0))
    return Raster(depth, face, bary)


def interpolate(raster: Raster, faces: NDArray, attributes: NDArray) -> Floats:
    """Values per vertex, [V,K], across the picture: [H,W,K], 0 where empty."""
    faces, values = np.ascontiguousarray(faces, np.int32), np.ascontiguousarray(attributes, np.float32)
    return _interpolate(raster.face, raster.bary, faces, values)


def interpolate_corners(raster: Raster, attributes: NDArray) -> Floats:
    """Values per corner of each face, [F,3,K] (such as UV with seams), across the picture: [H,W,K], 0 where empty."""
    values = np.ascontiguousarray(attributes, np.float32)
    corners = np.arange(values.shape[0] * 3, dtype=np.int32).reshape(-1, 3)
    return _interpolate(raster.face, raster.bary, corners, values.reshape(-1, values.shape[2]))


@njit(cache=True)
def _cover(screen: Floats, faces: Ints, bias: Floats, depth: Floats, face: Ints, bary: Floats) -> None:
    height, width = depth.shape
    for f in range(faces.shape[0]):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        x0, y0, z0 = screen[a, 0], screen[a, 1], screen[a, 2]
        x1, y1, z1 = screen[b, 0], screen[b, 1], screen[b, 2]
        x2, y2, z2 = screen[c, 0], screen[c, 1], screen[c, 2]
        if not (z0 > 0 and z1 > 0 and z2 > 0):
            continue
        left = int(max(0.0, np.ceil(min(x0, x1, x2) - 0.5)))
        right = int(min(width - 1.0, np.floor(max(x0, x1, x2) - 0.5)))
        top = int(max(0.0, np.ceil(min(y0, y1, y2) - 0.5)))
        bottom = int(min(height - 1.0, np.floor(max(y0, y1, y2) - 0.5)))
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if left > right or top > bottom or not 1e-9 < abs(area) < 1e30:  # NaN and infinity too
            continue
        # weights divided by depth are linear in the picture; their sum is 1/z
        one = np.float32(1)
        scale0, scale1, scale2 = one / (area * z0), one / (area * z1), one / (area * z2)
        for y in range(top, bottom + 1):
            py = y + np.float32(0.5)
            for x in range(left, right + 1):
                px = x + np.float32(0.5)
                e0 = ((x1 - px) * (y2 - py) - (x2 - px) * (y1 - py)) * scale0
                if e0 < 0:
                    continue
                e1 = ((x2 - px) * (y0 - py) - (x0 - px) * (y2 - py)) * scale1
                if e1 < 0:
                    continue
                e2 = ((x0 - px) * (y1 - py) - (x1 - px) * (y0 - py)) * scale2
                if e2 < 0:
                    continue
                z = one / (e0 + e1 + e2)
                if z + bias[f] < depth[y, x]:
                    depth[y, x] = z + bias[f]
                    face[y, x] = f
                    bary[y, x, 0], bary[y, x, 1], bary[y, x, 2] = e0 * z, e1 * z, e2 * z


@njit(cache=True)
def _interpolate(face: Ints, bary: Floats, faces: Ints, values: Floats) -> Floats:
    height, width = face.shape
    out = np.zeros((height, width, values.shape[1]), np.float32)
    for y in range(height):
        for x in range(width):
            f = face[y, x]
            if f < 0:
                continue
            a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
            w0, w1, w2 = bary[y, x, 0], bary[y, x, 1], bary[y, x, 2]
            for k in range(values.shape[1]):
                out[y, x, k] = w0 * values[a, k] + w1 * values[b, k] + w2 * values[c, k]
    return out
