"""Skins: pictures with another tone, blotches, freckles, stubble and make-up, so that no two are alike.

They are MakeHuman's, some with the face of a portrait (see `vchar.data.baked`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from vchar.data.chance import one_of
from vchar.raster import Raster, interpolate_corners
from vchar.rig.bake import unfold
from vchar.rig.body import PARTS, HeadModel
from vchar.rig.features import feature_masks

Bytes = NDArray[np.uint8]
Floats = NDArray[np.floating]
# sRGB of skin from the least to the most melanin
TONES = np.array(
    [[240, 205, 188], [226, 178, 152], [203, 150, 118], [160, 106, 76], [112, 71, 50], [70, 45, 36]], np.float64
)
FAINT = 8.0  # grey levels: what less than this is seen of counts little
LIP_COLOURS = ((150, 20, 40), (190, 60, 70), (120, 40, 50), (200, 90, 90), (95, 25, 45), (180, 50, 110), (150, 95, 80))
SHADOWS = ((60, 40, 40), (90, 70, 110), (120, 80, 60), (50, 60, 90), (150, 110, 90), (40, 40, 40))


@dataclass(frozen=True)
class FaceMap:
    """Where features lie in the skin's picture, for the part of it [h,w] that shows the head.

    rows, columns: that part.  masks: [h,w] in 0..1 by name.  faces: [F] the head's triangles that `texels` counts,
    which says for each texel [h,w] what it shows.
    """

    rows: slice
    columns: slice
    masks: dict[str, Floats]
    faces: NDArray[np.integer]
    texels: Raster

    @classmethod
    def of(cls, head: HeadModel, size: int) -> "FaceMap":
        """For skins of size x size pixels."""
        skin = (head.face_part == PARTS.index("skin")) & (head.turn_weight[head.faces].min(1) > 0.4)
        skin &= head.uv[..., 0].min(1) > 0.6  # the rest of the layout shows the body
        whole = unfold(head.uv[skin], size)
        found = np.argwhere(whole.face >= 0)
        (top, left), (bottom, right) = found.min(0), found.max(0) + 1
        part = rows, columns = slice(top, bottom), slice(left, right)
        face, bary = np.ascontiguousarray(whole.face[part]), np.ascontiguousarray(whole.bary[part])
        texels = Raster(np.ascontiguousarray(whole.depth[part]), face, bary)
        places = interpolate_corners(texels, head.mean[head.faces[skin]])
        masks = feature_masks(places, head.mean[head.landmarks])
        inside = texels.face >= 0
        masks = {name: (mask * inside).astype(np.float32) for name, mask in masks.items()}
        return cls(rows, columns, masks, np.flatnonzero(skin), texels)


def melanin_of(face: Bytes) -> float:
    """0 (lightest) .. 1 of a portrait's face (see `vchar.data.baked`)."""
    return float(np.interp(-_usual(face).mean(), -TONES.mean(1), np.linspace(0, 1, len(TONES))))


def draw_skin(
    rng: np.random.Generator,
    skins: Sequence[Bytes],
    where: FaceMap,
    melanin: float,
    hair: Floats,
    face: Bytes | None = None,
) -> Bytes:
    """A random skin in the same layout.

    melanin: 0 (lightest) .. 1.  hair: [3] sRGB 0..1 of the person's hair, for beards and scalps.  face: that of a
    portrait (see `vchar.data.baked`), to which the rest is matched.
    """
    skin = draw_complexion(rng, skins, where, melanin, face)
    part = skin[where.rows, where.columns].astype(np.float32)
    _facial_hair(rng, part, where, hair)
    _make_up(rng, part, where)
    skin[where.rows, where.columns] = part.clip(0, 255)
    return skin


