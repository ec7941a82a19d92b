"""Lips without teeth on them: where the mouth moves, lip colour is taken from a little beside the photo's opening."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vchar.rig.flow import length
from vchar.rig.regions import Window, around, blurred, distance, wider
from vchar.rig.view import SKIN, View

Floats = NDArray[np.float32]

MARGIN = 0.02  # inter-ocular distances from the opening in which its colours mix with the lips'
FULLY = 2.0  # pixels of movement from which the margin is left out


@dataclass(frozen=True)
class LipRim:
    """For each pixel of the photo [H,W,2], how far to go to leave the mouth's opening behind; 0 far from it."""

    away: Floats
    near: Window  # where pixels may have come from there


def find_rim(opening: NDArray[np.bool_], iod: float) -> LipRim:
    """The rim of the opening [H,W] between the photo's lips."""
    away = np.zeros((*opening.shape, 2), np.float32)
    near = slice(0, 0), slice(0, 0)
    if opening.any():
        margin = MARGIN * iod
        at = around(opening, round(4 * margin) + 3)
        far = distance(opening[at]) - distance(~opening[at])
        smooth = blurred(far, margin / 2)
        slope = np.stack([np.gradient(smooth, axis=1), np.gradient(smooth, axis=0)], axis=-1)
        slope /= np.maximum(np.linalg.norm(slope, axis=-1, keepdims=True), 1e-6)
        away[at] = slope * np.clip(margin - far / 2, 0, 3 * margin)[..., None]
        near = wider(at, round(iod))
    return LipRim(away, near)


def leave_rim(flow: Floats, rim: LipRim, target: View) -> None:
    """Bend the flow [H,W,2] of the lips' skin round the photo's opening, in place."""
    height, width = target.part.shape
    ys, xs = np.nonzero((target.part[rim.near] == SKIN) & (length(flow[rim.near]) > 0))
    ys, xs = ys + rim.near[0].start, xs + rim.near[1].start
    moved = flow[ys, xs]
    u = np.clip((xs + 0.5 + moved[:, 0]).astype(int), 0, width - 1)
    v = np.clip((ys + 0.5 + moved[:, 1]).astype(int), 0, height - 1)
    share = np.clip(np.linalg.norm(moved, axis=1) / FULLY, 0, 1)
    flow[ys, xs] += rim.away[v, u] * share[:, None]
