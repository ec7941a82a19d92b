"""Creases: where cloth is never quite smooth, because the limb below it bends or it stacks up at its end."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Triple = tuple[float, float, float]
SHARP = 3.0  # how narrow a ridge is beside the valley next to it
MEAN = 0.49  # of a ridged wave, which is taken off so that creases neither widen nor tighten
WANDER = 1.6  # radians that ridges stray from straight lines


@dataclass(frozen=True)
class Crease:
    """A patch of ridges round a place on the left of the neutral body, and on the right.

    centre (m).  reach: how far it goes each way (m).  waves: ridges a metre in each direction.  depth (m).
    """

    centre: Triple
    reach: Triple
    waves: Triple
    depth: float


def creased(places: Floats, patches: Sequence[Crease]) -> NDArray[np.float64]:
    """How far places [N,3] are lifted (m), below zero in valleys."""
    lifted = np.zeros(len(places))
    sided = places * [1, 1, 1]
    sided[:, 0] = np.abs(places[:, 0])
    for i, patch in enumerate(patches):
        near = np.exp(-(((sided - patch.centre) / patch.reach) ** 2).sum(1))
        waves = np.array(patch.waves)
        stray = WANDER * np.sin(2 * np.pi * places @ (waves[[1, 2, 0]] * 0.37) + 1.7 * i)
        wave = np.sin(np.pi * places @ waves + stray + 2.3 * i)
        lifted += patch.depth * near * (np.exp(-SHARP * wave * wave) - MEAN)
    return lifted
