"""The head as a thing of its own: cut off at the neck, with a texture layout that gives the face its due."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from vchar.rig.body import PARTS, HeadModel
from vchar.rig.sheet import Sheet

Floats = NDArray[np.floating]
Ints = NDArray[np.int32]

# metres below the head's bone where the neck is cut, how much deeper at its front, how much higher beyond its width
NECK, SLANT, RISE, WIDTH, SOFT = 0.12, 0.5, 1.2, 0.05, 0.006
NEAR_CUT = 0.01  # metres
KEPT = 0.02  # turn weight below which skin is surely not the head's
RIM = ((0.05, 0.001), (0.12, 0.0), (0.2, -0.012))  # the cut's edge goes inwards: shares of the way, metres down
# MakeHuman's islands of the neck and of the sockets behind the eyes: left, bottom, right, top in its layout
COLLAR, SOCKETS = (0.25, 0.835, 0.51, 0.98), (0.0, 0.54, 0.16, 0.64)
HEIGHT = 0.84  # of the head's island in ours
FACE = ((0.4835, 0.08, 0.335), (0.885, 0.07, 0.641, 0.994))  # middle and spread across; then down, and its ends


@dataclass(frozen=True, eq=False)
class Bust:
    """N vertices made of the head's V, F triangles.

    mix [N,V], offset [N,3] metres: vertices are mix @ head's + offset.  faces [F,3]; part [F] counts PARTS.
    uv [N,2], v up: in our layout for skin, round the pupil for eyes.  makehuman_uv [N,2]: in MakeHuman's layout.
    """

    mix: sparse.csr_array
    offset: NDArray[np.float32]
    faces: Ints
    part: NDArray[np.uint8]
    uv: NDArray[np.float32]
    makehuman_uv: NDArray[np.float32]

    @classmethod
    def of(cls, head: HeadModel) -> "Bust":
        """The parts one after another: skin, cavity, eyes, teeth, tongue."""
        pieces = [_skin(head), *(_piece(head, part) for part in range(1, len(PARTS)))]
        first = np.cumsum([0, *(len(piece.uv) for piece in pieces)])
        return cls(
            sparse.csr_array(sparse.vstack([piece.mix for piece in pieces])),
            np.concatenate([piece.offset for piece in pieces]),
            np.concatenate([piece.faces + start for piece, start in zip(pieces, first, strict=False)]).astype(np.int32),
            np.concatenate([piece.part for piece in pieces]),
            np.concatenate([piece.uv for piece in pieces]),
            np.concatenate([piece.makehuman_uv for piece in pieces]),
        )

    def place(self, vertices: Floats) -> NDArray[np.float32]:
        """Its vertices [N,3], given the head's [V,3]."""
        return (self.mix @ vertices + self.offset).astype(np.float32)

    def spread(self, values: Floats) -> NDArray[np.float32]:
        """Values per vertex of the head [V,K] on its own vertices [N,K]."""
        return (self.mix @ values).astype(np.float32)

    def only(self, *parts: str) -> NDArray[np.intp]:
        """The faces of these parts."""
        return np.flatnonzero(np.isin(self.part, [PARTS.index(part) for part in parts]))


def _corners(head: HeadModel, faces: NDArray) -> tuple[sparse.csr_array, Ints, Floats]:
    """Vertices split where textures part: the mixture [P,V], faces [F,3], uv [P,2] in MakeHuman's layout."""
    key = np.concatenate([head.faces[faces].reshape(-1, 1), np.round(head.uv[faces].reshape(-1, 2) * 2e4)], axis=1)
    _, first, own = np.unique(key, axis=0, return_index=True, return_inverse=True)
    vertex, uv = head.faces[faces].ravel()[first], head.uv[faces].reshape(-1, 2)[first]
    mix = sparse.csr_array((np.ones(len(vertex)), (np.arange(len(vertex)), vertex)), (len(vertex), len(head.mean)))
    return mix, own.reshape(-1, 3).astype(np.int32), uv


def _piece(head: HeadModel, part: int) -> Bust:
    mix, faces, uv = _corners(head, np.flatnonzero(head.face_part == part))
    return Bust(mix, np.zeros((len(uv), 3), np.float32), faces, np.full(len(faces), part, np.uint8), uv, uv)


