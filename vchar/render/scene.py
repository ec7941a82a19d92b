"""What a picture is made of: meshes with their materials, and light. All immutable, all plain numpy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Material:
    """How a surface answers light.

    roughness: 0..1 (GGX, squared inside).  reflectance: share of light mirrored at a steep view.
    scatter: how far light creeps around the shadow's edge in red, green and blue, 0 (not at all) .. 1.
    """

    roughness: float = 0.5
    reflectance: float = 0.04
    scatter: tuple[float, float, float] = (0.0, 0.0, 0.0)


SKIN = Material(roughness=0.45, reflectance=0.028, scatter=(0.38, 0.16, 0.09))
EYE = Material(roughness=0.2, reflectance=0.03, scatter=(0.25, 0.2, 0.2))
TOOTH = Material(roughness=0.3, reflectance=0.04, scatter=(0.3, 0.28, 0.25))
TONGUE = Material(roughness=0.35, reflectance=0.03, scatter=(0.4, 0.15, 0.1))
HAIR = Material(roughness=0.5, reflectance=0.04, scatter=(0.4, 0.4, 0.4))
BROW = Material(roughness=0.5, reflectance=0.04, scatter=(0.4, 0.4, 0.4))  # and lashes: hair that is of the face
CLOTH = Material(roughness=0.9, reflectance=0.02)


@dataclass(frozen=True)
class Mesh:
    """A surface.

    vertices: [V,3] metres.  normals: [V,3] unit, outward.  faces: [F,3].
    colour: [V,3] linear light, multiplied with the texture.
    texture: [h,w,3 or 4] uint8 sRGB (+ alpha), with uv: [F,3,2] in 0..1 per corner, v up; None: colour alone.
    occlusion: [V] how much of the surroundings a vertex sees, 0..1; None: all.
    depth_bias: metres that the mesh steps back where it competes with others.
    blended: alpha-blended over what lies behind (hair, brows, lashes), instead of opaque.
    """

    vertices: NDArray
    normals: NDArray
    faces: NDArray
    material: Material
    colour: NDArray
    texture: NDArray[np.uint8] | None = None
    uv: NDArray | None = None
    occlusion: NDArray | None = None
    depth_bias: float = 0.0
    blended: bool = False


@dataclass(frozen=True)
class Light:
    """Light in camera axes (x right, y down, z away): it stays where it is in the picture when the camera turns.

    environment: [9,3] irradiance / pi as spherical harmonics (see vchar.render.light).
    direction: [3] unit, from the scene towards the key light.  colour: [3] its radiance, linear.
    softness: blur of its shadow in metres.
    """

    environment: NDArray
    direction: NDArray
    colour: NDArray
    softness: float = 0.01
