"""What a portrait's head is painted with: textures of its skin and eyes, the colour of its teeth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from vchar.raster import Raster, interpolate
from vchar.rig.bake import bake, look_up, unfold, unlike_skin
from vchar.rig.body import HeadModel
from vchar.rig.bust import Bust
from vchar.rig.complexion import Complexion, resized
from vchar.rig.features import feature_masks
from vchar.rig.fit import Fit
from vchar.rig.flow import diffuse
from vchar.rig.strands import Hair, model_hair
from vchar.rig.warp import WarpSource

Bytes = NDArray[np.uint8]
Floats = NDArray[np.floating]

SKIN, EYE = 1024, 256  # texels a side
COARSE = 256  # texels a side in which features are told apart
NEAR, EDGE = 5, 0.006  # texels of those, and sides: what lies this near to something else is doubtful; the soft edge
ENOUGH_HAIR = 0.02  # share of the scalp on which the portrait shows hair
SURE, ENOUGH_SKIN = 0.6, 200  # how surely a texel must show skin to count for its tone, and how many must
PLAIN = np.array([0.78, 0.62, 0.53])  # skin's colour where a portrait doesn't tell
COVER, STRANDS, FRAY = 0.85, 0.16, 0.6  # how densely short hair covers the scalp, how unevenly, and its border
EYE_SPAN = 100.0  # degrees from side to side that the picture of an eye shows
RINGS = 40  # circles round the pupil, each of one colour where nothing better is known
WHITE = np.array([0.80, 0.74, 0.71])  # of an eyeball's back, where no photo shows any of it


@dataclass(frozen=True)
class Likeness:
    """skin [1024,1024,3] in the layout of `vchar.rig.bust`; eyes: the picture's left and right one [256,256,3]; sRGB.

    teeth [3]: what the colour of plain teeth is multiplied by.  hair: None where it grows close to the skin or nowhere.
    """

    skin: Bytes
    eyes: tuple[Bytes, Bytes]
    teeth: Floats
    hair: Hair | None = None


class Painter:
    """Makes likenesses; knows what never changes. Read-only, so safe to share between threads."""

    def __init__(self, head: HeadModel, bust: Bust, complexion: Complexion) -> None:
        self._head, self._bust, self._complexion = head, bust, complexion
        self._faces = bust.faces[bust.only("skin")]
        self._texels = unfold(bust.uv[self._faces], SKIN)
        coarse = self._coarse = unfold(bust.uv[self._faces], COARSE)
        places = interpolate(coarse, self._faces, bust.place(head.mean))
        masks = feature_masks(places, head.mean[head.landmarks])
        covered = coarse.face >= 0
        self._masks = {name: (mask * covered).astype(np.float32) for name, mask in masks.items()}
        nearest = np.asarray(ndimage.distance_transform_edt(~covered, return_distances=False, return_indices=True))
        fray = FRAY * ndimage.gaussian_filter(np.random.default_rng(1).standard_normal((COARSE, COARSE)), 1.5)
        hairy = np.clip(2 * (self._masks["scalp"] + fray) - 0.5, 0, 1)[nearest[0], nearest[1]]  # on beyond the seams
        self._hairy = resized(hairy[..., None], SKIN).clip(0, 1)
        self._eyes = [unfold(eye_uv(head.uv[_eye(head, which)]), EYE) for which in (0, 1)]

    def paint(self, source: WarpSource, matte: Floats | None = None) -> Likeness:
        """The likeness of a portrait; `matte` [H,W] in 0..1 says where it shows hair, which then gets a mesh."""
        baked = bake(self._head, source.picture, source.fit, self._texels, self._faces, self._bust.mix)
        colour, seen = resized(baked.colour, COARSE), resized(baked.seen[..., None], COARSE)[..., 0]
        other = self._no_skin(colour, seen)
        short = self._hairy
        if matte is not None:
            on_skin = look_up(self._head, matte, source.fit, self._coarse, self._faces, self._bust.mix)
            other = np.maximum(other, on_skin)
            known = np.clip(3 * seen, 0, 1)
            short = resized((known * on_skin)[..., None], SKIN) + resized((1 - known)[..., None], SKIN) * short
        skin = self._complexion.complete(baked.colour, _trusted(baked.seen, other))
        self._grow_hair(skin, colour, seen * other, short)
        hair = None if matte is None else model_hair(self._head, source.fit, source.picture, matte)
        hidden = self._texels.face < 0
        skin = diffuse(skin, ~hidden) if hidden.any() else skin  # so that nothing shines through at seams
        teeth = source.tint if source.teeth.tint is None else source.teeth.tint
        eyes = (_paint_eye(source, 0, self._eyes[0]), _paint_eye(source, 1, self._eyes[1]))
        return Likeness(_bytes(skin), eyes, np.asarray(teeth), hair)

    def tone(self, source: WarpSource) -> Floats:
        """The usual colour [3] of the skin that a portrait shows, sRGB in 0..1; plain skin's if it shows too little."""
        baked = bake(self._head, source.picture, source.fit, self._coarse, self._faces, self._bust.mix)
        features = [self._masks[name] for name in ("lips", "beard", "liner", "lids", "brows", "scalp")]
        sure = baked.seen * (1 - self._no_skin(baked.colour, baked.seen)) * (1 - np.maximum.reduce(features))
        skin = (sure > SURE) & (self._coarse.face >= 0)
        return np.median(baked.colour[skin], axis=0) if skin.sum() >= ENOUGH_SKIN else PLAIN

    def _no_skin(self, colour: Floats, seen: Floats) -> NDArray[np.float32]:
        """Where hair and glasses are [COARSE,COARSE], 0..1; brows and beards count as skin."""
        cheeks = np.maximum(self._masks["cheeks"], self._masks["nose"]) > 0.5
        other = unlike_skin(colour, cheeks & (seen > 0.5))
        if other is None:
            return np.zeros_like(seen)
        other *= 1 - np.maximum.reduce([self._masks[name] for name in ("lips", "beard", "liner", "lids", "brows")])
        return other

    def _grow_hair(self, skin: NDArray[np.float32], colour: Floats, sure: Floats, where: Floats) -> None:
        """Short hair of the portrait's colour, in place, if the portrait shows some on the scalp."""
        scalp = self._masks["scalp"]
        found = (scalp > 0.5) & (sure > 0.3)
        if found.sum() < ENOUGH_HAIR * (scalp > 0.5).sum():
            return
        hair = np.median(colour[found], axis=0)
        fine = ndimage.gaussian_filter(np.random.default_rng(0).standard_normal((SKIN, SKIN), np.float32), (2.0, 0.7))
        strands = hair * (1 + STRANDS * fine / fine.std())[..., None]
        skin += COVER * where.clip(0, 1) * (strands.clip(0, 1) - skin)