def _skin(head: HeadModel) -> Bust:
    """The skin down to the neck, whose edge is turned in."""
    skin = PARTS.index("skin")
    mix, faces, uv = _corners(
        head, np.flatnonzero((head.face_part == skin) & (head.turn_weight[head.faces].max(1) > KEPT))
    )
    sheet = Sheet.whole(faces, len(uv)).cut(_above_the_cut(mix @ head.mean))
    edge = _cut_edges(sheet.faces, sheet.mix @ mix @ head.mean)
    ring, own = np.unique(edge, return_inverse=True)
    rows, middle = sheet.mix[ring], sparse.csr_array(np.full((len(ring), len(ring)), 1 / len(ring)))
    inner = [rows * (1 - inwards) + (middle @ rows) * inwards for inwards, _ in RIM]
    uv = sheet.mix @ uv
    down = np.repeat([0.0, *(metres for _, metres in RIM)], [len(uv), *[len(ring)] * len(RIM)])
    faces = np.concatenate([sheet.faces, _strips(edge, own.reshape(-1, 2).astype(np.int32), len(uv), len(ring))])
    uv = np.concatenate([uv, *[uv[ring]] * len(RIM)])
    return Bust(
        sparse.csr_array(sparse.vstack([sheet.mix, *inner]) @ mix),
        (down[:, None] * [0, 1, 0]).astype(np.float32),
        faces,
        np.full(len(faces), skin, np.uint8),
        layout(uv).astype(np.float32),
        uv.astype(np.float32),
    )


def _above_the_cut(place: Floats) -> Floats:
    x, y, z = place.T
    return NECK - SLANT * z - RISE * np.logaddexp(0, (np.abs(x) - WIDTH) / SOFT) * SOFT - y


def _cut_edges(faces: Ints, place: Floats) -> Ints:
    """The open edges [E,2] along the cut, those where only the texture parts left out."""
    same = np.unique(np.round(place * 1e6), axis=0, return_inverse=True)[1].ravel()
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    start, end = same[edges].T.astype(np.int64)
    alone = ~np.isin(start * len(place) + end, end * len(place) + start)
    return edges[alone & (np.abs(_above_the_cut(place[edges[:, 0]])) < NEAR_CUT)].astype(np.int32)


def _strips(edge: Ints, own: Ints, count: int, ring: int) -> Ints:
    """Faces from the edges [E,2] inwards; `own`: the same edges by their vertices' places in the ring."""
    faces = []
    outer = edge
    for step in range(len(RIM)):
        inner = count + step * ring + own
        faces += [
            np.stack([outer[:, 1], outer[:, 0], inner[:, 0]], 1),
            np.stack([outer[:, 1], inner[:, 0], inner[:, 1]], 1),
        ]
        outer = inner
    return np.concatenate(faces).astype(np.int32)


def layout(uv: Floats) -> Floats:
    """MakeHuman's texture coordinates [N,2] of head and neck -> ours: upright, the face large, the neck below."""
    u, v = uv.T
    (across, spread, half), (down, tall, start, end) = FACE
    x = 0.5 + 0.5 * np.arcsinh((v - across) / spread) / np.arcsinh(half / spread)
    low, high = (np.arcsinh((edge - down) / tall) for edge in (start, end))
    y = 1 - HEIGHT * (np.arcsinh((u - down) / tall) - low) / (high - low)
    collar, sockets = v > COLLAR[1], u < SOCKETS[2]
    x = np.where(collar, 0.82 * (u - COLLAR[0]) / (COLLAR[2] - COLLAR[0]), x)
    y = np.where(collar, (1 - HEIGHT) * (v - COLLAR[1]) / (COLLAR[3] - COLLAR[1]), y)
    x = np.where(sockets, 0.83 + 0.16 * u / SOCKETS[2], x)
    y = np.where(sockets, (1 - HEIGHT) * (v - SOCKETS[1]) / (SOCKETS[3] - SOCKETS[1]), y)
    return np.stack([x, y], axis=1)
