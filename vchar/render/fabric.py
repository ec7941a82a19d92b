"""Cloth as pictures: patterns, seams, stitches and weave, painted on garments unrolled round their limbs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter

from vchar.raster import interpolate_corners, rasterise
from vchar.rig.garment import Floats, Garment
from vchar.rig.wardrobe import ARM, CHEST, LEG, Wear

Bytes = NDArray[np.uint8]
SIZE, SMALL = 1024, 512  # pixels a side: of garments, of shoes
MARGIN = 0.35  # radians that a chart goes on beyond its cut, for the faces that lie across it
GAP = 0.015  # of the picture between charts
LACE, THREAD = (0.92, 0.92, 0.90), (0.72, 0.52, 0.25)  # sRGB
STITCH = 0.0015  # metres


@dataclass(frozen=True, eq=False)
class Unrolled:
    """A garment laid flat: uv [F,3,2] of its faces (v up), and what it is like at each pixel of its picture.

    pixels [SIZE,SIZE]: which of the N known pixels each one shows.  x, y, z [N]: the place on the neutral body.
    to_edge, to_seam [N] (m).  angle [N]: round the limb, radians.  part [N]: the piece.  noise, clouds [N]: fine and
    broad, of unit strength.
    """

    slot: str
    uv: NDArray[np.float32]
    pixels: NDArray[np.int32]
    x: Floats
    y: Floats
    z: Floats
    to_edge: Floats
    to_seam: Floats
    angle: Floats
    part: Floats
    noise: Floats
    clouds: Floats

    @classmethod
    def of(cls, garment: Garment, slot: str) -> "Unrolled":
        """slot: where it is worn."""
        size = SMALL if slot == "shoes" else SIZE
        angle, along, chart = _unrolled(garment, slot)
        uv = _packed(angle, along, chart)
        corners = np.concatenate([uv[..., :1] * size, (1 - uv[..., 1:]) * size, np.ones((*uv.shape[:2], 1))], -1)
        raster = rasterise(corners.reshape(-1, 3), np.arange(3 * len(uv)).reshape(-1, 3), size, size)
        values = np.concatenate([garment.places, garment.to_edge[:, None], garment.to_seam[:, None]], axis=1)
        values = np.concatenate([values[garment.faces], angle[..., None]], axis=-1)
        known = raster.face >= 0
        rows, columns = np.asarray(distance_transform_edt(~known, return_distances=False, return_indices=True))
        number = np.cumsum(known.ravel()).reshape(known.shape) - 1
        part = garment.part[raster.face[known]].astype(np.float32)
        noise = np.random.default_rng(0).standard_normal((size, size), np.float32)
        clouds = gaussian_filter(noise, size / 160)
        x, y, z, to_edge, to_seam, round_limb = interpolate_corners(raster, values)[known].T
        return cls(
            slot, uv, number[rows, columns].astype(np.int32), x, y, z, to_edge, to_seam, round_limb, part,
            noise[known], clouds[known] / clouds.std(),
        )  # fmt: skip


def paint(at: Unrolled, wear: Wear) -> Bytes:
    """The picture [SIZE,SIZE,3] of the garment's cloth, sRGB, as `wear` wants it."""
    first, second = (rgb(colour) for colour in (wear.colour, wear.second))
    share = _pattern(at, wear.pattern)[:, None]
    colour = (first + (second - first) * share) * _sewing(at)[:, None]
    if at.slot == "shoes":
        colour = _shoe(at, colour)
    if wear.kind == "jeans":
        colour = _denim(at, colour)
    colour = colour * (1 + 0.012 * at.noise + 0.015 * at.clouds)[:, None]
    return (colour.clip(0, 1) * 255 + 0.5).astype(np.uint8)[at.pixels]


def rgb(colour: str) -> Floats:
    """#rrggbb as sRGB [3] in 0..1."""
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)


def _unrolled(garment: Garment, slot: str) -> tuple[Floats, Floats, NDArray]:
    """For each corner its angle round the limb and its place along it [F,3]; the chart of each face [F]."""
    x, y, z = np.moveaxis(garment.places[garment.faces], -1, 0)
    chart = np.zeros(len(garment.faces), int)
    if slot == "shoes":
        angle, along = np.arctan2(np.abs(x) - LEG, y + 0.93), z
    elif slot == "top":
        chart = (garment.part == 1).astype(int)
        sleeve = chart[:, None] == 1
        angle = np.where(sleeve, np.arctan2(z - 0.01, y - ARM), np.arctan2(x, z - 0.02))
        along = np.where(sleeve, np.abs(x), y)
    elif len(np.unique(garment.part)) > 1:
        angle, along = np.arctan2(np.abs(x) - LEG, z + 0.008), y
    else:
        angle, along = np.arctan2(x, z - 0.02), y
    away = angle - angle[:, :1]
    return angle - 2 * np.pi * np.round(away / (2 * np.pi)), along, chart


