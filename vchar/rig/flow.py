"""Dense backward flow: sampling a picture along it, and filling it in where no surface is seen."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

COARSEST = 8  # pixels; the smallest grid of the pyramid
SMOOTHING = {"coarsest": 60, "finer": 6}  # sweeps a level


def length(flow: Floats) -> Floats:
    """Pixels that a flow [...,2] moves by, [...]."""
    return np.hypot(flow[..., 0], flow[..., 1])


def sample(picture: Floats, flow: Floats) -> Floats:
    """The picture [H,W,C] pulled along a backward flow [H,W,2] (pixels x, y): out[p] = picture[p + flow[p]].

    Catmull-Rom, edges repeated; a pixel whose flow is zero keeps its value to the bit.
    """
    return _sample(np.ascontiguousarray(picture, np.float32), np.ascontiguousarray(flow, np.float32))


@njit(cache=True)
def _cubic(t: float) -> tuple[float, float, float, float]:
    return (
        ((-0.5 * t + 1.0) * t - 0.5) * t,
        (1.5 * t - 2.5) * t * t + 1.0,
        ((-1.5 * t + 2.0) * t + 0.5) * t,
        (0.5 * t - 0.5) * t * t,
    )


@njit(cache=True)
def _sample(picture: Floats, flow: Floats) -> Floats:
    height, width, channels = picture.shape
    out = picture.copy()
    for y in range(height):
        for x in range(width):
            if flow[y, x, 0] == 0 and flow[y, x, 1] == 0:
                continue
            sx = min(max(x + flow[y, x, 0], 0.0), width - 1.0)
            sy = min(max(y + flow[y, x, 1], 0.0), height - 1.0)
            left, top = int(sx), int(sy)
            wx, wy = _cubic(sx - left), _cubic(sy - top)
            for c in range(channels):
                total, low, high = 0.0, np.float32(np.inf), np.float32(-np.inf)
                for j in range(4):
                    row = min(max(top + j - 1, 0), height - 1)
                    line = 0.0
                    for i in range(4):
                        value = picture[row, min(max(left + i - 1, 0), width - 1), c]
                        line += wx[i] * value
                        if 0 < i < 3 and 0 < j < 3:
                            low, high = min(low, value), max(high, value)
                    total += wy[j] * line
                slack = (high - low) * 0.15  # enough to stay sharp, too little to ring
                out[y, x, c] = min(max(total, low - slack), high + slack)
    return out


def soften_seams(picture: Floats, flow: Floats, layer: Mask, tear: float) -> None:
    """Blur by about half a pixel, in place, where what moves meets another layer [H,W], or is torn.

    Torn: neighbours came from places `tear` pixels farther apart than they are.
    """
    _soften_seams(picture, picture.copy(), flow, layer, tear)


@njit(cache=True)
def _soften_seams(out: Floats, picture: Floats, flow: Floats, layer: Mask, tear: float) -> None:
    height, width, channels = picture.shape
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            u, v = flow[y, x, 0], flow[y, x, 1]
            torn = False
            for j, i in ((0, 1), (1, 0), (0, -1), (-1, 0)):
                du, dv = flow[y + j, x + i, 0] - u, flow[y + j, x + i, 1] - v
                apart = du * du + dv * dv
                torn |= apart > tear * tear or (layer[y, x] != layer[y + j, x + i] and apart > 0)
            if not torn:
                continue
            for c in range(channels):
                sides = picture[y - 1, x, c] + picture[y + 1, x, c] + picture[y, x - 1, c] + picture[y, x + 1, c]
                out[y, x, c] = picture[y, x, c] * 0.4 + sides * 0.15


def diffuse(values: Floats, known: Mask) -> Floats:
    """Values [H,W,C] kept where `known` [H,W], elsewhere the smoothest surface between them (coarse to fine)."""
    height, width, channels = values.shape
    if min(height, width) < 2 * COARSEST:
        mean = values[known].mean(0) if known.any() else np.zeros(channels, np.float32)
        out = np.where(known[..., None], values, mean).astype(np.float32)
        _relax(out, known, SMOOTHING["coarsest"])
        return out
    smaller, smaller_known = _halve(np.ascontiguousarray(values, np.float32), known)
    out = _enlarge(diffuse(smaller, smaller_known), height, width)
    out[known] = values[known]
    _relax(out, known, SMOOTHING["finer"])
    return out


@njit(cache=True)
def _halve(values: Floats, known: Mask) -> tuple[Floats, Mask]:
    """Each 2x2 block becomes the mean of its known members."""
    height, width, channels = values.shape
    h, w = (height + 1) // 2, (width + 1) // 2
    total, count = np.zeros((h, w, channels), np.float32), np.zeros((h, w), np.float32)
    for y in range(height):
        for x in range(width):
            if known[y, x]:
                count[y // 2, x // 2] += 1
                for c in range(channels):
                    total[y // 2, x // 2, c] += values[y, x, c]
    for y in range(h):
        for x in range(w):
            if count[y, x] > 0:
                for c in range(channels):
                    total[y, x, c] /= count[y, x]
    return total, count > 0


@njit(cache=True)
def _enlarge(values: Floats, height: int, width: int) -> Floats:
    """Bilinear, to twice the size (cut to height x width)."""
    h, w, channels = values.shape
    out = np.empty((height, width, channels), np.float32)
    for y in range(height):
        v = min(max((y + 0.5) / 2 - 0.5, 0.0), h - 1.0)
        top = min(int(v), h - 2) if h > 1 else 0
        fy, below = v - top, min(top + 1, h - 1)
        for x in range(width):
            u = min(max((x + 0.5) / 2 - 0.5, 0.0), w - 1.0)
            left = min(int(u), w - 2) if w > 1 else 0
            fx, right = u - left, min(left + 1, w - 1)
            for c in range(channels):
                upper = values[top, left, c] * (1 - fx) + values[top, right, c] * fx
                lower = values[below, left, c] * (1 - fx) + values[below, right, c] * fx
                out[y, x, c] = upper * (1 - fy) + lower * fy
    return out


@njit(cache=True)
def _relax(values: Floats, known: Mask, sweeps: int) -> None:
    """Over-relaxed Gauss-Seidel sweeps of Laplace's equation on the unknown pixels, in place."""
    height, width, channels = values.shape
    for _ in range(sweeps):
        for y in range(height):
            for x in range(width):
                if known[y, x]:
                    continue
                count = (y > 0) + (y < height - 1) + (x > 0) + (x < width - 1)
                for c in range(channels):
                    total = 0.0
                    if y > 0:
                        total += values[y - 1, x, c]
                    if y < height - 1:
                        total += values[y + 1, x, c]
                    if x > 0:
                        total += values[y, x - 1, c]
                    if x < width - 1:
                        total += values[y, x + 1, c]
                    values[y, x, c] += 1.3 * (total / count - values[y, x, c])
