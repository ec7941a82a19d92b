"""A portrait laid onto the head that was fitted to it: what the photo shows of each point of a texture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse

from vchar.raster import Raster, interpolate, rasterise
from vchar.rig.body import HeadModel
from vchar.rig.fit import Fit
from vchar.rig.folds import read_light
from vchar.rig.view import View

Floats = NDArray[np.float32]

SAME_DEPTH = 0.004  # metres within which two surfaces are one
GRAZING, FACING = 0.25, 0.65  # cosines below which a surface is seen too much from the side, and from which well
UNLIKE = (4.0, 6.5)  # distances from the cheeks' colour from which something may be, and is, no skin
SPREAD = 0.1  # of skin's colour at least: log of linear light
UNEVEN = 0.2  # brightness that differs more than this over the cheeks is not of cheeks alone
SHADE = (0.5, 1.5)  # limits of the light that is taken off


def unfold(uv: NDArray, size: int) -> Raster:
    """Which of F triangles each texel shows: their texture coordinates uv [F,3,2] (v up) -> size x size texels."""
    corners = np.concatenate([uv[..., :1] * size, (1 - uv[..., 1:]) * size, np.ones((*uv.shape[:2], 1))], axis=-1)
    return rasterise(corners.reshape(-1, 3), np.arange(3 * len(uv)).reshape(-1, 3), size, size)


@dataclass(frozen=True)
class Baked:
    """colour [H,W,3] sRGB in 0..1 as under even light; seen [H,W] in 0..1: how well the portrait shows each texel."""

    colour: Floats
    seen: Floats


def bake(
    head: HeadModel, picture: NDArray, fit: Fit, texels: Raster, faces: NDArray, mix: sparse.csr_array | None = None
) -> Baked:
    """What a portrait [H,W,3] (sRGB in 0..1) shows of the skin.

    texels: which of the triangles `faces` [F,3] each texel shows (see `unfold`).  mix: [N,V] what the triangles'
    vertices are made of, if they aren't the head's.
    """
    picture = np.ascontiguousarray(picture, np.float32)
    view = View(head, head.shape(fit.phenotype, fit.local, fit.arkit), fit.camera, *picture.shape[:2])
    known = np.concatenate([view.screen, view.facing[:, None], view.normals], axis=1)
    known = known if mix is None else mix @ known
    x, y, depth, facing, *normal = np.moveaxis(interpolate(texels, faces, known), -1, 0)
    place = np.stack([y, x]) - 0.5
    colour = np.stack([ndimage.map_coordinates(picture[..., c], place, order=1, mode="nearest") for c in range(3)], -1)
    nearest = np.where(view.raster.face >= 0, view.raster.depth, 0)
    nearest = ndimage.map_coordinates(ndimage.maximum_filter(nearest, 3), place, order=0, cval=0.0)
    light = read_light(picture, view)
    shade = (1 + np.stack(normal, axis=-1) @ light) / (1 - light[2])  # 1 where the head faces the camera
    seen = np.clip((facing - GRAZING) / (FACING - GRAZING), 0, 1)
    seen *= (texels.face >= 0) & (depth <= nearest + SAME_DEPTH)
    return Baked((colour / np.clip(shade, *SHADE)[..., None]).clip(0, 1).astype(np.float32), seen.astype(np.float32))


def look_up(head: HeadModel, layer: NDArray, fit: Fit, texels: Raster, faces: NDArray, mix: sparse.csr_array) -> Floats:
    """A layer of a portrait [H,W] where it lies on the skin, hidden or not: [h,w], 0 beside the picture; see `bake`."""
    screen = fit.camera.project(head.shape(fit.phenotype, fit.local, fit.arkit))[:, :2]
    x, y = np.moveaxis(interpolate(texels, faces, mix @ screen), -1, 0)
    found = ndimage.map_coordinates(np.asarray(layer, np.float32), np.stack([y, x]) - 0.5, order=1, cval=0.0)
    return np.asarray(found, np.float32)


def unlike_skin(colour: NDArray, skin: NDArray[np.bool_]) -> NDArray | None:
    """How surely each texel [H,W] is no skin, 0..1, by its colour and that of where `skin` is; None if it isn't."""
    light = np.log(ndimage.gaussian_filter(colour, (1.5, 1.5, 0)) ** 2.2 + 0.01)
    tint = np.stack([light.mean(-1) / 2, light[..., 0] - light[..., 1], light[..., 1] - light[..., 2]], axis=-1)
    usual = np.median(tint[skin], axis=0)
    spread = np.median(np.abs(tint[skin] - usual), axis=0)
    if spread[0] > UNEVEN:
        return None
    spread = np.maximum(1.5 * spread, SPREAD)
    distance = np.linalg.norm((tint - usual) / spread, axis=-1)
    return np.clip((distance - UNLIKE[0]) / (UNLIKE[1] - UNLIKE[0]), 0, 1)
