"""What a camera sees of a posed head: the surface under each pixel."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vchar.raster import Raster, interpolate, interpolate_corners, rasterise
from vchar.rig.body import PARTS, HeadModel
from vchar.rig.camera import Camera

Floats = NDArray[np.float32]

SKIN, CAVITY, EYES, TEETH, TONGUE = range(len(PARTS))
NOTHING = -1
MOUTH = (CAVITY, TEETH, TONGUE)
WHOLE = (slice(None), slice(None))
BEHIND_LIPS = 0.014  # metres that mouth parts are pushed back, so that they never poke through lips or chin


@dataclass(frozen=True)
class View:
    """A head model as `vertices` [V,3], seen by a camera in a picture of `height` x `width`."""

    head: HeadModel
    vertices: Floats
    camera: Camera
    height: int
    width: int
    tongue_out: float = 0.0

    @cached_property
    def screen(self) -> Floats:
        """[V,3]: x and y in pixels, depth in metres."""
        return self.camera.project(self.vertices)

    @cached_property
    def raster(self) -> Raster:
        """The nearest surface of each pixel; a tongue that is put out lies before the lips."""
        bias = np.where(np.isin(self.head.face_part, MOUTH), BEHIND_LIPS, 0).astype(np.float32)
        bias[self.head.face_part == TONGUE] *= 1 - self.tongue_out
        return rasterise(self.screen, self.head.faces, self.height, self.width, bias)

    @cached_property
    def part(self) -> NDArray[np.int8]:
        """[H,W] number of the part in PARTS, NOTHING beside the head."""
        return np.where(self.raster.face >= 0, self.head.face_part[self.raster.face], NOTHING).astype(np.int8)

    @cached_property
    def mouth(self) -> NDArray[np.bool_]:
        """[H,W] where teeth, tongue or cavity are seen."""
        return np.isin(self.part, MOUTH)

    @cached_property
    def normals(self) -> Floats:
        """[V,3] unit, out of the surface, in camera axes."""
        return (self.head.normals(self.vertices) @ self.camera.rotation.T).astype(np.float32)

    @cached_property
    def facing(self) -> Floats:
        """[V] cosine between the surface and the ray to the camera: 1 seen from the front, below 0 from behind."""
        rays = self.camera.place(self.vertices)
        return -(self.normals * rays).sum(1) / np.linalg.norm(rays, axis=1)

    def spread(self, values: Floats, at: tuple[slice, slice] = WHOLE) -> Floats:
        """Values per vertex [V,K] over the picture, or a window of it, [H,W,K]; 0 beside the head."""
        return interpolate(self._window(at), self.head.faces, values)

    def uv(self, at: tuple[slice, slice] = WHOLE) -> Floats:
        """Texture coordinates over the picture, or a window of it, [H,W,2]."""
        return interpolate_corners(self._window(at), self.head.uv)

    def _window(self, at: tuple[slice, slice]) -> Raster:
        r = self.raster
        return Raster(r.depth[at], np.ascontiguousarray(r.face[at]), np.ascontiguousarray(r.bary[at]))
