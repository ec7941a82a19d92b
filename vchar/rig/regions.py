"""Regions of a picture: growing, shrinking, blurring and cutting out."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Window = tuple[slice, slice]  # rows and columns


def grown(mask: Mask, pixels: int) -> Mask:
    """The mask [H,W] and all within so many steps of it."""
    return np.asarray(ndimage.binary_dilation(mask, iterations=pixels), bool)


def shrunk(mask: Mask, pixels: int) -> Mask:
    """What of the mask [H,W] is farther than so many steps from the rest; the picture's border is no rest."""
    return np.asarray(ndimage.binary_erosion(mask, iterations=pixels, border_value=1), bool)


def distance(mask: Mask) -> Floats:
    """Pixels from each pixel to the mask [H,W], 0 on it."""
    return np.asarray(ndimage.distance_transform_edt(~mask), np.float32)


def blurred(values: NDArray, sigma: float) -> Floats:
    """Values [H,W] or [H,W,C] under a Gaussian of `sigma` pixels."""
    sigmas = (sigma, sigma, 0)[: values.ndim]
    return np.asarray(ndimage.gaussian_filter(np.asarray(values, np.float32), sigmas), np.float32)


def around(mask: Mask, margin: int) -> Window:
    """The smallest window that holds the mask [H,W] and `margin` pixels around it; empty for an empty mask."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return slice(0, 0), slice(0, 0)
    return _clipped(rows[0] - margin, rows[-1] + 1 + margin, columns[0] - margin, columns[-1] + 1 + margin)


def wider(window: Window, margin: int) -> Window:
    """The window with so many pixels more on each side."""
    rows, columns = window
    return _clipped(rows.start - margin, rows.stop + margin, columns.start - margin, columns.stop + margin)


def centred(x: float, y: float, half_width: float, half_height: float) -> Window:
    """The window about a point (x to the right, y down)."""
    return _clipped(y - half_height, y + half_height, x - half_width, x + half_width)


def _clipped(top: float, bottom: float, left: float, right: float) -> Window:
    """Windows don't begin before the picture does (a negative start would count from its end)."""
    top, bottom, left, right = (max(round(float(v)), 0) for v in (top, bottom, left, right))
    return slice(top, bottom), slice(left, right)
