"""Closing lids: an open eye hides the lid's skin in its fold; it is painted from the bare skin around the eye."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.flow import diffuse
from vchar.rig.regions import centred
from vchar.rig.view import SKIN, View

Floats = NDArray[np.float32]

WIDE, HIGH = 0.36, 0.30  # half the window round each pupil, inter-ocular distances
BROW = 0.007  # metres of hair below a brow's upper edge
CORNER = 0.004  # metres past the eye's corners where the lid ends
DARK = 0.85  # of the window's median light: what is darker is brow, lash or shadow, not bare skin
BOTTOM, TOP = (-0.36, -0.18), (0.75, 1.0)  # heights of the lid between which the photo gives way to paint, and returns
LASHES = 0.045  # half the height of the lashes' line
EYES = ((slice(17, 22), (36, 41, 40, 39)), (slice(22, 27), (42, 47, 46, 45)))  # landmarks of brow and lower lid
RIMS = ((37, 41, 38, 40), (43, 47, 44, 46))  # upper and lower rim


@dataclass(frozen=True)
class Lids:
    """Where each vertex lies on a closed upper lid: height 0 (lashes) to 1 (brow), and nearness 0..1 to its middle."""

    place: Floats  # [V,2]


def find_lids(head: HeadModel) -> Lids:
    """Heights on the lids of a head."""
    closed = head.mean + head.arkit[[ARKIT_NAMES.index(f"eyeBlink{side}") for side in ("Left", "Right")]].sum(0)
    place = np.zeros((len(closed), 2), np.float32)
    for brow, lower in EYES:  # a closed upper lid ends on the lower one
        edge, hair = closed[head.landmarks[list(lower)]], closed[head.landmarks[brow]]
        low = np.polyval(np.polyfit(edge[:, 0], edge[:, 1], 2), closed[:, 0])
        high = np.interp(closed[:, 0], hair[:, 0], hair[:, 1]) + BROW
        height = (low - closed[:, 1]) / (low - high)
        beyond = np.maximum(np.maximum(edge[0, 0] - closed[:, 0], closed[:, 0] - edge[-1, 0]), -CORNER)
        near = np.clip(0.5 - 0.5 * beyond / CORNER, 0, 1) * (closed[:, 2] < edge[:, 2].max() + 0.01)
        at = near > place[:, 1]
        place[at] = np.stack([height, near], axis=1)[at]
    return Lids(place)


def paint_lids(picture: Floats, lids: Lids, source: View, target: View, iod: float) -> None:
    """Paint the lids as far as they close, in place."""
    for rim, pupil in zip(RIMS, (68, 69), strict=True):
        closing = 1 - _opening(target, rim) / max(_opening(source, rim), 1e-3)
        if closing <= 0.05:
            continue
        x, y = target.screen[target.head.landmarks[pupil], :2]
        at = centred(x, y, WIDE * iod, HIGH * iod)
        _paint(picture[at], target.spread(lids.place, at), target.part[at] == SKIN, closing)


def _paint(picture: Floats, place: Floats, skin: NDArray[np.bool_], closing: float) -> None:
    v, near = place[..., 0], place[..., 1]
    weight = _ramp(v, *BOTTOM) * (1 - _ramp(v, *TOP)) * near * skin * _ramp(closing, 0.05, 0.5)
    light = picture.mean(-1)
    bare = skin & (weight == 0)
    if not bare.any() or not weight.any():
        return
    lash = picture[skin][light[skin] <= np.quantile(light[skin], 0.03)].mean(0)
    bare &= light > DARK * np.median(light[bare])
    colour = _warmed(diffuse(picture, bare), picture[bare])
    fold, bulge, root = (np.exp(-(((v - at) / wide) ** 2)) for at, wide in ((0.62, 0.07), (0.32, 0.16), (0.0, 0.12)))
    colour = colour * (0.95 - 0.10 * fold + 0.05 * bulge - 0.12 * root)[..., None]
    colour += (0.75 * np.exp(-((v / LASHES) ** 2)))[..., None] * (lash - colour)
    picture += weight[..., None] * (colour - picture)


def _warmed(colour: Floats, skin: Floats) -> Floats:
    """Halfway to the hue of the skin [N,3] that no light glares on."""
    light = skin.mean(1)
    matt = skin[light <= np.median(light)].mean(0)
    return 0.5 * colour + 0.5 * colour.mean(-1, keepdims=True) * matt / max(float(matt.mean()), 1e-3)


def _opening(view: View, rim: tuple[int, int, int, int]) -> float:
    """Pixels between upper and lower rim."""
    upper, lower, upper2, lower2 = view.screen[view.head.landmarks[list(rim)], 1]
    return float(lower - upper + lower2 - upper2) / 2


def _ramp(x: NDArray | float, start: float, stop: float) -> NDArray:
    t = np.clip((np.asarray(x) - start) / (stop - start), 0, 1)
    return t * t * (3 - 2 * t)
