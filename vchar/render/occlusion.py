"""Ambient occlusion: how much of its surroundings each vertex sees."""

import numpy as np
from numpy.typing import NDArray

from vchar.raster import rasterise
from vchar.render.scene import Floats

SKIN_DEEP = 0.003  # metres; what lies closer than this to a vertex doesn't hide it


def occlusion(vertices: NDArray, normals: NDArray, faces: NDArray, directions: int = 48, size: int = 128) -> Floats:
    """Share of the hemisphere above each vertex from which it is seen, cosine-weighted: [V] in 0..1.

    One small orthographic depth map per direction; no randomness.
    """
    seen, total = np.zeros(len(vertices)), np.full(len(vertices), 1e-6)
    for direction in sphere(directions):
        cosine = np.maximum(normals @ direction, 0)
        screen, _ = orthographic(vertices, direction, size)
        depth = rasterise(screen, faces, size, size).depth
        x, y = (screen[:, :2].astype(int)).clip(0, size - 1).T
        seen += cosine * (screen[:, 2] < depth[y, x] + SKIN_DEEP)
        total += cosine
    return (seen / total).astype(np.float32)


def sphere(count: int) -> Floats:
    """`count` unit directions spread evenly over the sphere (a Fibonacci lattice)."""
    z = 1 - (2 * np.arange(count) + 1) / count
    angle = np.arange(count) * np.pi * (3 - np.sqrt(5))
    ring = np.sqrt(1 - z * z)
    return np.stack([ring * np.cos(angle), ring * np.sin(angle), z], -1).astype(np.float32)


def orthographic(vertices: NDArray, direction: NDArray, size: int) -> tuple[Floats, float]:
    """Vertices as seen from far away in `direction` (unit), filling a square picture of `size`.

    Returns [V,3] (x px, y px, depth in metres > 0) and the pixels per metre.
    """
    helper = np.eye(3)[np.argmin(np.abs(direction))]
    across = np.cross(helper, direction)
    across /= np.linalg.norm(across)
    axes = np.stack([across, np.cross(direction, across), -np.asarray(direction)])
    seen = np.asarray(vertices @ axes.T, np.float32)
    low, high = seen.min(0), seen.max(0)
    scale = (size - 2) / max(high[0] - low[0], high[1] - low[1], 1e-6)
    seen[:, :2] = (seen[:, :2] - low[:2]) * scale + 1
    seen[:, 2] += 1 - low[2]
    return seen, float(scale)
