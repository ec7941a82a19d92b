"""Things that come between the camera and the face: hands, hair, leaves, all as blobs with some surface."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vchar.data.chance import one_of

Floats = NDArray[np.floating]


def draw_occluder(rng: np.random.Generator, pictures: Sequence[NDArray[np.uint8]], skin: Floats, size: int) -> Floats:
    """[size,size,4] sRGB colour and opacity of one blob somewhere in the picture.

    pictures: what its surface may show.  skin: [3] sRGB 0..1 of the person, for hands.
    """
    cover = _blob(rng, size)
    if pictures and rng.random() < 0.6:
        surface = Image.fromarray(one_of(rng, pictures)).resize((size, size), Image.Resampling.BILINEAR)
        colour = np.asarray(surface, np.float32) / 255
    else:
        y, x = np.mgrid[:size, :size] / size - 0.5
        slope = 1 + rng.uniform(-0.8, 0.8) * x + rng.uniform(-0.8, 0.8) * y
        base = skin if rng.random() < 0.7 else rng.uniform(0, 1, 3)
        colour = np.clip(base * slope[..., None] * rng.uniform(0.5, 1.2), 0, 1)
    return np.dstack([colour, cover]).astype(np.float32)


def _blob(rng: np.random.Generator, size: int) -> Floats:
    """A round or long shape with a wavy, slightly soft border."""
    y, x = (np.mgrid[:size, :size] + 0.5) / size - rng.uniform(0.1, 0.9, 2)[:, None, None]
    turn = rng.uniform(0, np.pi)
    along, across = np.cos(turn) * x + np.sin(turn) * y, np.cos(turn) * y - np.sin(turn) * x
    angle = np.arctan2(across, along)
    waves = sum(rng.uniform(0, 0.12) * np.sin(k * angle + rng.uniform(0, 6.3)) for k in (2, 3, 5))
    far = np.hypot(along / rng.uniform(0.06, 0.35), across / rng.uniform(0.05, 0.14))
    return np.clip((1 + waves - far) * rng.uniform(6, 25), 0, 1)
