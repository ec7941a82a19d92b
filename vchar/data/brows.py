"""Where the brow landmarks stand on a brow card: along the upper edge of the hair that is seen, tail to head.

Brows differ in height, length and thickness, so a vertex of the bare head can't say where a brow is; its picture can.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d, label

from vchar.raster import Raster, interpolate_corners, rasterise

PIXEL = 0.00025  # metres a pixel of the front view in which the edge is traced
BLUR = 0.0006  # metres; joins single hairs
HAIRY = 0.12  # opacity from which a blurred pixel counts as brow
COUNT = 5  # landmarks a brow


def brow_points(
    vertices: NDArray, faces: NDArray, uv: NDArray, alpha: NDArray
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Landmarks 17-26 as points on the card's faces: face index [10] and barycentric weights [10,3].

    vertices: [V,3] of both brows on a head that looks straight ahead, camera axes, metres.  faces: [F,3].
    uv: [F,3,2], v up.  alpha: [H,W] the texture's opacity, 0..1.
    """
    raster, left = _front_view(vertices, faces)
    hair = gaussian_filter(_sample(alpha, interpolate_corners(raster, uv)) * (raster.face >= 0), BLUR / PIXEL)
    middle = round(-left / PIXEL)  # the column at x = 0
    points = np.concatenate([_upper_edge(hair[:, :middle]), _mirrored_edge(hair[:, middle:], middle)])
    rows, columns = np.nonzero(raster.face >= 0)
    nearest = [np.argmin((rows + 0.5 - y) ** 2 + (columns + 0.5 - x) ** 2) for x, y in points]
    at = rows[nearest], columns[nearest]
    return raster.face[at], raster.bary[at]


def _front_view(vertices: NDArray, faces: NDArray) -> tuple[Raster, float]:
    """An orthographic view from the front, and the x of its left border in metres."""
    corner = vertices.min(0) - 4 * PIXEL
    flat = (vertices - corner) / PIXEL
    width, height, _ = np.ceil(flat.max(0)).astype(int).tolist()
    flat[:, 2] = 1  # equal depth: no perspective in the weights
    return rasterise(flat, faces, height + 4, width + 4), float(corner[0])


def _sample(alpha: NDArray, uv: NDArray) -> NDArray[np.float32]:
    height, width = alpha.shape
    column = (uv[..., 0] % 1 * width).astype(int).clip(0, width - 1)
    row = ((1 - uv[..., 1] % 1) * height).astype(int).clip(0, height - 1)
    return alpha[row, column].astype(np.float32)


def _upper_edge(hair: NDArray) -> NDArray[np.float64]:
    """The picture-left brow's upper edge from tail to head: [5,2] pixels, evenly spaced."""
    parts = np.zeros(hair.shape, np.int32)
    label(hair > HAIRY, output=parts)
    brow = parts == np.argmax(np.bincount(parts.ravel())[1:]) + 1
    columns = np.flatnonzero(brow.any(0))
    thick = brow[:, columns].sum(0)
    columns = columns[: np.flatnonzero(thick >= np.median(thick) / 2)[-1] + 1]  # the blunt head ends at its corner
    top = gaussian_filter1d(brow[:, columns].argmax(0).astype(np.float64), 2 * BLUR / PIXEL, mode="nearest")
    return evenly(np.column_stack([columns + 0.5, top]), COUNT)


def _mirrored_edge(hair: NDArray, offset: int) -> NDArray[np.float64]:
    """The picture-right brow's upper edge from head to tail."""
    edge = _upper_edge(hair[:, ::-1])[::-1]
    return np.column_stack([offset + hair.shape[1] - edge[:, 0], edge[:, 1]])


def evenly(line: NDArray, count: int) -> NDArray[np.float64]:
    """`count` points at equal distances along a polyline [N,2], its ends among them."""
    along = np.concatenate([[0], np.linalg.norm(np.diff(line, axis=0), axis=1).cumsum()])
    steps = np.linspace(0, along[-1], count)
    return np.column_stack([np.interp(steps, along, line[:, axis]) for axis in (0, 1)])
