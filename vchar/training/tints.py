"""How a body's skin differs in colour from place to place: lips, brows, close-cropped hair, blood near the surface."""

import numpy as np
from numpy.typing import NDArray

from vchar.data.anny_source import Array
from vchar.training.head import LANDMARKS

Floats = NDArray[np.floating]
LIPS, HAIR, FLUSH = (0.72, 0.40, 0.38), (0.10, 0.08, 0.07), (1.0, 0.84, 0.80)  # of the skin's linear light
LINE, LIP = 0.004, 0.0065  # metres: half the width of a brow, and of both lips together
# the hair's border: heights (down) by depth (away), from the head's bone, in the camera's axes
BORDER_DEPTH, BORDER = (-0.11, -0.07, -0.03, 0.02, 0.09), (-0.085, -0.075, -0.06, -0.035, 0.02)


def tints(vertices: Array, base_index: NDArray, hands: Floats) -> Array:
    """What each vertex [V] makes of the skin's linear light [V,3].

    vertices: from the head's bone in the camera's axes.  hands [V]: how much they belong to the hands, 0..1.
    """
    marks = vertices[np.searchsorted(base_index[base_index >= 0], LANDMARKS)]
    colour = np.ones_like(vertices)
    cheeks = [marks[i] * [1.1, 1, 1] + [0, 0.012, 0] for i in (31, 35)]
    flush = sum(0.7 * _near(vertices, spot[None], 0.02) for spot in cheeks) + 0.8 * _near(vertices, marks[30:31], 0.012)
    _lay(colour, np.clip(flush + 0.35 * hands, 0, 1), FLUSH)
    lips = _near(vertices, _dense(marks[[48, 60, 61, 62, 63, 64, 54]]), LIP)
    _lay(colour, np.clip(1.6 * lips - 0.3, 0, 1), LIPS)
    for brow in (slice(17, 22), slice(22, 27)):
        _lay(colour, 0.85 * _near(vertices, _dense(marks[brow]), LINE), HAIR)
    above = np.interp(vertices[:, 2], BORDER_DEPTH, BORDER) - vertices[:, 1]
    _lay(colour, 0.85 * np.clip(above / 0.022 + 0.5, 0, 1), HAIR)
    return colour


def _near(vertices: Floats, points: Floats, reach: float) -> Floats:
    """1 at the points, fading with distance."""
    away = np.linalg.norm(vertices[:, None] - points, axis=-1).min(1)
    return np.exp(-((away / reach) ** 2))


def _dense(points: Floats) -> Floats:
    """Points every millimetre or so along a line."""
    share = np.linspace(0, len(points) - 1, 60)
    return np.stack([np.interp(share, np.arange(len(points)), axis) for axis in points.T], axis=1)


def _lay(colour: Floats, amount: Floats, what: tuple[float, float, float]) -> None:
    """Blend `what` over the colours, in place."""
    colour += amount[:, None] * (np.array(what) - colour)
