"""Eyeballs and teeth of our own, bound to MakeHuman's simple stand-ins so that they follow every shape of the head."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

Array = NDArray[np.float32]

EYE_RINGS = (0, 6, 9.5, 10.5, 15, 21, 26, 28.5, 30.5, 36, 45, 58, 75, 95, 120, 150, 180)  # degrees from the pupil
EYE_SECTORS = 32
PUPIL, IRIS = 10.0, 29.5  # degrees where they end
CORNEA = 0.0007  # metres that the middle of the cornea stands out
SCLERA_COLOUR, IRIS_COLOUR, LIMBUS_COLOUR = (0.90, 0.87, 0.85), (0.36, 0.24, 0.15), (0.16, 0.11, 0.08)
# width and height in mm of the teeth of one side, from the middle: incisors, canine, premolars, molars
UPPER = ((8.8, 10.2), (6.8, 9.0), (7.8, 10.2), (7.2, 8.6), (7.0, 8.2), (10.2, 7.6), (9.6, 7.0))
LOWER = ((5.6, 8.8), (6.2, 8.8), (7.0, 9.8), (7.2, 8.6), (7.4, 8.0), (11.0, 7.4), (10.4, 7.0))
TOOTH_GRID = 7  # vertices a side
TOOTH_COLOUR, GUM_COLOUR = (0.93, 0.89, 0.81), (0.62, 0.30, 0.29)
TEETH = {"helper-upper-teeth": True, "helper-lower-teeth": False}  # groups of the base mesh; whether upper
ROWS = 3  # of the outer side of MakeHuman's teeth: edge, middle, gum


@dataclass(frozen=True)
class Bound:
    """A mesh whose vertices [N,3] follow base vertices: bind_index [N,K] with bind_weight [N,K] that sum to one."""

    part: str
    vertices: Array
    bind_index: NDArray[np.int32]
    bind_weight: Array
    quads: NDArray[np.int32]
    uv: Array  # [N,2]
    albedo: Array  # [N,3]


def eyeball(base: Array, stand_in: NDArray[np.int32]) -> Bound:
    """A ball round the base vertices `stand_in` [S] of one eye, looking straight ahead.

    Vertex 0 is the pupil's centre; the last one, which no quad uses, is the ball's.
    """
    points = base[stand_in].astype(np.float64)
    centre, radius = _sphere(points)
    angle = np.radians(np.repeat(EYE_RINGS, EYE_SECTORS))
    turn = np.tile(np.arange(EYE_SECTORS) * 2 * np.pi / EYE_SECTORS, len(EYE_RINGS))
    out = np.stack([np.sin(angle) * np.cos(turn), np.sin(angle) * np.sin(turn), -np.cos(angle)], axis=1)
    bulge = CORNEA * np.clip(1 - (np.degrees(angle) / IRIS) ** 2, 0, 1)
    vertices = np.concatenate([centre + out * (radius + bulge)[:, None], centre[None]])
    reach = 0.5 * np.degrees(angle) / 180
    uv = 0.5 + reach[:, None] * np.stack([np.cos(turn), -np.sin(turn)], axis=1)
    uv, colour = (np.concatenate([rows, rows[-1:]]) for rows in (uv, _eye_colours(angle)))
    # the weights with which the ball follows any affine change of its stand-in exactly
    weight = np.insert(vertices, 3, 1, axis=1) @ np.linalg.pinv(np.insert(points, 3, 1, axis=1))
    index = np.broadcast_to(stand_in, weight.shape)
    return _bound("eyes", vertices, index, weight, _grid(len(EYE_RINGS), EYE_SECTORS, closed=True), uv, colour)


def teeth(base: Array, stand_in: NDArray[np.int32], upper: bool) -> list[Bound]:
    """The teeth of one jaw on the outer side of MakeHuman's row of teeth, whose vertices are `stand_in`."""
    rows = _outer_rows(base, stand_in, upper)
    places = base[rows].astype(np.float64)  # [ROWS, columns, 3], from the edge to the gum, along the arch
    lengths = np.linalg.norm(np.diff(places.mean(0), axis=0), axis=1)
    along = np.concatenate([[0], np.cumsum(lengths)])
    height = np.linalg.norm(places[-1] - places[0], axis=1).mean()
    made, sizes = [], UPPER if upper else LOWER
    for side in (-1, 1):
        start = along[-1] / 2
        for width, tall in sizes:
            span = np.sort([start, start + side * width / 1000])
            start += side * width / 1000
            if along[0] <= span[0] and span[1] <= along[-1]:
                made.append(_tooth(rows, places, along, span, tall / 1000 / height))
    return made if upper else [replace(tooth, quads=tooth.quads[:, ::-1]) for tooth in made]  # keep outsides outside


