"""Hair as a thing of its own: a shell round the head, as far off it as the portrait's outline says.

The shell is a grid: columns go round the head, rows from the crown down over the skull and on like a curtain. What the
camera saw of the hair tells where it is and how it looks; the rest is completed from the two sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, map_coordinates, zoom
from scipy.spatial import KDTree

from vchar.rig.body import PARTS, HeadModel, vertex_normals
from vchar.rig.features import feature_masks
from vchar.rig.fit import Fit

Floats = NDArray[np.floating]

COLUMNS, CAP, FALL = 96, 36, 44  # of the grid, and its rows above and below the skull's middle
LONGEST = 0.22  # metres below the skull's middle
REACH, STEP = 0.2, 0.0015  # metres: how far from the middle hair is looked for, how finely
GAP = 0.02  # metres that may lie between skin and hair, and between one lock and the next
LEAST, FRINGE, MOST = 0.003, 0.006, 0.09  # metres off the skin: everywhere, before the forehead, anywhere
NARROWS = 0.25  # share of its distance from the middle that hanging hair has lost at its longest
FACING = (0.1, 0.35)  # cosines to the camera from which it sees something of hair, and sees it well
ENOUGH = 0.12  # share of the scalp before the camera on which the portrait shows hair; with less a head is bald
BEHIND = 0.55  # of the thickness at the sides: that at the back of the head
BEARD = 0.008  # metres off the skin below which hair beside the jaw is of a beard
CROWN = 12  # rows from the crown in which thickness is evened out


@dataclass(frozen=True)
class Shell:
    """A grid of R rows and C columns; the last column repeats the first.

    place [R,C,3] metres, in the head's axes.  cover [R,C] in 0..1: where hair is.  seen [R,C] in 0..1: how well the
    camera saw it.
    """

    place: Floats
    cover: Floats
    seen: Floats

    def finer(self, layer: Floats, size: int) -> Floats:
        """A layer of the grid [R,C,...] at size x size."""
        factors = (size / layer.shape[0], size / layer.shape[1], *(1,) * (layer.ndim - 2))
        return np.asarray(zoom(layer, factors, order=1, grid_mode=True, mode="nearest"))


def grow(head: HeadModel, fit: Fit, hair: Floats) -> Shell | None:
    """The shell of the hair that a portrait shows by its matte [H,W] in 0..1; None for a bald head."""
    skull = _Skull.of(head, fit)
    camera = fit.camera
    ahead = camera.rotation.T @ np.array([0, 0, -1.0])  # towards the camera
    own = np.degrees(np.arctan2(ahead[0], -ahead[2]))
    off = (skull.azimuth - own + 180) % 360 - 180  # degrees from the camera, per column
    seen = np.clip((skull.way(skull.azimuth) @ ahead - FACING[0]) / (FACING[1] - FACING[0]), 0, 1)
    sides = [_outline(skull, fit, hair, own + side) for side in (-90, 90)]
    thick, hangs = _spread(skull, sides, off)
    radius = skull.radius + thick
    fallen = np.maximum.accumulate(radius[CAP - 6 :], axis=0) * (1 - NARROWS * np.linspace(0, 1, FALL + 6)[:, None])
    radius[CAP - 6 :] += hangs[CAP - 6 :] * np.maximum(fallen - radius[CAP - 6 :], 0)
    place = skull.at(_smooth(_rounded(radius)))
    projected = camera.project(place.astype(np.float32))
    shown = _sample(hair, projected)
    before = skull.scalp * (seen > 0.5)
    share = (shown * before).sum() / max(float(before.sum()), 1e-6)
    if share < ENOUGH:
        return None
    inside = _sample(np.ones_like(hair), projected)
    own_part = seen * inside
    rest = np.maximum(skull.scalp, hangs * (skull.row_fall[:, None] > 0))
    hung = np.maximum(np.clip(3 * skull.scalp, 0, 1), np.where(skull.row_fall[:, None] > 0, hangs, 1))
    cover = own_part * shown * hung + (1 - own_part) * rest
    return Shell(_closed(place), _closed(cover), _closed(own_part * (shown > 0.5)))


@dataclass(frozen=True)
class _Skull:
    """The bald head on the grid: azimuth [C] degrees (0 is ahead, + the picture's right), radius and scalp [R,C].

    origin, level [R,3]: rays of a row start there, and point there beside going outwards; outward [R].
    """

    azimuth: Floats
    origin: Floats
    level: Floats
    outward: Floats
    radius: Floats
    scalp: Floats

    @property
    def row_fall(self) -> Floats:
        """Metres below the skull's middle [R], 0 above."""
        return np.maximum(self.origin[:, 1] - self.origin[0, 1], 0)

    @classmethod
    def of(cls, head: HeadModel, fit: Fit) -> _Skull:
        vertices = head.shape(fit.phenotype, fit.local, 0 * fit.arkit)
        marks = vertices[head.landmarks]
        eyes = marks[36:48].mean(0)
        upper = vertices[(head.turn_weight > 0.9) & (vertices[:, 1] < eyes[1])]
        centre = np.array([upper[:, 0].mean(), eyes[1] - 0.012, (upper[:, 2].max() + marks[19:25, 2].mean()) / 2])
        polar = np.linspace(0, np.pi / 2, CAP)
        down = np.linspace(0, LONGEST, FALL + 1)[1:]
        origin = np.tile(centre, (CAP + FALL, 1))
        origin[CAP:, 1] += down
        outward = np.concatenate([np.sin(polar), np.ones(FALL)])
        level = np.zeros((CAP + FALL, 3))
        level[:CAP, 1] = -np.cos(polar)
        azimuth = np.arange(COLUMNS) * 360 / COLUMNS - 180
        bare = cls(azimuth, origin, level, outward, np.ones((CAP + FALL, COLUMNS)), np.ones(1))
        radius, scalp = _cast(head, vertices, bare, centre)
        return cls(azimuth, origin, level, outward, radius, scalp)

    def way(self, azimuth: Floats) -> Floats:
        """The directions [R,...,3] of rays towards azimuths [...]."""
        turn = np.radians(azimuth)
        flat = np.stack([np.sin(turn), 0 * turn, -np.cos(turn)], axis=-1)
        rows = (slice(None), *(None,) * np.ndim(azimuth))
        return self.outward[(*rows, None)] * flat + self.level[rows]

    def at(self, radius: Floats) -> Floats:
        """Points [R,C,3] so far out."""
        return self.origin[:, None] + radius[..., None] * self.way(self.azimuth)


def _cast(head: HeadModel, vertices: Floats, bare: _Skull, centre: Floats) -> tuple[Floats, Floats]:
    """How far the skin is along each ray, ears left out, and how far it is scalp: [R,C] each."""
    skin = np.unique(head.faces[head.face_part == PARTS.index("skin")])
    points = vertices[skin] - centre
    away = np.hypot(points[:, 0], points[:, 2])
    above = points[:, 1] < 0
    radius = np.where(above, np.linalg.norm(points, axis=1), away)
    along = np.where(above, np.arccos(np.clip(-points[:, 1] / np.maximum(radius, 1e-6), -1, 1)), np.pi / 2)
    along = 0.09 * along + np.maximum(points[:, 1], 0)
    sideways = np.degrees(np.arctan2(points[:, 0], -points[:, 2]))
    scalp = feature_masks(head.mean[skin][None], head.mean[head.landmarks])["scalp"][0]
    flat = _flat(along, sideways, np.where(above, np.sin(along / 0.09), 1))
    rows = 0.09 * np.arctan2(bare.outward, -bare.level[:, 1]) + bare.row_fall
    rows_, columns = np.meshgrid(rows, bare.azimuth, indexing="ij")
    width = np.concatenate([bare.outward[:CAP], np.ones(FALL)])[:, None] * np.ones(COLUMNS)
    distance, nearest = KDTree(flat).query(_flat(rows_, columns, width).reshape(-1, 4), k=6)
    weight = 1 / (distance + 1e-3)
    weight /= weight.sum(1, keepdims=True)
    found = [(value[nearest] * weight).sum(1).reshape(rows_.shape) for value in (radius, scalp)]
    return _without_ears(found[0]), np.clip(found[1], 0, 1)


def _flat(along: Floats, azimuth: Floats, width: Floats) -> Floats:
    """Where rays are to be looked up: near in here is near on the head."""
    turn = np.radians(azimuth)
    return np.stack([along, 0.08 * width * np.sin(turn), 0.08 * width * np.cos(turn), 0 * along], axis=-1)


def _without_ears(radius: Floats) -> Floats:
    """The same with what stands out shortly along rows levelled."""
    wide = np.minimum(radius, gaussian_filter1d(radius, 5, axis=1, mode="wrap") + 0.002)
    return gaussian_filter1d(gaussian_filter1d(wide, 1.5, axis=1, mode="wrap"), 1.0, axis=0)


def _outline(skull: _Skull, fit: Fit, hair: Floats, azimuth: float) -> tuple[Floats, Floats]:
    """At one side, how far hair stands off the skin in each row, and whether there is any: [R] each."""
    steps = np.arange(0, REACH, STEP)
    points = skull.origin[:, None] + steps[:, None] * skull.way(np.asarray(azimuth))[:, None]
    shown = _sample(hair, fit.camera.project(points.astype(np.float32))) > 0.5
    column = int(np.round((azimuth + 180) / 360 * COLUMNS)) % COLUMNS
    base = skull.radius[:, column]
    gap, thick, there = round(GAP / STEP), np.zeros(len(base)), np.zeros(len(base))
    for row, first in enumerate((base / STEP).astype(int)):
        places = np.flatnonzero(shown[row, max(first - gap // 2, 0) :]) + max(first - gap // 2, 0)
        if not len(places) or places[0] > first + 2 * gap:
            continue
        jump = np.flatnonzero(np.diff(places) > gap)
        last = places[jump[0]] if len(jump) else places[-1]
        thick[row] = (last + 1) * STEP - base[row]
        there[row] = row < CAP or thick[row] > BEARD
    there[CAP - 1 :] = np.minimum.accumulate(there[CAP - 1 :])  # what hangs, hangs from above
    known = there > 0
    if known.any():
        thick = np.interp(np.arange(len(base)), np.flatnonzero(known), thick[known])
    return np.clip(gaussian_filter1d(thick, 2), LEAST, MOST), gaussian_filter1d(there, 1.5)


def _spread(skull: _Skull, sides: list[tuple[Floats, Floats]], off: Floats) -> tuple[Floats, Floats]:
    """Thickness, and how far hair hangs [R,C], from what the two outlines say; off: degrees from the camera [C]."""
    side = np.clip(0.5 + 0.5 * np.sin(np.radians(off)), 0, 1)  # 0 the left outline, 1 the right one
    thick, there = ((1 - side) * left[:, None] + side * right[:, None] for left, right in zip(*sides, strict=True))
    back = np.clip((np.abs(off) - 90) / 70, 0, 1)
    front = np.clip(1 - np.abs(off) / 75, 0, 1)
    crown = np.minimum(np.linspace(0, 1, CAP + FALL) / 0.25, 1)[:, None]  # where all columns meet, they agree
    share = 1 - back * (1 - BEHIND)
    calm = FRINGE + crown * 0 + (1 - crown) * thick.mean(1, keepdims=True)
    thick = share * thick * (1 - crown * front) + crown * front * np.minimum(calm, thick)
    falls = there * (skull.row_fall[:, None] > 0)
    hangs = np.clip(2 * falls - 0.5, 0, 1)
    nearby = np.maximum(hangs, back * hangs.mean(1, keepdims=True))
    taper = np.maximum(np.clip(skull.scalp * 1.6, 0, 1), nearby)
    return np.maximum(thick * taper, LEAST), nearby


def _sample(layer: Floats, projected: Floats) -> Floats:
    """A layer of the picture [H,W] where points [...,3] land; 0 outside."""
    return np.asarray(map_coordinates(layer, np.moveaxis(projected[..., 1::-1], -1, 0) - 0.5, order=1, cval=0.0))


def _rounded(radius: Floats) -> Floats:
    """The same with a crown in which all columns meet without a tip."""
    top = np.full((CROWN, radius.shape[1]), radius[CROWN].mean())
    share = (np.arange(CROWN) / CROWN)[:, None]
    rounded = radius.copy()
    rounded[:CROWN] = top + share**2 * (3 - 2 * share) * (radius[:CROWN] - top)
    return rounded


def _smooth(radius: Floats) -> Floats:
    return gaussian_filter1d(gaussian_filter1d(radius, 1.2, axis=1, mode="wrap"), 1.0, axis=0)


def _closed(layer: Floats) -> Floats:
    return np.concatenate([layer, layer[:, :1]], axis=1)


def shell_faces(shape: tuple[int, ...], cover: Floats) -> NDArray[np.int32]:
    """Triangles [F,3] of the grid's cells where there is any hair, facing outwards."""
    index = np.arange(shape[0] * shape[1]).reshape(shape[:2])
    a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
    hairy = np.maximum.reduce([cover[:-1, :-1], cover[1:, :-1], cover[1:, 1:], cover[:-1, 1:]]) > 0.1
    return np.stack([a, c, b, a, d, c], -1)[hairy].reshape(-1, 3).astype(np.int32)


def shell_normals(place: Floats, faces: NDArray[np.int32]) -> Floats:
    """Unit normals [R*C,3], the same at both ends of a row."""
    normals = vertex_normals(place.reshape(-1, 3), faces).reshape(place.shape)
    ends = normals[:, 0] + normals[:, -1]
    normals[:, 0] = normals[:, -1] = ends / np.maximum(np.linalg.norm(ends, axis=1, keepdims=True), 1e-9)
    return normals.reshape(-1, 3)
