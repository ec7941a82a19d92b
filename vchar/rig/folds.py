"""Light on moving skin: the change of its slant under the photo's own light, and the folds that expressions make.

Folds are soft lines drawn on the mean head (millimetres, x to the side, y down, seen from the front), so that they stay
with the skin. What the fitted expression already shows in the photo isn't added again; where it relaxes, folds fade.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.view import SKIN, View

Floats = NDArray[np.float32]

RELIGHT = 0.8  # share of the change of light on a turning surface that is applied
RATIO = (0.75, 1.25)  # limits of that change
COLOUR = np.float32([0.85, 1.05, 1.1])  # a fold's shade on red, green and blue: light that leaves skin is red
FADING = 0.7  # of the strength, where a fold relaxes
FRONT = -0.06  # metres: what lies behind carries no folds


@dataclass(frozen=True)
class Fold:
    """A line (mm, on the character's left; the right one is its mirror image) that actions deepen."""

    points: tuple[tuple[float, float], ...]
    width: float  # mm, standard deviation
    depth: float  # share of light that it takes at weight 1
    actions: Mapping[str, float]  # weights by name, without the side


SMILE = {"mouthSmile": 0.7, "cheekSquint": 0.25, "noseSneer": 0.5, "mouthUpperUp": 0.35}
SQUINT = {"eyeSquint": 0.5, "cheekSquint": 0.5, "mouthSmile": 0.15}
FOLDS = (
    Fold(((15, -3), (20, 5), (26, 15), (31, 26), (32, 33)), 1.7, 0.28, SMILE),
    Fold(((8.5, -58), (9.5, -53), (8, -47)), 2.1, 0.19, {"browDown": 0.8, "noseSneer": 0.15}),
    Fold(((3, -45), (8, -43)), 1.0, 0.16, {"browDown": 0.4, "noseSneer": 0.6}),
    Fold(((6, -36), (9, -30), (12, -25)), 1.0, 0.16, {"noseSneer": 0.9}),
    Fold(((0, -69), (12, -70), (26, -73), (40, -71)), 1.9, 0.08, {"browInnerUp": 0.5, "browOuterUp": 0.6}),
    Fold(((0, -76), (12, -77), (26, -80), (38, -78)), 1.9, 0.08, {"browInnerUp": 0.5, "browOuterUp": 0.6}),
    Fold(((0, -84), (12, -85), (24, -87)), 1.9, 0.06, {"browInnerUp": 0.5, "browOuterUp": 0.5}),
    Fold(((47, -41), (52, -45), (57, -50)), 0.8, 0.12, SQUINT),
    Fold(((48, -39), (54, -40), (59, -42)), 0.8, 0.13, SQUINT),
    Fold(((47, -37), (53, -34), (57, -32)), 0.8, 0.10, SQUINT),
    Fold(((19, -33), (27, -29.5), (36, -30), (43, -33)), 1.1, 0.13, SQUINT),
    Fold(((27, 31), (30, 37), (31, 45)), 1.5, 0.20, {"mouthFrown": 0.9, "mouthStretch": 0.2}),
    Fold(((0, 49), (8, 49.5), (14, 52)), 1.8, 0.16, {"mouthShrugLower": 0.8, "mouthFrown": 0.2}),
)


def relight(picture: Floats, light: Floats, source: View, target: View) -> None:
    """Shade the skin, in place, by how its slant to the light [3] changes from `source` to `target`."""
    ratio = (1.0 + target.normals @ light) / np.maximum(1.0 + source.normals @ light, 0.2)
    ratio = 1 + RELIGHT * (np.clip(ratio, *RATIO) - 1)
    still = (source.vertices == target.vertices).all(1)
    change = target.spread(np.where(still, 0, ratio - 1)[:, None].astype(np.float32))
    picture *= np.where((target.part == SKIN)[..., None], 1 + change, 1)


def read_light(picture: Floats, view: View) -> Floats:
    """Where the light comes from [3], over its even part: brightness is in proportion to 1 + normal . light."""
    ys, xs = np.nonzero(view.part == SKIN)
    some = slice(None, None, max(1, len(ys) // 4000))
    normals = view.normals[view.head.faces[view.raster.face[ys[some], xs[some]], 0]]
    design = np.concatenate([np.ones((len(normals), 1), np.float32), normals], axis=1)
    brightness = picture[ys[some], xs[some]].mean(1)
    system = design.T @ design + 0.02 * len(design) * np.diag([0, 1, 1, 1])
    even, *slope = np.linalg.solve(system, design.T @ brightness)
    return np.clip(np.array(slope) / max(even, 0.05), -0.6, 0.6).astype(np.float32)


def crease(picture: Floats, change: NDArray, target: View) -> None:
    """Draw the folds that a change [52] of ARKit weights makes, in place."""
    strength = [_strength(fold, change, side) for fold in FOLDS for side in ("Left", "Right")]
    active = [i for i, s in enumerate(strength) if abs(s) > 0.01]
    if not active:
        return
    lines = [_segments(FOLDS[i // 2], -1 if i % 2 else 1) for i in active]
    count = np.array([len(line) for line in lines])
    width = np.repeat([FOLDS[i // 2].width for i in active], count).astype(np.float32)
    depth = np.repeat([strength[i] for i in active], count).astype(np.float32)
    group = np.repeat([i // 2 for i in active], count)  # both sides of a fold that meets itself are one
    place = np.concatenate([1000 * target.head.mean[:, :2], target.head.mean[:, 2:]], axis=1)
    _draw(picture, target.spread(place), target.part, np.concatenate(lines), width, depth, group)


def _strength(fold: Fold, change: NDArray, side: str) -> float:
    total = 0.0
    for name, weight in fold.actions.items():
        full = name if name in ARKIT_NAMES else name + side
        total += weight * float(change[ARKIT_NAMES.index(full)])
    return fold.depth * (total if total > 0 else FADING * total)


def _segments(fold: Fold, side: int) -> Floats:
    """[N,4] x and y of both ends."""
    points = np.array(fold.points, np.float32) * [side, 1]
    return np.concatenate([points[:-1], points[1:]], axis=1).astype(np.float32)


@njit(cache=True)
def _draw(
    picture: Floats,
    place: Floats,
    part: NDArray[np.int8],
    lines: Floats,
    width: Floats,
    depth: Floats,
    group: NDArray[np.intp],
) -> None:
    height, across = part.shape
    for y in range(height):
        for x in range(across):
            if part[y, x] != SKIN or place[y, x, 2] > FRONT:
                continue
            px, py = place[y, x, 0], place[y, x, 1]
            shade, best, last = np.float32(0), np.float32(0), -1
            for i in range(len(lines)):
                if group[i] != last:
                    shade, best, last = shade + best, np.float32(0), group[i]
                ax, ay, reach = lines[i, 0], lines[i, 1], 4 * width[i]
                if py < min(ay, lines[i, 3]) - reach or py > max(ay, lines[i, 3]) + reach:
                    continue
                bx, by = lines[i, 2] - ax, lines[i, 3] - ay
                t = ((px - ax) * bx + (py - ay) * by) / (bx * bx + by * by)
                t = min(max(t, np.float32(0)), np.float32(1))
                dx, dy = px - ax - t * bx, py - ay - t * by
                far = (dx * dx + dy * dy) / (width[i] * width[i])
                if far < 16:
                    here = depth[i] * np.exp(-far / 2)
                    if abs(here) > abs(best):
                        best = here
            shade += best
            if shade != 0:
                for c in range(3):
                    picture[y, x, c] *= np.exp(-shade * COLOUR[c])