def _tooth(rows: NDArray[np.int32], places: NDArray, along: NDArray, span: NDArray, tall: float) -> Bound:
    """One rounded tooth over the arch's stretch `span`, covering the share `tall` of the stand-in's height."""
    side = np.linspace(-1, 1, TOOTH_GRID)
    up, across = (grid.ravel() for grid in np.meshgrid(side, side, indexing="ij"))  # up: -1 edge, 1 gum
    middle, half = np.mean(span), (span[1] - span[0]) / 2
    taper = np.where(up > 0, 1 - 0.14 * up**2, 1 - 0.10 * np.clip(-up - 0.5, 0, 1) ** 2)
    where = middle + half * 0.985 * across * taper
    share = tall * ((up + 1) / 2 + 0.05 * across**2 * np.clip(-up, 0, 1))
    index, weight = _on_arch(rows, along, where, share * (ROWS - 1))
    surface = np.einsum("nk,nkc->nc", weight, places.reshape(-1, 3)[_flat(rows, index)])
    out = _outward(places, along, where)
    bulge = 0.0016 * np.sqrt(np.clip(1 - 0.92 * across**2, 0, 1)) * (1 - 0.35 * np.abs(up) ** 3) - 0.0003
    colour = np.array(TOOTH_COLOUR) * (1 - 0.10 * np.clip(up, 0, 1)[:, None] * [0.4, 0.8, 1.3])
    uv = np.stack([across, up], axis=1) / 2 + 0.5
    return _bound("teeth", surface + out * bulge[:, None], index, weight, _grid(TOOTH_GRID, TOOTH_GRID), uv, colour)


def _outer_rows(base: Array, stand_in: NDArray[np.int32], upper: bool) -> NDArray[np.int32]:
    """Base vertices [ROWS, columns] of the outer side, columns from the picture's left, rows from edge to gum."""
    points = base[stand_in].astype(np.float64)
    middle = np.array([0, points[:, 2].max() - 0.012])  # x and z of the arch's centre
    flat = points[:, [0, 2]] - middle
    angle, radius = np.arctan2(flat[:, 0], -flat[:, 1]), np.linalg.norm(flat, axis=1)
    tree = KDTree(np.stack([np.sin(angle), np.cos(angle)], axis=1))
    largest = np.array([radius[near].max() for near in tree.query_ball_point(tree.data, 0.25)])
    outer = np.flatnonzero((radius > 0.85 * largest) & (np.abs(angle) < np.radians(95)))
    order = outer[np.argsort(angle[outer])]
    columns = order[: len(order) // ROWS * ROWS].reshape(-1, ROWS)
    by_height = np.argsort(points[columns][..., 1] * (-1 if upper else 1), axis=1)  # y points down
    return stand_in[np.take_along_axis(columns, by_height, axis=1)].T


def _on_arch(rows: NDArray[np.int32], along: NDArray, where: NDArray, row: NDArray) -> tuple[NDArray, NDArray]:
    """Base vertices [N,4] and bilinear weights of places on the arch: `where` along it, `row` 0..ROWS-1 up it."""
    column = np.interp(where, along, np.arange(len(along)))
    i, j = np.minimum(row.astype(int), ROWS - 2), np.minimum(column.astype(int), len(along) - 2)
    u, v = row - i, column - j
    index = np.stack([rows[i, j], rows[i, j + 1], rows[i + 1, j], rows[i + 1, j + 1]], axis=1)
    return index, np.stack([(1 - u) * (1 - v), (1 - u) * v, u * (1 - v), u * v], axis=1)


def _flat(rows: NDArray[np.int32], index: NDArray) -> NDArray:
    """Positions of base vertices `index` in the flattened `rows`."""
    order = np.argsort(rows.ravel())
    return order[np.searchsorted(rows.ravel()[order], index)]


def _outward(places: NDArray, along: NDArray, where: NDArray) -> NDArray:
    """Directions [N,3] away from the mouth, level, at places along the arch."""
    tangent = np.gradient(places.mean(0), along, axis=0)
    t = np.stack([np.interp(where, along, tangent[:, k]) for k in (0, 2)], axis=1)
    t /= np.linalg.norm(t, axis=1, keepdims=True)
    return np.stack([t[:, 1], np.zeros(len(t)), -t[:, 0]], axis=1)


def _sphere(points: NDArray) -> tuple[NDArray, float]:
    """Centre and radius of the ball that fits points [N,3] best."""
    system = np.concatenate([2 * points, np.ones((len(points), 1))], axis=1)
    x = np.linalg.lstsq(system, (points**2).sum(1), rcond=None)[0]
    return x[:3], float(np.sqrt(x[3] + x[:3] @ x[:3]))


def _eye_colours(angle: NDArray) -> NDArray:
    degrees = np.degrees(angle)
    colour = np.where((degrees < PUPIL)[:, None], 0.02, np.array(IRIS_COLOUR) * (0.8 + degrees[:, None] / 70))
    colour = np.where((degrees > 25)[:, None], np.array(LIMBUS_COLOUR), colour)
    return np.where((degrees > IRIS)[:, None], np.array(SCLERA_COLOUR), colour)


def _grid(rows: int, columns: int, closed: bool = False) -> NDArray[np.int32]:
    """Quads of a grid of vertices in rows; `closed` joins the last column to the first."""
    i, j = np.meshgrid(np.arange(rows - 1), np.arange(columns if closed else columns - 1), indexing="ij")
    k = (j + 1) % columns
    return np.stack([i * columns + j, i * columns + k, (i + 1) * columns + k, (i + 1) * columns + j], -1).reshape(-1, 4)


def _bound(
    part: str, vertices: NDArray, index: NDArray, weight: NDArray, quads: NDArray, uv: NDArray, albedo: NDArray
) -> Bound:
    f32, i32 = np.float32, np.int32
    return Bound(
        part,
        vertices.astype(f32),
        index.astype(i32),
        weight.astype(f32),
        quads.astype(i32),
        uv.astype(f32),
        albedo.astype(f32),
    )
