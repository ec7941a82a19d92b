"""The head that the Studio generator is guided by: our own head model, and how people's heads differ."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from vchar.data.conditions import ATTRIBUTES
from vchar.data.face_shards import FaceShards
from vchar.data.figure import EYE_SPAN
from vchar.data.portraits import shape_of, shape_of_seed
from vchar.evaluation.head_shapes import shapes_of
from vchar.models.studio_head import StudioHead, StudioHeadConfig
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import PARTS, PIVOT, HeadModel
from vchar.training.face_batches import Shapes

Floats = NDArray[np.float32]
PEOPLE, FIRST_PERSON = 600, 90_000_000  # how many show how heads differ, and their seeds
SYMMETRIC, UNEVEN = 40, 8  # components that a mirror leaves, and that change sign in it
POINTS = 72_000  # on the surface
DETAIL = {"eyes": 4.0, "teeth": 1.5, "tongue": 1.0, "cavity": 1.0}  # how much denser than skin points are
CLOSE, NEAR = 8.0, 0.018  # the same for skin within so many metres of an eye's middle
FRONT, FACE = 1.5, (-0.08, 0.14)  # the same for skin before the ears, between these heights in metres
BEHIND, UNSEEN, BODY = 0.06, 0.1, 0.5  # and for skin behind so many metres, and below the chin
CROWN, CHIN, LOWEST = -0.17, 0.15, 0.49  # heights in metres that a texture gives its rows to
BELOW = 0.2  # share of a texture's rows that are below the chin
AROUND = 0.7  # power that gives the front more of a texture's columns
PUPIL = 0.32  # in a picture of an eye, how far from its middle nearness to the pupil is 0: twice the iris
RIDGE = 0.1  # of a length's variance: how far what is asked for may be missed, to stay human
SIZE = 0.1  # metres that count as 1 in places at rest


def build(head: HeadModel, people: int = PEOPLE) -> StudioHead:
    """The head with the components of so many of the factory's people."""
    calm = np.stack([shape_of_seed(head, FIRST_PERSON + i) for i in range(people)])
    mean, shape = components(head, calm)
    config = StudioHeadConfig(
        vertices=len(mean), faces=len(head.faces), points=POINTS, shapes=len(shape), symmetric=SYMMETRIC,
        moves=ARKIT_NAMES, lengths=LENGTHS,
    )  # fmt: skip
    found = StudioHead(config)
    face, bary = scattered(head)
    marks = head.landmarks[[*range(36, 48), 48, 54]]
    arrays = {
        "mean": mean, "shape": shape, "move": moves(head), "face": head.faces, "turn_weight": head.turn_weight,
        "pivot": PIVOT, "marks": marks, "point_face": face, "point_bary": bary, "point_shown": shown(head, face, bary),
        "point_uv": texture_places(at(head.mean, head.faces[face], bary)),
    }  # fmt: skip
    found.load_state_dict({name: torch.from_numpy(np.ascontiguousarray(a)) for name, a in arrays.items()}, strict=False)
    _measure(found, head, calm)
    return found


LENGTHS = tuple(name for name in ATTRIBUTES if name in shape_of(np.random.default_rng(0).normal(size=(70, 3))))


def components(head: HeadModel, calm: Floats) -> tuple[Floats, Floats]:
    """Mean [V,3] of people [P,V,3], and components [S,V,3], a standard deviation each; symmetric ones come first."""
    mirrored = calm[:, head.mirror] * np.array([-1, 1, 1], np.float32)
    even, uneven = (calm + mirrored) / 2, (calm - mirrored) / 2
    mean = even.mean(0)
    parts = [_principal(even - mean, SYMMETRIC), _principal(uneven, UNEVEN)]
    return mean, np.concatenate(parts)


def _principal(rows: NDArray[np.floating], count: int) -> Floats:
    flat = rows.reshape(len(rows), -1)
    _, spread, ways = np.linalg.svd(flat, full_matrices=False)
    found = ways[:count] * (spread[:count, None] / len(flat) ** 0.5)
    return found.reshape(-1, *rows.shape[1:]).astype(np.float32)


def moves(head: HeadModel) -> Floats:
    """By how much each ARKit weight moves the mean head [52,V,3]; gazes as the chord of half a turn."""
    phenotype, local = np.zeros(len(head.phenotype), np.float32), np.zeros(len(head.local_up), np.float32)
    rest = head.shape(phenotype, local, np.zeros(len(ARKIT_NAMES), np.float32))
    half = np.eye(len(ARKIT_NAMES), dtype=np.float32) / 2
    return np.stack([2 * (head.shape(phenotype, local, row) - rest) for row in half])


