"""The head: a linear model of shape and expression, made from the Anny body (see `vchar.training.head`).

Axes: x right in the picture (the character's left), y down, z away from the camera; metres from the head's bone.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from vchar import checkpoint
from vchar.rig.blendshapes import ARKIT_NAMES

Array = NDArray[np.float32]

PARTS = ("skin", "cavity", "eyes", "teeth", "tongue")  # what `face_part` counts; the cavity is the mouth's inner skin
PIVOT = np.array([0, 0.02, 0.01], np.float32)  # the head turns about the atlas
GAZE = {"In": 30.0, "Out": 30.0, "Up": 22.0, "Down": 26.0}  # degrees that an eye turns at eyeLook* = 1


@dataclass(frozen=True)
class HeadConfig:
    """What the arrays of a head cannot say: the names of its local changes, one for each pair."""

    local_names: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "local_names", tuple(self.local_names))


@dataclass(frozen=True)
class HeadModel:
    """V vertices, F triangles, P phenotype components, L local changes. Arrays are shared: treat them as read-only.

    mean [V,3]; phenotype [P,V,3] for one standard deviation each; local_up, local_down [L,V,3]; arkit [52,V,3] in the
    order of ARKIT_NAMES.  faces [F,3]; face_part [F] counts PARTS; uv [F,3,2] (v up) in MakeHuman's layout for skin,
    round the pupil (0.5, 0.5) for eyes.  albedo [V,3]: plain sRGB colours.  turn_weight [V]: 1 follows the head, 0 the
    torso.  eye [V]: 1 the picture's left eyeball, 2 the other, 0 none; eye_centres [2]: the vertices they turn about.
    landmarks [70]: vertices of the 68 points and the two pupils.  mirror [V]: each vertex's twin.  base_index [V]:
    vertex of MakeHuman's base mesh, or -1.
    """

    local_names: tuple[str, ...]
    mean: Array
    phenotype: Array
    local_up: Array
    local_down: Array
    arkit: Array
    faces: NDArray[np.int32]
    face_part: NDArray[np.uint8]
    uv: Array
    albedo: Array
    turn_weight: Array
    eye: NDArray[np.uint8]
    eye_centres: NDArray[np.int32]
    landmarks: NDArray[np.int32]
    mirror: NDArray[np.int32]
    base_index: NDArray[np.int32]

    @classmethod
    def load(cls, folder: Path | None = None) -> "HeadModel":
        """The head that comes with vchar, or another one; VcharError when it can't be read."""
        folder = folder or checkpoint.shipped("head")
        config = checkpoint.load_config(folder, HeadConfig)
        arrays = {name: tensor.numpy() for name, tensor in checkpoint.load_tensors(folder).items()}
        pairs, places, moves = len(config.local_names), arrays.pop("delta_index"), arrays.pop("delta")
        deltas = np.zeros((2 * pairs + len(ARKIT_NAMES), len(arrays["mean"]), 3), np.float32)
        deltas.reshape(-1, 3)[places] = moves
        local_up, local_down, arkit = np.split(deltas, [pairs, 2 * pairs])
        phenotype = arrays.pop("phenotype").astype(np.float32)
        return cls(
            config.local_names, phenotype=phenotype, local_up=local_up, local_down=local_down, arkit=arkit, **arrays
        )

    def shape(self, phenotype: Array, local: Array, arkit: Array) -> Array:
        """Vertices [V,3] of a person and an expression.

        phenotype [P] in standard deviations; local [L] in -1..1, whose sign picks the change; arkit [52] in 0..1.
        """
        vertices = self.mean + np.tensordot(np.asarray(phenotype, np.float32), self.phenotype, 1)
        vertices += np.tensordot(np.maximum(local, 0).astype(np.float32), self.local_up, 1)
        vertices += np.tensordot(np.maximum(-np.asarray(local), 0).astype(np.float32), self.local_down, 1)
        vertices += np.tensordot(np.asarray(arkit, np.float32), self.arkit, 1)
        for i, side in enumerate(("Right", "Left")):
            self._look(vertices, i, side, np.asarray(arkit))
        return vertices

    def turn(self, vertices: Array, yaw: float = 0, pitch: float = 0, roll: float = 0) -> Array:
        """The same vertices with the head turned on its neck by degrees; the torso stays."""
        turning = Rotation.from_euler("YXZ", [-yaw, -pitch, roll], degrees=True).as_rotvec()
        rotations = Rotation.from_rotvec(turning * self.turn_weight[:, None]).as_matrix().astype(np.float32)
        return np.einsum("vij,vj->vi", rotations, vertices - PIVOT) + PIVOT

    def normals(self, vertices: Array) -> Array:
        """Unit normals [V,3] that point out of the surface."""
        return vertex_normals(vertices, self.faces)

    def _look(self, vertices: Array, eye: int, side: str, arkit: Array) -> None:
        """Turn one eyeball about its centre, in place."""
        look = {way: GAZE[way] * float(arkit[ARKIT_NAMES.index(f"eyeLook{way}{side}")]) for way in GAZE}
        across = look["Out"] - look["In"] if side == "Left" else look["In"] - look["Out"]
        if across or look["Up"] or look["Down"]:
            turning = Rotation.from_euler("YX", [-across, look["Down"] - look["Up"]], degrees=True)
            ball, centre = self.eye == eye + 1, vertices[self.eye_centres[eye]]
            vertices[ball] = turning.apply(vertices[ball] - centre) + centre


def vertex_normals(vertices: Array, faces: NDArray[np.int32]) -> Array:
    """Unit normals [V,3] of a mesh whose faces run counter-clockwise about their outward side."""
    a, b, c = (vertices[faces[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    normals = np.stack(
        [np.bincount(faces.ravel(), np.repeat(across[:, k], 3), len(vertices)) for k in range(3)], axis=1
    )
    return (normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)).astype(np.float32)
