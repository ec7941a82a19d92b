"""Faces from portraits as further skins: what a photo shows of a face, without the hair and glasses before it."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, maximum_filter

from vchar.data.skin import FaceMap
from vchar.rig.bake import bake, unlike_skin
from vchar.rig.body import HeadModel
from vchar.rig.fit import Fit

Floats = NDArray[np.floating]
NEAR, EDGE = 9, 3.0  # texels: what lies this near to something else is doubtful too; the soft edge of it all
BLUR = 6.0  # texels over which the light on a face is looked at
UNEVEN, MOTLEY = 0.11, 0.09  # log of light: how far the halves of a face, and the tints on it, may differ
RED, YELLOW = (0.1, 0.7), (0.03, 0.5)  # log of red over green and of green over blue, between which skin lies
SHOWN, HIDDEN = 0.55, 0.12  # share of the cheeks that must be seen, and of the face that may hide behind something


def face_of(head: HeadModel, where: FaceMap, picture: NDArray, fit: Fit) -> NDArray[np.uint8] | None:
    """The face of a portrait [H,W,3] (sRGB in 0..1) in the skins' layout, None where too little of it is seen.

    [h,w,4] for the part that `where` shows: sRGB as under even light, and how far to use it. Brows are left out, for
    heads wear their own.
    """
    baked = bake(head, picture, fit, where.texels, head.faces[where.faces])
    cheeks = np.maximum(where.masks["cheeks"], where.masks["nose"]) > 0.5
    if baked.seen[cheeks].mean() < SHOWN:
        return None
    other = unlike_skin(baked.colour, cheeks & (baked.seen > 0.5))
    if other is None:
        return None
    other *= 1 - np.maximum.reduce([where.masks[name] for name in ("lips", "beard", "liner")])
    face = cheeks | (where.masks["sockets"] > 0.5)
    if other[face].mean() > HIDDEN:
        return None
    trust = baked.seen * (1 - maximum_filter(other, NEAR)) * (1 - where.masks["brows"])
    trust = gaussian_filter(trust, EDGE) * np.clip(2 * trust, 0, 1)
    return np.dstack([baked.colour * 255, trust * 255]).round().astype(np.uint8)


def evenly_lit(where: FaceMap, face: NDArray[np.uint8]) -> bool:
    """Whether a face [h,w,4] of `face_of` has the colours of skin in white light that comes from no side."""
    core = np.maximum.reduce([where.masks[name] for name in ("cheeks", "nose", "sockets")]) > 0.5
    weight = face[..., 3] / 255 * core
    cover = gaussian_filter(weight, BLUR)
    light = np.log(face[..., :3] / 255 + 0.02) * weight[..., None]
    light = gaussian_filter(light, (BLUR, BLUR, 0)) / np.maximum(cover, 1e-3)[..., None]
    seen = cover > 0.2
    both = seen & seen[::-1]  # the layout lies on its side, the two halves of the face above each other
    if not both.any():
        return False
    tints = -np.diff(light[seen], axis=1)
    red, yellow = usual = np.median(tints, axis=0)
    skin = RED[0] < red < RED[1] and YELLOW[0] < yellow < YELLOW[1]
    even = np.abs(light - light[::-1])[both].mean() < UNEVEN and np.abs(tints - usual).sum(1).mean() < MOTLEY
    return bool(skin and even)