def scattered(head: HeadModel) -> tuple[NDArray[np.int32], Floats]:
    """Faces [N] and barycentric places [N,3] of points on the surface; any number of the first ones lie evenly.

    By the additive sequence of three irrational numbers (Roberts 2018, "R3"), the first of which runs through the faces
    from one to the next.
    """
    middle = head.mean[head.faces].mean(1)
    weight = np.max([_areas(head.mean + each, head.faces) for each in moves(head)], axis=0)  # lids hide in their folds
    weight[(middle[:, 2] < 0) & (middle[:, 1] > FACE[0]) & (middle[:, 1] < FACE[1])] *= FRONT
    weight[middle[:, 2] > BEHIND] *= UNSEEN
    marks = head.mean[head.landmarks]
    fine = np.concatenate([marks[36:42].mean(0, keepdims=True), marks[42:48].mean(0, keepdims=True)])
    skin = head.face_part == PARTS.index("skin")
    weight[skin & (np.linalg.norm(middle[:, None] - fine, axis=2).min(1) < NEAR)] *= CLOSE
    weight[middle[:, 1] > CHIN] *= BODY
    for name, factor in DETAIL.items():
        weight[head.face_part == PARTS.index(name)] *= factor
    order = np.argsort(_along(middle))
    total = np.cumsum(weight[order])
    steps = np.arange(POINTS)[:, None] * 1.2207440846057596 ** -np.arange(1, 4) % 1
    face = order[np.searchsorted(total, steps[:, 0] * total[-1], "right").clip(max=len(total) - 1)]
    root, other = np.sqrt(steps[:, 1]), steps[:, 2]
    bary = np.stack([1 - root, root * (1 - other), root * other], axis=1)
    return face.astype(np.int32), bary.astype(np.float32)


def _areas(vertices: Floats, faces: NDArray[np.int32]) -> Floats:
    """Twice the areas [F]."""
    a, b, c = (vertices[faces[:, i]] for i in range(3))
    return np.linalg.norm(np.cross(b - a, c - a), axis=1)


def _along(points: Floats) -> NDArray[np.int64]:
    """Numbers [N] that are near for points [N,3] which are near (Morton's order)."""
    cells = ((points - points.min(0)) / np.ptp(points, axis=0).max() * 1023).astype(np.int64)
    return np.sum([(cells[:, k] >> bit & 1) << (3 * bit + k) for bit in range(10) for k in range(3)], axis=0)


def at(values: Floats, corners: NDArray[np.integer], bary: Floats) -> Floats:
    """Values [V,D] at points between corners [N,3]."""
    return (values[corners] * bary[..., None]).sum(1).astype(np.float32)


def shown(head: HeadModel, face: NDArray[np.int32], bary: Floats) -> Floats:
    """What a guide shows of each point, [N,8]; see `vchar.models.studio_head`."""
    part = head.face_part[face]
    eye, teeth, tongue, cavity = (part == PARTS.index(name) for name in ("eyes", "teeth", "tongue", "cavity"))
    away = np.linalg.norm((head.uv[face] * bary[..., None]).sum(1) - 0.5, axis=1)
    pupil = eye * (1 - away / (PUPIL * EYE_SPAN / 50)).clip(0, 1)
    place = at(head.mean, head.faces[face], bary) / SIZE
    return np.column_stack([place, eye, pupil, teeth, tongue, cavity]).astype(np.float32)


def texture_places(points: Floats) -> Floats:
    """Where points [N,3] lie in a texture, [N,2] in -1..1: round the head's axis, and from the crown down."""
    around = np.arctan2(points[:, 0], -points[:, 2]) / np.pi
    across = np.sign(around) * np.abs(around) ** AROUND
    down = np.interp(points[:, 1], [CROWN, CHIN, LOWEST], [-1, 1 - 2 * BELOW, 1])
    return np.stack([across, down], axis=1).astype(np.float32)


def known_shapes(found: StudioHead, head: HeadModel, shards: FaceShards) -> Shapes:
    """The shapes of the heads that pictures show, and what a mirror makes of them."""
    mirror = torch.ones(found.config.shapes)
    mirror[found.config.symmetric :] = -1
    return Shapes(shapes_of(found, head, shards), mirror)


def _measure(found: StudioHead, head: HeadModel, calm: Floats) -> None:
    """Fit how lengths follow from shapes."""
    told = [shape_of(each[head.landmarks]) for each in calm]
    lengths = np.array([[each[name] for name in LENGTHS] for each in told])
    mean = lengths.mean(0)
    of = np.linalg.lstsq(found.project(torch.from_numpy(calm)).double().numpy(), lengths - mean)[0].T
    found.length_mean.copy_(torch.from_numpy(mean))
    found.length_of.copy_(torch.from_numpy(of))
    found.length_back.copy_(torch.from_numpy(back(of)))


def back(of: NDArray[np.float64]) -> NDArray[np.float64]:
    """From lengths [L] to shapes [S]: the inverse of `of` [L,S], but for what only a monster could have.

    Ridge regression in units of each length's spread: eyes that differ in nothing but their size don't occur.
    """
    spread = np.linalg.norm(of, axis=1, keepdims=True)
    units = of / spread
    return units.T @ np.linalg.inv(units @ units.T + RIDGE * np.eye(len(of))) / spread.T
