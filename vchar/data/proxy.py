"""MakeHuman's add-on meshes (brows, lashes, hair): surfaces bound to the vertices of the head."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vchar.rig.body import HeadModel

Floats = NDArray[np.floating]
DECIMETRES = 0.1
TO_CAMERA = np.array([1, -1, -1])  # MakeHuman: y up, z towards the viewer


@dataclass(frozen=True)
class Proxy:
    """A mesh of N vertices, each carried by three vertices of the head.

    index [N,3], weight [N,3], offset [N,3] metres.  faces [F,3].  uv [F,3,2], v up.
    texture [h,w,4] uint8 sRGB and alpha.
    """

    index: NDArray[np.int32]
    weight: Floats
    offset: Floats
    faces: NDArray[np.int32]
    uv: Floats
    texture: NDArray[np.uint8]

    def follow(self, vertices: NDArray) -> Floats:
        """Where the mesh's vertices [N,3] are, given the head's."""
        return np.einsum("nk,nkc->nc", self.weight, vertices[self.index]) + self.offset


def mirrored(proxy: Proxy, head: HeadModel) -> Proxy:
    """The same mesh on the other side of the head."""
    flip = np.array([-1, 1, 1], np.float32)
    return replace(
        proxy,
        index=head.mirror[proxy.index],
        offset=proxy.offset * flip,
        faces=proxy.faces[:, ::-1],
        uv=proxy.uv[:, ::-1],
    )


def read_proxy(mhclo: str, obj: str, texture: NDArray[np.uint8], head: HeadModel) -> Proxy:
    """Bind a mesh to the head by the text of MakeHuman's .mhclo and .obj files."""
    index, weight, offset = _binding(mhclo, head)
    faces, uv = _surface(obj)
    return Proxy(index, weight, offset, faces, uv, texture)


def _binding(mhclo: str, head: HeadModel) -> tuple[NDArray[np.int32], Floats, Floats]:
    """Head vertices, their weights, and offsets in metres for every vertex of the mesh."""
    place = np.zeros(head.base_index.max() + 1, np.int32)
    place[head.base_index[head.base_index >= 0]] = np.nonzero(head.base_index >= 0)[0]
    scale = np.ones(3)
    rows: list[list[float]] = []
    for words in _lines(mhclo):
        if words[0] in ("x_scale", "y_scale", "z_scale"):
            axis = "xyz".index(words[0][0])
            ends = head.mean[place[[int(words[1]), int(words[2])]], axis]
            scale[axis] = abs(ends[0] - ends[1]) / DECIMETRES / float(words[3])
        elif words[0].isdigit():
            numbers = [float(word) for word in words]
            rows.append(numbers[:9] if len(numbers) >= 9 else [numbers[0]] * 3 + [1, 0, 0, 0, 0, 0])
    table = np.array(rows)
    offset = table[:, 6:] * scale * TO_CAMERA * DECIMETRES
    return place[table[:, :3].astype(int)], table[:, 3:6].astype(np.float32), offset.astype(np.float32)


def _lines(mhclo: str) -> Iterator[list[str]]:
    """Words of the lines that matter: scales, and the rows of vertices."""
    inside = False
    for line in mhclo.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "verts":
            inside = True
        elif words[0].endswith("_scale") or (inside and words[0].isdigit()):
            yield words
        elif words[0] == "delete_verts":
            return


def _surface(obj: str) -> tuple[NDArray[np.int32], Floats]:
    """Triangles [F,3] and their texture coordinates [F,3,2] of a Wavefront file."""
    points: list[list[float]] = []
    corners: list[list[tuple[int, int]]] = []
    for line in obj.splitlines():
        words = line.split()
        if words[:1] == ["vt"]:
            points.append([float(word) for word in words[1:3]])
        elif words[:1] == ["f"]:
            polygon = [(int(v) - 1, int(t) - 1) for v, t in (word.split("/")[:2] for word in words[1:])]
            corners += [[polygon[0], polygon[k], polygon[k + 1]] for k in range(1, len(polygon) - 1)]
    table = np.array(corners)
    return table[..., 0].astype(np.int32), np.array(points, np.float32)[table[..., 1]]
