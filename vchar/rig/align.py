"""The square that a portrait shows of a picture: where the face is, upright, as large as in every other portrait.

Framed like FFHQ (Karras et al. 2019, arXiv:1812.04948), but heads that are tilted stay so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vchar.rig.camera import Camera

ABOVE = 0.1  # how far towards the mouth from the eyes the middle lies
EYES, MOUTH = 4.0, 3.6  # sides of the square in distances between the eyes, and from them to the mouth


def anchors(points: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Of landmarks [68 or more, D]: the middle of the eyes, from eye to eye, and from the eyes to the mouth; [D]."""
    right, left, mouth = points[36:42].mean(0), points[42:48].mean(0), points[[48, 54]].mean(0)
    eyes = (left + right) / 2
    return eyes, left - right, mouth - eyes


def square(points: NDArray) -> tuple[NDArray, float]:
    """Centre [2] and side of the portrait's square; landmarks [68 or more, 2] in pixels or any other unit."""
    eyes, across, down = anchors(points)
    return eyes + ABOVE * down, side_of(across, down)


def seen_by(camera: Camera, points: NDArray) -> tuple[NDArray, float]:
    """The same in a camera's picture of a head, in pixels, whatever its face does and however it is turned.

    points: the landmarks [68 or more, 3] of its face at rest, metres.
    """
    eyes, across, down = anchors(points)
    x, y, depth = camera.project((eyes + ABOVE * down).astype(np.float32)).tolist()
    return np.array([x, y]), side_of(across, down) * camera.focal / depth


def side_of(across: NDArray, down: NDArray) -> float:
    """The square's side from what `anchors` gives."""
    return max(EYES * float(np.linalg.norm(across)), MOUTH * float(np.linalg.norm(down)))


def crop(picture: Image.Image, centre: NDArray, side: float, size: int) -> Image.Image:
    """The square at size x size pixels; what lies outside the picture repeats its edge."""
    left, top = centre - side / 2
    margins = [
        max(0, int(np.ceil(gap))) for gap in (-left, -top, left + side - picture.width, top + side - picture.height)
    ]
    if any(margins):
        before = ((margins[1], margins[3]), (margins[0], margins[2]), (0, 0))
        picture = Image.fromarray(np.pad(np.asarray(picture), before, mode="edge"))
        left, top = left + margins[0], top + margins[1]
    return picture.resize(
        (size, size), Image.Resampling.LANCZOS, (left, top, left + side, top + side), reducing_gap=3.0
    )
