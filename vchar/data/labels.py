"""What is known of a drawn head: its labels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vchar.raster import interpolate_corners
from vchar.render.picture import casts_shadow, coverage, rasterise_meshes
from vchar.render.scene import EYE, HAIR, SKIN, TONGUE, TOOTH, Material, Mesh
from vchar.rig.body import PARTS
from vchar.rig.camera import Camera

Floats = NDArray[np.floating]
# metres that each landmark may lie below what covers it and still count as seen; lids cover irises closely
NEAR = np.array([0.004] * 68 + [0.0015] * 2, np.float32)
WORN = 255


@dataclass(frozen=True)
class Dense:
    """What every pixel of the clean picture shows; blended hair, brows and lenses are in the matte alone.

    depth: [S,S] metres, inf for the background.  normals: [S,S,3] unit, camera axes.  uv: [S,S,2] in MakeHuman's layout
    (skin alone).  parts: [S,S] the place in PARTS plus one; 0 for the background, 255 for what is worn.
    matte: [S,S,2] how far it shows the person (0..255), and hair (that of brows and lashes isn't meant).
    """

    depth: Floats
    normals: Floats
    uv: Floats
    parts: NDArray[np.uint8]
    matte: NDArray[np.uint8]


@dataclass(frozen=True)
class HeadSample:
    """picture: [S,S,3] uint8.  landmarks: [70,2] px.  visibility: [70], 1 seen, 0 hidden or outside the picture.

    arkit: [52].  pose: (yaw, pitch, roll) of the head in degrees.  dense: None, or labels of every pixel.
    """

    picture: NDArray[np.uint8]
    landmarks: Floats
    visibility: Floats
    arkit: Floats
    pose: Floats
    dense: "Dense | None" = None

    def arrays(self) -> dict[str, NDArray]:
        """All labels by name."""
        own = {name: getattr(self, name) for name in ("picture", "landmarks", "visibility", "arkit", "pose")}
        return own | (vars(self.dense) if self.dense else {})


def visibility(meshes: Sequence[Mesh], camera: Camera, screen: Floats, size: int) -> Floats:
    """1 for the landmarks [70,3] (x px, y px, depth) that lie in the picture with nothing before them, else 0."""
    solid = [replace(mesh, faces=mesh.faces[casts_shadow(mesh)]) for mesh in meshes]
    small = (size + 1) // 2  # half the resolution is exact enough
    depth = np.pad(rasterise_meshes(solid, camera.scaled(0.5), small, small).depth, 1, constant_values=np.inf)
    inside = ((screen[:, :2] >= 0) & (screen[:, :2] < size)).all(1)
    x, y = (screen[:, :2] / 2).clip(0, small - 1).astype(int).T
    around = np.stack([depth[y + j, x + i] for j in range(3) for i in range(3)])
    return (inside & (screen[:, 2] < around.max(0) + NEAR)).astype(np.float32)


def dense_labels(meshes: Sequence[Mesh], camera: Camera, size: int) -> Dense:
    """Labels of every pixel."""
    solid = [mesh for mesh in meshes if not mesh.blended]
    raster = rasterise_meshes(solid, camera, size, size)
    normals = interpolate_corners(raster, np.concatenate([(m.normals @ camera.rotation.T)[m.faces] for m in solid]))
    normals /= np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-9)
    none = np.zeros((1, 3, 2))
    uv = [m.uv if m.material is SKIN and m.uv is not None else none.repeat(len(m.faces), 0) for m in solid]
    part = np.concatenate([np.full(len(mesh.faces), _part(mesh.material), np.uint8) for mesh in solid])
    parts = np.where(raster.face >= 0, part[raster.face], 0).astype(np.uint8)
    matte = coverage(meshes, [mesh.material is HAIR for mesh in meshes], camera, size)
    pixels = (matte * 255 + 0.5).astype(np.uint8)
    return Dense(raster.depth, normals, interpolate_corners(raster, np.concatenate(uv)), parts, pixels)


def _part(material: Material) -> int:
    for name, known in (("skin", SKIN), ("eyes", EYE), ("teeth", TOOTH), ("tongue", TONGUE)):
        if material is known:
            return PARTS.index(name) + 1
    return WORN
