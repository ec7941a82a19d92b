"""Garments: sheets cut from a pattern round the body, hung on every shape with thickness at their hems.

A pattern is a mesh of MakeHuman's round the whole body (tights, or a skirt). On each body cloth is stretched over its
hollows first, then lifted off the skin, then given hems. All of it moves with the same joints as the skin below.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import KDTree

from vchar.rig.body import vertex_normals
from vchar.rig.figure import BodyModel, Shape
from vchar.rig.sheet import Sheet, subdivided

Floats = NDArray[np.floating]
Ints = NDArray[np.int32]
Field = Callable[[Floats], Floats]  # of points [N,3] round the neutral body in its T-pose (m)
# a hem seen in section: from the outer edge, steps inward off the cloth and out of it, in thicknesses; then up inside
HEM = ((-0.2, 0.45), (-0.7, 0.5), (-1.0, 0.1), (-1.0, -0.6))
INSIDE = 0.02  # metres that a hem goes on inside
SOLE_EDGE, SOLE_BEVEL = 0.004, 0.003  # metres that a sole stands out, and that its lower edge is cut off
SOLE = 255  # the piece that soles are
INFLUENCES = 4


@dataclass(frozen=True, eq=False)
class Pattern:
    """A mesh round the body of which garments are cut, as it lies round the neutral body.

    vertices [P]: the body's vertices.  quads [Q,4] count them.  along, around [P,P]: the means of the neighbours along
    the limb and round it.  places [P,3]: where the pattern's vertices are.  finer [N,P]: what the vertices of the finer
    mesh of `sheet` are made of.
    """

    vertices: Ints
    quads: Ints
    along: sparse.csr_array
    around: sparse.csr_array
    places: Floats
    finer: sparse.csr_array
    sheet: Sheet

    @classmethod
    def of(cls, neutral: Shape, quads: Ints) -> "Pattern":
        used, local = np.unique(quads, return_inverse=True)
        local = local.reshape(-1, 4).astype(np.int32)
        places = neutral.vertices[used]
        joints = neutral.skeleton
        foot = _weight_of(neutral.model, used, [n for n in joints.names if "Foot" in n or "Toe" in n]) > 0.5
        arm = _weight_of(neutral.model, used, [n for n in joints.names if n.endswith(("Arm", "Hand"))]) > 0.5
        sides = np.concatenate([local, np.roll(local, -1, 1)]).reshape(2, -1)
        start, end = np.unique(np.concatenate([sides, sides[::-1]], axis=1), axis=1)
        step = places[end] - places[start]
        share = np.abs(step[np.arange(len(step)), np.where(arm[start], 0, 1)]) / np.linalg.norm(step, axis=1)
        still = foot[start] | foot[end]
        along, around = (
            _means(start, end, np.where(still, 0, weight), len(used)) for weight in (share**4, (1 - share**2) ** 2)
        )
        finer, quarters = subdivided(local, len(used))
        sheet = Sheet.whole(_halved(quarters), int(quarters.max()) + 1)
        return cls(used.astype(np.int32), local, along, around, places, finer, sheet)

    def draped(self, vertices: Floats, loose: Floats, rounds: int) -> Floats:
        """Cloth [P,3] stretched over the hollows of the body [P,3], as far as `loose` [P] in 0..1 lets it."""
        faces = _halved(self.quads)
        cloth = vertices.astype(np.float32)
        normals = vertex_normals(cloth, faces)
        for i in range(rounds):
            if i % 8 == 0:
                normals = vertex_normals(cloth, faces)
            for near in (self.along, self.around):
                rise = ((near @ cloth - cloth) * normals).sum(1)
                cloth = cloth + normals * (loose * np.maximum(rise, 0))[:, None]
        return cloth


@dataclass(frozen=True)
class Cut:
    """How a garment is cut, by fields round the neutral body.

    region: positive where it covers.  seams: lines where it's sewn from pieces; beyond the i-th lies piece i + 1.
    lift: how far it lies off the skin (m).  loose: 0..1, how freely it spans hollows; rounds: how far it reaches then.
    thickness: of its hems (m).  sole: of its soles (m); the lower edges of shoes get one instead of a hem.
    """

    region: Field
    lift: Field
    seams: Sequence[Field] = ()
    loose: Field = lambda places: np.ones(len(places))
    rounds: int = 20
    thickness: float = 0.004
    sole: float = 0.0


@dataclass(frozen=True, eq=False)
class Garment:
    """A garment of any body: N vertices, F triangles; hems included.

    rings: its open edges; soled: which of them have soles.  faces [F,3]; part [F]: which piece.  places [N,3]: where
    the vertices are on the neutral body, those of hems and soles at their edge.  to_edge, to_seam [N]: how far from an
    open edge and from a seam (m).  bone_index, bone_weight [N,4].
    """

    pattern: Pattern
    sheet: Sheet
    cut: Cut
    rings: tuple[Ints, ...]
    soled: tuple[bool, ...]
    faces: Ints
    part: NDArray[np.uint8]
    places: NDArray[np.float32]
    to_edge: NDArray[np.float32]
    to_seam: NDArray[np.float32]
    bone_index: NDArray[np.uint8]
    bone_weight: NDArray[np.float32]

    @classmethod
    def sewn(cls, pattern: Pattern, neutral: Shape, cut: Cut) -> "Garment":
        base = pattern.finer @ pattern.places
        sheet = pattern.sheet.cut(cut.region(base))
        for i, seam in enumerate(cut.seams):
            sheet = sheet.split(seam(sheet.mix @ base), i + 1)
        places = (sheet.mix @ base).astype(np.float32)
        rings = tuple(sheet.loops())
        low = np.median(places[:, 1])
        soled = tuple(bool(cut.sole and places[ring, 1].mean() < low) for ring in rings)
        hem_faces, of_ring = _hem_faces(sheet, rings, soled)
        same = np.concatenate([np.arange(len(places)), np.tile(np.concatenate(rings), len(HEM))])
        dense = sheet.mix @ pattern.finer @ _dense_weights(neutral.model, pattern.vertices)
        index, weight = strongest(dense)
        seam_points = places[_part_borders(sheet)]
        return cls(
            pattern, sheet, cut, rings, soled,
            np.concatenate([sheet.faces, hem_faces]), np.concatenate([sheet.part, of_ring]),
            places[same],
            _distance(places, places[np.concatenate(rings)])[same], _distance(places, seam_points)[same],
            index[same], weight[same],
        )  # fmt: skip

    def fit(self, shape: Shape) -> NDArray[np.float32]:
        """The vertices [N,3] on a body in its T-pose."""
        base = shape.vertices[self.pattern.vertices]
        loose = self.cut.loose(self.pattern.places).astype(np.float32)
        cloth = (self.pattern.finer @ self.pattern.draped(base, loose, self.cut.rounds)).astype(np.float32)
        normals = self.sheet.mix @ vertex_normals(cloth, self.pattern.sheet.faces)
        cloth = self.sheet.mix @ cloth + normals * self.cut.lift(self.places[: len(normals)])[:, None]
        for ring in self.rings:
            cloth[ring] = _smooth(cloth[ring])
        ground = float(base[:, 1].min()) - self.cut.sole
        edges = [
            self._sole(cloth[ring], ground) if soled else self._hem(cloth[ring], normals[ring])
            for ring, soled in zip(self.rings, self.soled, strict=True)
        ]
        return np.concatenate([cloth, *np.concatenate(edges, axis=1)]).astype(np.float32)

    def _hem(self, edge: Floats, normals: Floats) -> Floats:
        """The rings [len(HEM),R,3] of a hem round the edge [R,3], from the outer side inwards."""
        out = np.cross(np.roll(edge, -2, 0) - np.roll(edge, 2, 0), normals)
        out = _even(out / (np.linalg.norm(out, axis=1, keepdims=True) + 1e-12))
        steps = [(inward * self.cut.thickness, off * self.cut.thickness) for inward, off in HEM]
        steps[-1] = (steps[-1][0] - 0.002, -INSIDE)
        return np.stack([edge + normals * inward + out * off for inward, off in steps])

    def _sole(self, edge: Floats, ground: float) -> Floats:
        """The rings [len(HEM),R,3] of a sole below the edge [R,3]: ledge, wall, bottom and its middle line."""
        ahead = np.roll(edge, -2, 0) - np.roll(edge, 2, 0)
        out = np.stack([-ahead[:, 2], np.zeros(len(edge)), ahead[:, 0]], axis=1)
        out = _even(out / (np.linalg.norm(out, axis=1, keepdims=True) + 1e-12))
        wide = edge + out * SOLE_EDGE
        heights = (wide[:, 1], np.full(len(edge), ground + SOLE_BEVEL), *[np.full(len(edge), ground)] * 2)
        rings = np.stack([wide, wide, wide - out * SOLE_BEVEL, wide])
        rings[..., 1] = heights
        rings[-1, :, 0] = edge[:, 0].mean()
        return rings


def _smooth(edge: Floats) -> Floats:
    """An open edge [R,3] without the small steps that the mesh leaves in it."""
    for _ in range(6):
        edge = edge / 2 + (np.roll(edge, 1, 0) + np.roll(edge, -1, 0)) / 4
    return edge


def _even(directions: Floats) -> Floats:
    """Unit directions [R,3] round a ring, each made like its neighbours."""
    for _ in range(4):
        directions = directions + np.roll(directions, 1, 0) + np.roll(directions, -1, 0)
        directions /= np.linalg.norm(directions, axis=1, keepdims=True) + 1e-12
    return directions


def _halved(quads: Ints) -> Ints:
    """Two triangles of each quad."""
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int32)


def strongest(dense: Floats) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The INFLUENCES joints that vertices [N,J] follow most: which [N,4] and how much [N,4], rows summing to one."""
    index = np.argsort(-dense, axis=1)[:, :INFLUENCES]
    weight = np.take_along_axis(dense, index, axis=1)
    return index.astype(np.uint8), (weight / weight.sum(1, keepdims=True)).astype(np.float32)


