"""Sheets of cloth, cut from a pattern along smooth lines, and quad meshes made finer.

A sheet follows every body: its vertices are fixed mixtures of the pattern's vertices on that body.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.floating]
Ints = NDArray[np.int32]
SNAP = 0.12  # of an edge: a cut that comes so near to a vertex goes through it


@dataclass(frozen=True, eq=False)
class Sheet:
    """N vertices, each a mixture of P pattern vertices: mix [N,P].  faces [F,3]; part [F]: a number for each piece."""

    mix: sparse.csr_array
    faces: Ints
    part: NDArray[np.uint8]

    @classmethod
    def whole(cls, faces: Ints, count: int) -> "Sheet":
        """All of a pattern with `count` vertices."""
        return cls(sparse.csr_array(sparse.eye_array(count)), faces, np.zeros(len(faces), np.uint8))

    @property
    def count(self) -> int:
        """N."""
        return len(self.mix.indptr) - 1

    def cut(self, field: Floats) -> "Sheet":
        """What lies where `field` [N] is above zero, with a straight edge along the line where it is zero."""
        edges, share, inside, source, _, _ = _clipped(self.faces, field)
        return Sheet(self._with(edges, share), inside, self.part[source])._compact()

    def split(self, field: Floats, part: int) -> "Sheet":
        """The same with an edge where `field` [N] is zero; what lies above it becomes the piece `part`."""
        edges, share, inside, source, outside, other = _clipped(self.faces, field)
        parts = np.concatenate([np.full(len(source), part, np.uint8), self.part[other]])
        return Sheet(self._with(edges, share), np.concatenate([inside, outside]), parts)._compact()

    def loops(self) -> list[Ints]:
        """Each open edge as a ring of vertices, with the sheet on its left."""
        edges = np.concatenate([self.faces[:, [0, 1]], self.faces[:, [1, 2]], self.faces[:, [2, 0]]]).astype(np.int64)
        count = self.count
        one_way, other_way = edges[:, 0] * count + edges[:, 1], edges[:, 1] * count + edges[:, 0]
        after = dict(edges[~np.isin(one_way, other_way)].tolist())
        rings = []
        while after:
            start, current = after.popitem()
            ring = [start]
            while current != start:
                ring.append(current)
                current = after.pop(current)
            rings.append(np.array(ring, np.int32))
        return rings

    def _with(self, edges: Ints, share: Floats) -> sparse.csr_array:
        """The mixtures with one more vertex on each edge [E,2], `share` [E] of the way along it."""
        ends = [sparse.diags_array(weight) @ self.mix[edges[:, i]] for i, weight in enumerate((1 - share, share))]
        return sparse.csr_array(sparse.vstack([self.mix, ends[0] + ends[1]]))

    def _compact(self) -> "Sheet":
        used, faces = np.unique(self.faces, return_inverse=True)
        return Sheet(self.mix[used], faces.reshape(-1, 3).astype(np.int32), self.part)


def _clipped(faces: Ints, field: Floats) -> tuple[Ints, Floats, Ints, NDArray, Ints, NDArray]:
    """Faces cut where a field is zero.

    Returns edges [E,2] and shares [E] of the new vertices, which are numbered on; then the faces above zero with the
    old faces that they come from, and the same below.
    """
    sides = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    steps = np.abs(field[sides[:, 0]] - field[sides[:, 1]])
    crossing = (field[sides] > 0).any(1) & (field[sides] <= 0).any(1)
    near = SNAP * np.median(steps[crossing]) if crossing.any() else 0.0
    field = np.where(np.abs(field) < near, 1e-9, field)
    above, below = _half(faces, field > 0), _half(faces, field <= 0)
    pairs = np.sort(np.concatenate([above[1], below[1]]), axis=1)
    edges, own = np.unique(pairs, axis=0, return_inverse=True)
    start, end = field[edges].T
    halves = []
    for (half, on_edge, source), first in ((above, 0), (below, len(above[1]))):
        new = np.append(own.ravel()[first : first + len(on_edge)], 0) + len(field)
        halves += [np.where(half < 0, new[np.maximum(-half - 1, 0)], half).astype(np.int32), source]
    return edges.astype(np.int32), start / (start - end), *halves


def _half(faces: Ints, inside: NDArray[np.bool_]) -> tuple[Ints, Ints, NDArray]:
    """Faces of one side, where -1-e stands for the e-th of the cut edges [E,2]; the edges; the faces' sources."""
    flags = inside[faces]
    count = flags.sum(1)
    number = np.arange(len(faces))
    tip, base = count == 1, count == 2
    a, b, c = _rolled(faces[tip], flags[tip].argmax(1)).T
    d, e, f = _rolled(faces[base], flags[base].argmin(1)).T
    edges = np.concatenate([np.stack(pair, 1) for pair in ((a, b), (a, c), (d, e), (d, f))])
    new = -1 - np.arange(len(edges))
    ab, ac, de, df = np.split(new, np.cumsum([len(a), len(a), len(d)]))
    cut = [np.stack(corners, 1) for corners in ((a, ab, ac), (e, f, df), (e, df, de))]
    sources = [number[count == 3], number[tip], number[base], number[base]]
    return np.concatenate([faces[count == 3], *cut]).astype(np.int32), edges, np.concatenate(sources)