def _trusted(seen: Floats, other: Floats) -> NDArray[np.float32]:
    """How far to use what was baked [SKIN,SKIN], given where something else than skin is."""
    far = resized(ndimage.maximum_filter(other, NEAR)[..., None], SKIN)[..., 0].clip(0, 1)
    trust = seen * (1 - far)
    return ndimage.gaussian_filter(trust, EDGE * SKIN) * np.clip(2 * trust, 0, 1)


def eye_uv(uv: Floats) -> Floats:
    """Texture coordinates of an eyeball, a half turn from side to side -> those of a picture of EYE_SPAN."""
    return ((uv - 0.5) * (180 / EYE_SPAN) + 0.5).clip(0.001, 0.999)


def _eye(head: HeadModel, which: int) -> NDArray[np.intp]:
    """The triangles of the picture's left (0) or right (1) eyeball."""
    return np.flatnonzero(head.eye[head.faces[:, 0]] == which + 1)


def _paint_eye(source: WarpSource, which: int, texels: Raster) -> Bytes:
    """An eyeball: what the photo shows of it, and rings of its colours where lids hide it."""
    view = source.view
    known = np.concatenate([view.screen[:, :2], view.facing[:, None]], axis=1)
    x, y, facing = np.moveaxis(interpolate(texels, view.head.faces[_eye(view.head, which)], known), -1, 0)
    shift = _pupil_shift(source.fit, view.head, which)
    place = np.stack([y + shift[1], x + shift[0]]) - 0.5
    photo = source.eyes.matt
    colour = np.stack([ndimage.map_coordinates(photo[..., c], place, order=1, mode="nearest") for c in range(3)], -1)
    trust = ndimage.map_coordinates(source.eyes.trust, place, order=1) * (facing > 0.2) * (texels.face >= 0)
    at = (np.mgrid[:EYE, :EYE] + 0.5) / EYE - 0.5
    ring = np.minimum(np.hypot(*at) * 2 * RINGS, RINGS - 1)
    rings = _ring_colours(colour, trust, ring)
    low = ring.astype(int)
    share = (ring - low)[..., None]
    plain = rings[low] * (1 - share) + rings[np.minimum(low + 1, RINGS - 1)] * share
    return _bytes(plain + np.clip(trust * 1.2, 0, 1)[..., None] * (colour - plain))


def _ring_colours(colour: Floats, trust: Floats, ring: Floats) -> Floats:
    """The mean colour [RINGS,3] of each ring that is seen, the next ring's where none of it is."""
    number = np.round(ring).astype(int).ravel()
    weight = np.bincount(number, trust.ravel(), RINGS)
    total = [np.bincount(number, (trust * colour[..., c]).ravel(), RINGS) for c in range(3)]
    seen = np.flatnonzero(weight > 0.5)
    if not len(seen):
        return np.tile(WHITE, (RINGS, 1))
    mean = np.stack(total, axis=1)[seen] / weight[seen, None]
    brightest = int(mean.sum(1).argmax())  # beyond it lids shade the white
    mean[brightest:] = mean[brightest]
    return np.stack([np.interp(np.arange(RINGS), seen, mean[:, c]) for c in range(3)], axis=1)


def _pupil_shift(fit: Fit, head: HeadModel, which: int) -> Floats:
    """Pixels [2] by which the photo's pupil lies beside the model's."""
    vertices = head.shape(fit.phenotype, fit.local, fit.arkit)[head.landmarks[68 + which]]
    ends = fit.camera.project(np.stack([vertices, vertices + fit.offset[68 + which]]))
    return ends[1, :2] - ends[0, :2]


def _bytes(picture: Floats) -> Bytes:
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
