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
from vchar.rig.regions import around, blurred
from vchar.rig.view import SKIN, View

Floats = NDArray[np.float32]

RELIGHT = 0.8  # share of the change of light on a turning surface that is applied
RATIO = (0.75, 1.25)  # limits of that change
COLOUR = np.array([0.85, 1.05, 1.1], np.float32)  # a fold's shade on red, green and blue: light that leaves skin is red
SIDES = ("Left", "Right")
WIDER, RELAX = 2.6, 1.3  # how much wider than it is drawn a fold is smoothed out, and how fully
GRAIN = (0.014, 0.07)  # inter-ocular distances: finer is the skin's grain, coarser its shape
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


def crease(picture: Floats, change: NDArray, target: View, iod: float) -> None:
    """Draw the folds that a change [52] of ARKit weights deepens, and smooth out those it relaxes, in place."""
    amounts = np.array([_amount(fold, change, side) for fold in FOLDS for side in SIDES])
    place = target.spread(np.concatenate([1000 * target.head.mean[:, :2], target.head.mean[:, 2:]], axis=1))
    relaxed = _map(place, target, np.clip(-amounts, 0, 1), WIDER)
    if relaxed.any():
        _smooth_out(picture, np.clip(RELAX * relaxed, 0, 1), iod)
    depth = np.repeat([fold.depth for fold in FOLDS], len(SIDES))
    deepened = _map(place, target, depth * np.clip(amounts, 0, 1), 1.0)
    if deepened.any():
        picture *= np.where(deepened[..., None] > 0, np.exp(-deepened[..., None] * COLOUR), 1)


def _amount(fold: Fold, change: NDArray, side: str) -> float:
    """How much more (or less) than before the fold's actions are there."""
    names = {name if name in ARKIT_NAMES else name + side: weight for name, weight in fold.actions.items()}
    return float(sum(weight * change[ARKIT_NAMES.index(name)] for name, weight in names.items()))


def _map(place: Floats, target: View, strength: NDArray, wider: float) -> Floats:
    """[H,W] folds as soft lines of a strength [2 * folds], left and right; where twins meet they don't add up."""
    active = np.flatnonzero(strength > 0.01)
    if not len(active):
        return np.zeros(target.part.shape, np.float32)
    lines = [_segments(FOLDS[i // 2], SIDES[i % 2]) for i in active]
    count = [len(line) for line in lines]
    width = np.repeat([wider * FOLDS[i // 2].width for i in active], count).astype(np.float32)
    group = np.repeat(active // 2, count)
    return _draw(place, target.part, np.concatenate(lines), width, np.repeat(strength[active], count), group)


def _segments(fold: Fold, side: str) -> Floats:
    """[N,4] x and y of both ends, mm on the mean head."""
    points = np.array(fold.points) * [1 if side == "Left" else -1, 1]
    return np.concatenate([points[:-1], points[1:]], axis=1).astype(np.float32)


def _smooth_out(picture: Floats, share: Floats, iod: float) -> None:
    """Take light and shade of a fold's size, but not the skin's grain, out of the picture, in place."""
    fine, coarse = (s * iod for s in GRAIN)
    at = around(share > 0.01, round(3 * coarse))
    even = picture[at] + blurred(picture[at], coarse) - blurred(picture[at], fine)
    picture[at] += share[at][..., None] * (even - picture[at])


@njit(cache=True)
def _draw(
    place: Floats, part: NDArray[np.int8], lines: Floats, width: Floats, strength: NDArray, group: NDArray[np.intp]
) -> Floats:
    height, across = part.shape
    out = np.zeros((height, across), np.float32)
    for y in range(height):
        for x in range(across):
            if part[y, x] != SKIN or place[y, x, 2] > FRONT:
                continue
            px, py = place[y, x, 0], place[y, x, 1]
            total, best, last = 0.0, 0.0, -1
            for i in range(len(lines)):
                if group[i] != last:
                    total, best, last = total + best, 0.0, group[i]
                ax, ay, reach = lines[i, 0], lines[i, 1], 4 * width[i]
                if py < min(ay, lines[i, 3]) - reach or py > max(ay, lines[i, 3]) + reach:
                    continue
                bx, by = lines[i, 2] - ax, lines[i, 3] - ay
                t = min(max(((px - ax) * bx + (py - ay) * by) / (bx * bx + by * by), 0.0), 1.0)
                dx, dy = px - ax - t * bx, py - ay - t * by
                far = (dx * dx + dy * dy) / (width[i] * width[i])
                if far < 16:
                    best = max(best, strength[i] * np.exp(-far / 2))
            out[y, x] = total + best
    return out