def draw_complexion(
    rng: np.random.Generator, skins: Sequence[Bytes], where: FaceMap, melanin: float, face: Bytes | None = None
) -> Bytes:
    """A random skin without hair or make-up; see `draw_skin`."""
    skin = _toned(rng, skins, melanin)
    if face is not None:
        _put_on(skin, where, face)
    part = skin[where.rows, where.columns].astype(np.float32)
    size = part.shape[:2]
    _stain(part, _clouds(rng, size, 7), rng.normal(0, 0.02, 3))
    _stain(part, _clouds(rng, size, 9), np.ones(3) * rng.uniform(0.01, 0.08))
    _stain(part, _grain(rng, size), np.ones(3) * rng.uniform(0.003, 0.035))
    flush = np.array([0.03, -0.08, -0.06]) * rng.uniform(-0.3, 1.6)
    _stain(part, where.masks["cheeks"], flush)
    _stain(part, where.masks["nose"], flush * rng.uniform(0.2, 1))
    _stain(part, where.masks["sockets"], np.array([-0.8, -1, -0.9]) * rng.uniform(-0.05, 0.22))
    if rng.random() < 0.25:
        _freckles(rng, part, where.masks["freckles"])
    skin[where.rows, where.columns] = part.clip(0, 255)
    return skin


@njit(cache=True)
def _stain(part: Floats, amount: Floats, colour: NDArray) -> None:
    """Multiply by 1 + amount * colour, in place; amount [h,w], colour [3]."""
    for y in range(part.shape[0]):
        for x in range(part.shape[1]):
            if amount[y, x] != 0:
                for c in range(3):
                    part[y, x, c] *= 1 + amount[y, x] * colour[c]


@njit(cache=True)
def _paint(part: Floats, amount: Floats, colour: NDArray) -> None:
    """Lay colour [3] over the picture, in place; amount [h,w] in 0..1."""
    for y in range(part.shape[0]):
        for x in range(part.shape[1]):
            cover = min(max(amount[y, x], 0), 1)
            if cover > 0:
                for c in range(3):
                    part[y, x, c] += cover * (colour[c] - part[y, x, c])


def _toned(rng: np.random.Generator, skins: Sequence[Bytes], melanin: float) -> Bytes:
    """Two skins mixed, then brought to a tone: melanin 0 (lightest) .. 1."""
    brightness = np.array([skin[::16, ::16].mean() for skin in skins])
    goal = np.stack([np.interp(melanin, np.linspace(0, 1, len(TONES)), TONES[:, c]) for c in range(3)])
    likely = np.exp(-np.abs(np.log(brightness / goal.mean())) / 0.25)
    first, second = rng.choice(len(skins), 2, p=likely / likely.sum())
    share = rng.uniform()
    mixed = Image.blend(Image.fromarray(skins[first]), Image.fromarray(skins[second]), share)
    goal = goal * rng.normal(1, [0.03, 0.03, 0.045])
    middle = (1 - share) * _chest(skins[first]) + share * _chest(skins[second])
    contrast = rng.uniform(0.6, 1.3)
    values = np.arange(256)[:, None] / middle
    table = (goal * np.maximum(values, 1e-3) ** (contrast * np.clip(goal.mean() / middle.mean(), 0.8, 1))).clip(0, 255)
    return np.array(mixed.point(table.astype(np.uint8).T.ravel().tolist()))


def _put_on(skin: Bytes, where: FaceMap, face: Bytes) -> None:
    """Match a skin's tone to a portrait's face, near it also to its shades, and lay that over it; in place."""
    at = where.rows, where.columns
    colour, alpha = face[..., :3].astype(np.float32), face[..., 3:] / np.float32(255)
    gain = _usual(face) / _usual(np.dstack([skin[at], face[..., 3]]))
    skin[:] = np.array(Image.fromarray(skin).point((np.arange(256) * gain[:, None]).clip(0, 255).ravel().tolist()))
    under = skin[at].astype(np.float32)
    ratio = (_blurred(alpha * colour) + FAINT) / (_blurred(alpha * under) + FAINT)
    small = [Image.fromarray(layer).resize(alpha.shape[1::-1], Image.Resampling.BILINEAR) for layer in _layers(ratio)]
    under *= np.stack([np.asarray(layer) for layer in small], axis=-1)
    skin[at] = (under + alpha * (colour - under)).clip(0, 255).round()


