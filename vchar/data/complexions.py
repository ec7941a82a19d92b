"""Skins in the layout of `vchar.rig.bust`, without hair or make-up."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from vchar.data.assets import Assets
from vchar.data.chance import one_of
from vchar.data.skin import FaceMap, draw_complexion, melanin_of
from vchar.raster import interpolate
from vchar.rig.bake import unfold
from vchar.rig.body import HeadModel
from vchar.rig.bust import Bust
from vchar.rig.complexion import resized

PORTRAITS = 0.4  # share of skins with the face of a portrait, where there are some
FINE = 2  # texels a side that are drawn for each that is kept


def draw(
    rng: np.random.Generator, head: HeadModel, assets: Assets, size: int, count: int
) -> Iterator[NDArray[np.floating]]:
    """Skins [size,size,3], sRGB in 0..1, in the layout of `vchar.rig.bust`; texels that show nothing are the mean."""
    bust = Bust.of(head)
    skin = bust.only("skin")
    texels = unfold(bust.uv[bust.faces[skin]], FINE * size)
    at = interpolate(texels, bust.faces[skin], bust.makehuman_uv)
    where = FaceMap.of(head, assets.skins[0].shape[0])
    scale = assets.skins[0].shape[0]
    place = np.stack([(1 - at[..., 1]) * scale, at[..., 0] * scale]) - 0.5
    for _ in range(count):
        face = one_of(rng, assets.faces) if assets.faces and rng.random() < PORTRAITS else None
        melanin = float(rng.uniform()) if face is None else melanin_of(face)
        drawn = draw_complexion(rng, assets.skins, where, melanin, face) / np.float32(255)
        layers = [map_coordinates(drawn[..., c], place, order=1, mode="nearest") for c in range(3)]
        picture = np.stack(layers, axis=-1)
        picture[texels.face < 0] = picture[texels.face >= 0].mean(0)
        yield resized(picture, size)
