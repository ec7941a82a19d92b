"""Eyeballs that turn or open: painted from the photo's eye, and from its mirror image where a lid hid it."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

from vchar.rig.flow import diffuse, length
from vchar.rig.regions import blurred, centred, shrunk
from vchar.rig.view import EYES, View

Floats = NDArray[np.float32]

RIM = 0.012  # inter-ocular distances inside the lids where lashes and lid mix into the eye's colour
SHADE, SHADE_REACH = 0.3, 0.045  # what the upper lid's shadow takes from the light, inter-ocular distances it reaches
PREFERENCE = (1.0, 0.05, 0.05, 0.002)  # the same point; mirrored up-down, left-right, both
UNSEEN = 0.005  # trust in what is carried on from the rim of what is seen
GLINT = 0.05  # inter-ocular distances that a reflection spans at most
WINDOW = 0.3  # inter-ocular distances from the pupil


@dataclass(frozen=True)
class EyeTexture:
    """Both eyeballs without lids and their shadow, carried on from what the photo shows, and how far to trust it."""

    picture: Floats  # [H,W,3]
    matt: Floats  # [H,W,3] the same without the light's reflections
    trust: Floats  # [H,W] 0..1
    iris: Floats  # [2,2] pixels


def read_eyes(picture: Floats, view: View, iod: float) -> EyeTexture:
    """The eyeballs of a photo in which the head stands as in `view`."""
    eyes = view.part == EYES
    inner = shrunk(eyes, max(1, round(RIM * iod)))
    trust = blurred(inner, 0.5 * RIM * iod) * eyes
    shade = _lid_shade(eyes, iod)
    whole = picture / shade[..., None]
    matt = whole.copy()
    spot = max(2, round(GLINT * iod))
    iris = view.screen[view.head.landmarks[68:70], :2]
    for x, y in iris:
        at = centred(x, y, WINDOW * iod, WINDOW * iod)
        whole[at] = diffuse(whole[at], inner[at])
        matt[at] = ndimage.grey_opening(whole[at], (spot, spot, 1))
    return EyeTexture(whole, matt, np.maximum(trust, UNSEEN), iris)


def paint_eyes(picture: Floats, eyes: EyeTexture, target: View, moved: Floats, iod: float, still: float) -> None:
    """Paint the eyeballs' pixels that are moved [H,W,2] by more than `still` pixels, in place."""
    seen = target.part == EYES
    if not seen.any():
        return
    which = target.head.eye[target.head.faces[:, 0]]
    ys, xs = np.nonzero(seen & (length(moved) > still))
    balls = which[target.raster.face[ys, xs]] - 1
    shade = _lid_shade(seen, iod)
    _paint(picture, eyes.picture, eyes.matt, eyes.trust, shade, eyes.iris, moved, ys, xs, balls.astype(np.int32))


def _lid_shade(eyes: NDArray[np.bool_], iod: float) -> Floats:
    """Light left on each eye pixel by the lid above it [H,W]."""
    below = np.zeros(eyes.shape, np.float32)
    for y in range(1, len(eyes)) if eyes.any() else ():
        below[y] = (below[y - 1] + 1) * eyes[y]
    return (1 - SHADE * np.exp(-below / (SHADE_REACH * iod))).astype(np.float32)


@njit(cache=True)
def _paint(
    picture: Floats,
    photo: Floats,
    matt: Floats,
    trust: Floats,
    shade: Floats,
    iris: Floats,
    moved: Floats,
    ys: NDArray[np.intp],
    xs: NDArray[np.intp],
    balls: NDArray[np.int32],
) -> None:
    height, width = trust.shape
    for i in range(len(ys)):
        y, x, centre = ys[i], xs[i], iris[balls[i]]
        dx, dy = x + 0.5 + moved[y, x, 0] - centre[0], y + 0.5 + moved[y, x, 1] - centre[1]
        total, r, g, b = 1e-9, 0.0, 0.0, 0.0
        for k in range(4):
            sx = centre[0] + (dx if k < 2 else -dx) - 0.5
            sy = centre[1] + (dy if k % 2 == 0 else -dy) - 0.5
            left, top = int(np.floor(sx)), int(np.floor(sy))
            if left < 0 or top < 0 or left >= width - 1 or top >= height - 1:
                continue
            fx, fy = sx - left, sy - top
            for v, u, w in (
                (top, left, (1 - fx) * (1 - fy)),
                (top, left + 1, fx * (1 - fy)),
                (top + 1, left, (1 - fx) * fy),
                (top + 1, left + 1, fx * fy),
            ):
                weight = w * trust[v, u] * PREFERENCE[k]
                total += weight
                shown = photo[v, u] if k == 0 else matt[v, u]
                r += weight * shown[0]
                g += weight * shown[1]
                b += weight * shown[2]
        light = shade[y, x] / total
        picture[y, x, 0], picture[y, x, 1], picture[y, x, 2] = r * light, g * light, b * light