def _blurred(picture: Floats) -> Floats:
    """A picture [h,w,3] blurred by several per cent of its size, at an eighth of its size."""
    height, width = picture.shape[:2]
    layers = [Image.fromarray(layer) for layer in _layers(picture)]
    small = [layer.resize((width // 8, height // 8), Image.Resampling.BOX) for layer in layers]
    return np.stack([gaussian_filter(np.asarray(layer), 3.0) for layer in small], axis=-1)


def _layers(picture: Floats) -> list[NDArray[np.float32]]:
    return [np.ascontiguousarray(layer, np.float32) for layer in np.moveaxis(picture, -1, 0)]


def _usual(face: Bytes) -> Floats:
    """The usual colour [3] of what a face's alpha lets be used."""
    return np.median(face[face[..., 3] > 128][:, :3], axis=0)


def _chest(skin: Bytes) -> Floats:
    """The usual colour of an even part of the body, [3]."""
    size = skin.shape[0]
    return np.median(skin[: size * 3 // 10 : 8, size // 5 : size * 3 // 5 : 8].reshape(-1, 3), 0)


def _clouds(rng: np.random.Generator, size: tuple[int, int], cells: int) -> Floats:
    """Smooth noise [h,w] of unit strength."""
    coarse = Image.fromarray(rng.standard_normal((cells, cells), np.float32))
    return np.asarray(coarse.resize((size[1], size[0]), Image.Resampling.BICUBIC))


def _grain(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Fine noise [h,w] of unit strength, as of pores: a random tile, repeated."""
    tile = gaussian_filter(rng.standard_normal((128, 128), np.float32), rng.uniform(0.4, 1.0), mode="wrap")
    tile /= tile.std()
    return np.tile(tile, (size[0] // 128 + 1, size[1] // 128 + 1))[: size[0], : size[1]]


def _freckles(rng: np.random.Generator, part: Floats, mask: Floats) -> None:
    """Small dark spots, in place."""
    rows, columns = np.nonzero(mask > 0.3)
    chosen = rng.integers(len(rows), size=int(rng.uniform(15, 250)))
    spots = np.zeros(mask.shape, np.float32)
    spots[rows[chosen], columns[chosen]] = rng.uniform(0.3, 1, len(chosen))
    spots = gaussian_filter(spots, rng.uniform(0.6, 1.1)) * 4
    _stain(part, np.minimum(spots, 1), -np.array([0.25, 0.4, 0.45]) * rng.uniform(0.4, 1))


def _facial_hair(rng: np.random.Generator, part: Floats, where: FaceMap, hair: Floats) -> None:
    """A shaved scalp's shadow, stubble or a trimmed beard, in place."""
    size = part.shape[:2]
    _paint(part, where.masks["scalp"] * rng.uniform(0.05, 0.75) * (1 + 0.15 * _grain(rng, size)), hair * 255)
    if rng.random() > 0.38:
        return
    strength = rng.choice([rng.uniform(0.05, 0.3), rng.uniform(0.4, 0.95)])
    area = where.masks["beard"] * np.clip(0.95 + 0.3 * _clouds(rng, size, 12), 0.3, 1)
    _paint(part, area * strength * (1 + 0.3 * (1 - strength) * _grain(rng, size)), hair * 180)


def _make_up(rng: np.random.Generator, part: Floats, where: FaceMap) -> None:
    """The lips' own colour, and sometimes lipstick, eye shadow, eyeliner; in place."""
    _stain(part, where.masks["lips"], np.array([0.0, -0.12, -0.08]) * rng.uniform(-0.6, 1.6))
    for mask, colours, chance in (("lips", LIP_COLOURS, 0.3), ("lids", SHADOWS, 0.22), ("liner", SHADOWS, 0.22)):
        if rng.random() < chance:
            colour = np.array(one_of(rng, colours), np.float32)
            _paint(part, where.masks[mask] * rng.uniform(0.2, 0.75), colour * (0.4 if mask == "liner" else 1.0))