def _packed(angle: Floats, along: Floats, chart: NDArray) -> NDArray[np.float32]:
    """Texture coordinates [F,3,2]: the first chart left, the second, narrower one right of it."""
    uv = np.zeros((*angle.shape, 2), np.float32)
    widths = (1.0,) if not chart.any() else (0.74, 0.26)
    left = 0.0
    for i, width in enumerate(widths):
        mine = chart == i
        low, high = along[mine].min(), along[mine].max()
        u = (angle[mine] + np.pi + MARGIN) / (2 * np.pi + 2 * MARGIN)
        uv[mine, :, 0] = left + GAP / 2 + (width - GAP) * u.clip(0, 1)
        uv[mine, :, 1] = GAP / 2 + (1 - GAP) * (along[mine] - low) / (high - low)
        left += width
    return uv


def _pattern(at: Unrolled, pattern: str) -> Floats:
    """How much of the second colour shows, 0..1."""
    sleeve = (at.slot == "top") & (at.part == 1)
    along = np.where(sleeve, np.abs(at.x), at.y)
    across = at.angle * np.where(sleeve, 0.055, 0.16 if at.slot == "top" else 0.1)
    if pattern == "stripes":
        return _bars(along, 0.045, 0.4)
    if pattern == "pinstripes":
        return 0.7 * _bars(across, np.pi * 0.2 / 12, 0.1)
    if pattern == "checks":
        return 0.5 * _bars(along, 0.05, 0.5) + 0.5 * _bars(across, np.pi * 0.32 / 20, 0.5)
    if pattern == "two_tone":
        return _second_piece(at)
    return np.zeros_like(at.x)


def _second_piece(at: Unrolled) -> Floats:
    """Sleeves; a stripe down the outer side of each leg; the lower edge of shoes."""
    if at.slot == "top":
        return (at.part == 1).astype(np.float32)
    if at.slot == "bottom":
        return _line((at.angle - np.pi / 2) * 0.09, 0.012)
    return _line(np.minimum(at.to_edge, np.maximum(at.y + 0.9, 0) + at.to_edge), 0.014)


def _bars(place: Floats, period: float, share: float) -> Floats:
    """Bars that fill `share` of each period, with edges as soft as a pixel."""
    wave = np.abs((place / period) % 1 - 0.5) * 2
    return np.clip((share - wave) * period / 0.0015 + 0.5, 0, 1)


def _line(distance: Floats, width: float) -> Floats:
    """1 on a line, 0 further than `width` from it."""
    return np.clip((width - np.abs(distance)) / STITCH + 0.5, 0, 1)


def _sewing(at: Unrolled) -> Floats:
    """How much light seams, stitches and ribs leave, 0..1."""
    dark = 0.35 * _line(at.to_seam, STITCH)
    if at.slot == "shoes":
        return 1 - dark
    dashes = np.sin((at.x + at.y + at.z) * 2 * np.pi / 0.005) > -0.4
    dark += 0.2 * _line(at.to_edge - 0.022, STITCH / 2) * dashes
    if at.slot == "top":
        collar = (at.y > CHEST + 0.1) & (at.part == 0)
        dark += np.where(collar & (at.to_edge < 0.018), 0.05 + 0.04 * np.sin(at.angle * 260), 0)
        dark += 0.3 * _line(at.to_edge - 0.018, STITCH / 2) * collar
        dark += 0.2 * _line(at.z, STITCH / 2) * (at.y < CHEST) * (at.part == 0)
    return 1 - np.clip(dark, 0, 0.6)


def _denim(at: Unrolled, colour: Floats) -> Floats:
    """Worn paler at thighs and knees, with twill and yellow stitches."""
    worn = np.exp(-(((at.y + 0.23) / 0.16) ** 2) - (at.angle / 0.8) ** 2)
    worn += 0.5 * np.exp(-(((at.y + 0.43) / 0.07) ** 2) - (at.angle / 0.8) ** 2)
    twill = 0.04 * np.sin((at.angle * 0.09 + at.y) * 2 * np.pi / 0.0045)
    colour = colour + (0.75 - colour) * (0.28 * worn + 0.03 * at.noise + twill).clip(0, 1)[:, None]
    thread = 0.6 * _line(np.abs(at.to_seam - 0.005), STITCH / 2)
    return colour + (np.array(THREAD) - colour) * thread[:, None]


def _shoe(at: Unrolled, colour: Floats) -> Floats:
    """Laces over the tongue."""
    front = (at.z > 0.045) & (at.z < 0.12)
    tongue = _line(at.angle, 0.2) * ((at.z > 0.03) & (at.z < 0.125))
    colour = colour * (1 - 0.18 * tongue)[:, None]
    lace = (_bars(at.z, 0.014, 0.34) * _line(at.angle, 0.34) * front)[:, None]
    return colour + (np.array(LACE) - colour) * lace