def _rolled(faces: Ints, first: NDArray) -> Ints:
    """The same faces begun at their corner `first` [F]."""
    return np.take_along_axis(faces, (first[:, None] + np.arange(3)) % 3, axis=1)


def subdivided(quads: Ints, count: int) -> tuple[sparse.csr_array, Ints]:
    """The mixtures [N,count] of the vertices of a finer mesh, and its quads [4Q,4] (Catmull and Clark 1978)."""
    sides = np.stack([quads, np.roll(quads, -1, 1)], -1).reshape(-1, 2)
    edges, of_side, uses = np.unique(np.sort(sides, 1), axis=0, return_inverse=True, return_counts=True)
    of_side = of_side.reshape(-1, 4)
    face = _incidence(np.repeat(np.arange(len(quads)), 4), quads.ravel(), 0.25, (len(quads), count))
    middle = _incidence(np.repeat(np.arange(len(edges)), 2), edges.ravel(), 0.5, (len(edges), count))
    beside = _incidence(of_side.ravel(), np.repeat(np.arange(len(quads)), 4), 0.5, (len(edges), len(quads)))
    open_edge = uses == 1
    edge = sparse.diags_array(np.where(open_edge, 1, 0.5)) @ middle + sparse.diags_array(
        np.where(open_edge, 0, 0.5)
    ) @ (beside @ face)
    vertex = _moved_vertices(quads, edges, open_edge, face, middle, count)
    e, f = count + of_side, count + len(edges) + np.arange(len(quads))
    corners = [np.stack([quads[:, k], e[:, k], f, e[:, k - 1]], 1) for k in range(4)]
    return sparse.csr_array(sparse.vstack([vertex, edge, face])), np.concatenate(corners).astype(np.int32)


def _moved_vertices(
    quads: Ints, edges: NDArray, open_edge: NDArray[np.bool_], face: sparse.csr_array, middle: sparse.csr_array,
    count: int,
) -> sparse.csr_array:  # fmt: skip
    """Where the old vertices go [count,count]; those on an open edge stay on its line."""
    to_face = _incidence(quads.ravel(), np.repeat(np.arange(len(quads)), 4), 1.0, (count, len(quads)))
    to_edge = _incidence(edges.ravel(), np.repeat(np.arange(len(edges)), 2), 1.0, (count, len(edges)))
    faces, sides = (np.maximum(np.asarray(m.sum(1)).ravel(), 1) for m in (to_face, to_edge))
    border = edges[open_edge]
    to_border = _incidence(border.ravel(), np.repeat(np.flatnonzero(open_edge), 2), 1.0, (count, len(edges)))
    on_border = np.asarray(to_border.sum(1)).ravel() > 0
    inner = sparse.diags_array(np.where(on_border, 0, 1 / (faces * sides))) @ (to_face @ face)
    inner += sparse.diags_array(np.where(on_border, 0, 2 / (sides * sides))) @ (to_edge @ middle)
    still = np.where(on_border, 0.5, 1 - 3 / sides)
    outer = sparse.diags_array(np.where(on_border, 0.25, 0)) @ (to_border @ middle)
    return inner + outer + sparse.diags_array(still)


def _incidence(rows: NDArray, columns: NDArray, value: float, shape: tuple[int, int]) -> sparse.csr_array:
    return sparse.csr_array((np.full(len(rows), value), (rows, columns)), shape)
