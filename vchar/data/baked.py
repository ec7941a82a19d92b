"""Faces from portraits as further skins: what a photo shows of a face, without the hair and glasses before it."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, maximum_filter

from vchar.data.skin import FaceMap
from vchar.rig.bake import bake
from vchar.rig.body import HeadModel
from vchar.rig.fit import Fit

Floats = NDArray[np.floating]
UNLIKE = (4.0, 6.5)  # distances from the cheeks' colour from which something may be, and is, no skin
SPREAD = 0.1  # of skin's colour at least: log of linear light
UNEVEN = 0.2  # brightness that differs more than this over the cheeks is not of cheeks alone
NEAR, EDGE = 9, 3.0  # texels: what lies this near to something else is doubtful too; the soft edge of it all
SHOWN, HIDDEN = 0.55, 0.12  # share of the cheeks that must be seen, and of the face that may hide behind something


def face_of(head: HeadModel, where: FaceMap, picture: NDArray, fit: Fit) -> NDArray[np.uint8] | None:
    """The face of a portrait [H,W,3] (sRGB in 0..1) in the skins' layout, None where too little of it is seen.

    [h,w,4] for the part that `where` shows: sRGB as under even light, and how far to use it. Brows are left out, for
    heads wear their own.
    """
    baked = bake(head, picture, fit, where.faces, where.texels)
    cheeks = np.maximum(where.masks["cheeks"], where.masks["nose"]) > 0.5
    if baked.seen[cheeks].mean() < SHOWN:
        return None
    other = _unlike(baked.colour, cheeks & (baked.seen > 0.5))
    if other is None:
        return None
    other *= 1 - np.maximum.reduce([where.masks[name] for name in ("lips", "beard", "liner")])
    face = cheeks | (where.masks["sockets"] > 0.5)
    if other[face].mean() > HIDDEN:
        return None
    trust = baked.seen * (1 - maximum_filter(other, NEAR)) * (1 - where.masks["brows"])
    trust = gaussian_filter(trust, EDGE) * np.clip(2 * trust, 0, 1)
    return np.dstack([baked.colour * 255, trust * 255]).round().astype(np.uint8)


def _unlike(colour: Floats, skin: NDArray[np.bool_]) -> NDArray | None:
    """How surely each texel is no skin [h,w] in 0..1, by its colour and that of where skin is; None if it isn't."""
    light = np.log(gaussian_filter(colour, (1.5, 1.5, 0)) ** 2.2 + 0.01)
    tint = np.stack([light.mean(-1) / 2, light[..., 0] - light[..., 1], light[..., 1] - light[..., 2]], axis=-1)
    usual = np.median(tint[skin], axis=0)
    spread = np.median(np.abs(tint[skin] - usual), axis=0)
    if spread[0] > UNEVEN:
        return None
    spread = np.maximum(1.5 * spread, SPREAD)
    distance = np.linalg.norm((tint - usual) / spread, axis=-1)
    return np.clip((distance - UNLIKE[0]) / (UNLIKE[1] - UNLIKE[0]), 0, 1)