def _dense_weights(model: BodyModel, vertices: Ints) -> Floats:
    dense = np.zeros((len(vertices), len(model.joint_names)))
    np.put_along_axis(dense, model.bone_index[vertices].astype(int), model.bone_weight[vertices], axis=1)
    return dense


def _weight_of(model: BodyModel, vertices: Ints, joints: Sequence[str]) -> Floats:
    """How much vertices follow any of the joints, 0..1."""
    return _dense_weights(model, vertices)[:, [model.joint_names.index(name) for name in joints]].sum(1)


def _means(start: Ints, end: Ints, weight: Floats, count: int) -> sparse.csr_array:
    """Rows that take the weighted mean of a vertex's neighbours; those without any take the vertex itself."""
    near = sparse.csr_array((weight, (start, end)), (count, count))
    total = np.asarray(near.sum(1)).ravel()
    alone = total < 1e-6
    return sparse.csr_array(
        sparse.diags_array(np.where(alone, 0, 1 / np.maximum(total, 1e-6))) @ near
        + sparse.diags_array(alone.astype(float)),
        dtype=np.float32,
    )


def _hem_faces(sheet: Sheet, rings: Sequence[Ints], soled: Sequence[bool]) -> tuple[Ints, NDArray[np.uint8]]:
    """Faces of all hems, whose vertices follow the sheet's ring of rings by ring of rings; and their pieces."""
    count, total = sheet.count, sum(len(ring) for ring in rings)
    piece = np.zeros(count, np.uint8)
    piece[sheet.faces] = sheet.part[:, None]
    faces, parts, first = [], [], 0
    for ring, sole in zip(rings, soled, strict=True):
        local = first + np.arange(len(ring))
        rows = [ring, *(count + step * total + local for step in range(len(HEM)))]
        for above, below in pairwise(rows):
            right, left = np.roll(above, -1), np.roll(below, -1)
            faces += [np.stack([right, above, below], 1), np.stack([right, below, left], 1)]
            parts += [np.full(len(ring), SOLE, np.uint8) if sole else piece[ring]] * 2
        first += len(ring)
    return np.concatenate(faces).astype(np.int32), np.concatenate(parts)


def _part_borders(sheet: Sheet) -> NDArray:
    """Vertices where pieces meet."""
    most, least = np.zeros(sheet.count, np.uint8), np.full(sheet.count, 255, np.uint8)
    np.maximum.at(most, sheet.faces, sheet.part[:, None])
    np.minimum.at(least, sheet.faces, sheet.part[:, None])
    return np.flatnonzero(most != least)


def _distance(places: Floats, points: Floats) -> NDArray[np.float32]:
    """How far each place [N,3] is from the nearest of `points`; a metre if there are none."""
    if not len(points):
        return np.ones(len(places), np.float32)
    return KDTree(points).query(places)[0].astype(np.float32)
