"""What a face picture is said to show, as named numbers: who it is, what the face does, how the head is turned.

A row of conditions is float32 in the order of NAMES; NaN stands for what isn't known.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vchar.rig.blendshapes import ARKIT_NAMES, MIRROR

Floats = NDArray[np.float32]

ATTRIBUTES = (
    "skin_tone", "eye_lightness", "hair", "hair_lightness", "glasses", "cap",
    "face_width", "jaw_width", "chin_length", "eye_size", "eye_spacing", "nose_width", "nose_length", "lip_fullness",
    "mouth_width", "brow_height", "backdrop",
)  # fmt: skip
"""Who it is: 0..1, or lengths in units of the face (see `vchar.data.portraits`)."""

VIEW = ("yaw", "pitch", "roll")
"""Degrees, as in `vchar.rig.camera.euler`."""

PHOTO = "photo"
"""1 where a picture comes from elsewhere, 0 where vchar's renderer drew it."""

NAMES = (*ATTRIBUTES, *ARKIT_NAMES, *VIEW, PHOTO)
SIDEWAYS = ("yaw", "roll")  # change sign in a mirror

_TWIN = np.array([NAMES.index(MIRROR.get(name, name)) for name in NAMES])
_SIGN = np.array([-1 if name in SIDEWAYS else 1 for name in NAMES], np.float32)


def row(attributes: dict[str, float], arkit: NDArray, pose: NDArray, photo: float) -> Floats:
    """One row [K]: attributes by name (those left out are unknown), arkit [52], pose (yaw, pitch, roll)."""
    known = [attributes.get(name, np.nan) for name in ATTRIBUTES]
    return np.concatenate([known, arkit, pose, [photo]]).astype(np.float32)


def mirrored(conditions: Floats) -> Floats:
    """What the mirror image of a picture shows [...,K]."""
    return conditions[..., _TWIN] * _SIGN
