"""The whole body: a linear model of adults (see `vchar.training.body`), in a T-pose on our skeleton.

Axes as for clips: x the character's left, y up, z ahead, metres; the hips' joint at the origin.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vchar import checkpoint
from vchar.rig import phenotype, rotation
from vchar.rig.clip import Clip
from vchar.rig.rotation import Array
from vchar.rig.skeleton import SOLE, Skeleton
from vchar.rig.skinning import matrices, skin, unskin

FLOOR = 10  # percentile of the lowest points over a clip that counts as the floor; what lies deeper is noise
FLYING = 0.15  # metres above the floor from which a whole clip is in the air
SPARSE = 5
Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class BodyConfig:
    """What the arrays of a body cannot say: the names of its joints, those of `Skeleton.body`."""

    joint_names: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "joint_names", tuple(self.joint_names))


@dataclass(frozen=True)
class BodyModel:
    """V vertices, F triangles, C principal shapes, J joints. Arrays are shared: treat them as read-only.

    mean [V,3] and basis [C,V,3]: vertices as MakeHuman's artists posed them, arms and legs a little spread, from the
    hips; the same for joint_mean [J,3] and joint_basis.  corners [K, corners], offset [C], terms [K,C], local [L,C]:
    how sliders become principal shapes (see vchar.rig.phenotype).
    faces [F,3]; face_part [F] counts vchar.rig.body.PARTS; uv [F,3,2] and albedo [V,3] as in HeadModel.
    complexion [V,3]: what each place makes of the skin's linear light.
    tights [Q,4], skirt [Q,4]: quads of patterns for clothes round the body; no face uses their vertices.
    bone_index, bone_weight [V,4]: what each vertex follows.  base_index [V]: vertex of MakeHuman's base mesh, as in
    HeadModel; -1 for the eyeballs, which are HeadModel's, in the same order.
    """

    joint_names: tuple[str, ...]
    mean: Floats
    basis: Floats
    joint_mean: Floats
    joint_basis: Floats
    corners: NDArray[np.uint8]
    offset: Floats
    terms: Floats
    local: Floats
    faces: Ints
    face_part: NDArray[np.uint8]
    uv: Floats
    albedo: Floats
    complexion: Floats
    tights: Ints
    skirt: Ints
    bone_index: NDArray[np.uint8]
    bone_weight: Floats
    base_index: Ints

    @classmethod
    def load(cls, folder: Path | None = None) -> "BodyModel":
        """The body that comes with vchar, or another one; VcharError when it can't be read."""
        folder = folder or checkpoint.shipped("body")
        config = checkpoint.load_config(folder, BodyConfig)
        arrays = {name: tensor.numpy() for name, tensor in checkpoint.load_tensors(folder).items()}
        for name in ("basis", "bone_weight", "complexion"):
            arrays[name] = arrays[name].astype(np.float32)
        return cls(config.joint_names, **arrays)

    def principal(self, sliders: Mapping[str, float]) -> Floats:
        """How much of each principal shape [C] a body takes, in standard deviations.

        sliders: -1..1 by name in `phenotype.SLIDERS`; VcharError for any other.
        """
        values = phenotype.values(sliders)[None]
        mixed = phenotype.shares(values, self.corners)[0] @ self.terms
        return (self.offset + mixed + phenotype.local_shares(values)[0] @ self.local).astype(np.float32)

    def modelled(self, principal: Floats) -> tuple[Floats, Floats]:
        """Vertices [V,3] and joints [J,3] with arms and legs a little spread, as in `mean`."""
        vertices = self.mean + np.tensordot(principal, self.basis, 1)
        return vertices, self.joint_mean + np.tensordot(principal, self.joint_basis, 1)

    def shape(self, sliders: Mapping[str, float]) -> "Shape":
        """The body in its T-pose; VcharError for an unknown slider."""
        vertices, joints = self.modelled(self.principal(sliders))
        skeleton, turned = straightened(joints)
        rest = skeleton.rest_positions()
        moves = matrices(turned, joints, rest)
        straight = unskin(vertices, self.bone_index, self.bone_weight, moves)
        return Shape(self, straight, _with_tips(skeleton, straight, rest), vertices)


@dataclass(frozen=True, eq=False)
class Shape:
    """One body: its vertices [V,3] in the T-pose and its skeleton; `modelled` [V,3] as in BodyModel.modelled."""

    model: BodyModel
    vertices: Floats
    skeleton: Skeleton
    modelled: Floats

    @cached_property
    def rest(self) -> Floats:
        """The joints [J,3] in the T-pose."""
        return self.skeleton.rest_positions()

    @cached_property
    def sole(self) -> float:
        """How high the ankles are above the soles of the tights, m."""
        feet = [self.skeleton.index("LeftFoot"), self.skeleton.index("RightFoot")]
        return float(self.rest[feet, 1].mean() - self.vertices[:, 1].min())

    def standing_height(self, lift: float = 0.0) -> float:
        """How high the hips are above the ground (m) in the T-pose; lift: thickness of its shoes' soles."""
        feet = [self.skeleton.index("LeftFoot"), self.skeleton.index("RightFoot")]
        return float(self.sole + lift - self.rest[feet, 1].mean())

    def moves(self, clip: Clip) -> Floats:
        """[T,J,3,4] that take points of the T-pose along with a clip of this skeleton."""
        return matrices(clip.global_rotations, clip.joint_positions, self.rest)

    def follow(self, clip: Clip, lift: float = 0.0) -> Clip:
        """A clip of our standard skeleton on this body: the same rotations, steps as long as its legs, on the ground.

        lift: thickness of its shoes' soles (m).
        """
        legs = _leg_length(self.skeleton) / _leg_length(clip.skeleton)
        root = (clip.root_positions - [0, SOLE, 0]) * legs + [0, self.sole + lift, 0]
        # hips differ in how far below the root the legs begin
        legs_begin = [self.skeleton.index("LeftUpLeg"), self.skeleton.index("RightUpLeg")]
        hang = [skeleton.offsets[legs_begin, 1].mean() for skeleton in (clip.skeleton, self.skeleton)]
        root[:, 1] += hang[0] * legs - hang[1]
        placed = replace(clip, skeleton=self.skeleton, root_positions=root.astype(np.float32))
        height = float(np.percentile(self._lowest(placed, lift), FLOOR))
        return placed if height > FLYING else placed.moved(y=-height)

    def _lowest(self, clip: Clip, lift: float) -> NDArray[np.float64]:
        """[T] how high the lowest point of skin or shoe is (m), by every SPARSE-th vertex."""
        model = self.model
        index, weight = model.bone_index[::SPARSE], model.bone_weight[::SPARSE]
        shod = [model.joint_names.index(side + name) for side in ("Left", "Right") for name in ("Foot", "ToeBase")]
        below = np.where(np.isin(index[:, 0], shod), lift, 0)
        points = self.vertices[::SPARSE]
        return np.array([(skin(points, index, weight, moves)[:, 1] - below).min() for moves in self.moves(clip)])

    def posed(self, moves: Floats) -> Floats:
        """The vertices [V,3] as one frame [J,3,4] of `moves` takes them."""
        return skin(self.vertices, self.model.bone_index, self.model.bone_weight, moves)


def straightened(joints: Array) -> tuple[Skeleton, Array]:
    """The skeleton in a T-pose with the bones of `joints` [J,3], and how its joints must turn [J,4] to stand there.

    Arms keep their elbow's hinge, which lies across the bend that all modelled bodies have.
    """
    skeleton = Skeleton.body()
    offsets = joints - joints[list(skeleton.parents)]
    turned = rotation.identity(len(joints)).astype(np.float64)
    for side, sign in (("Left", 1), ("Right", -1)):
        arm = [skeleton.index(side + name) for name in ("Arm", "ForeArm", "Hand")]
        leg = [skeleton.index(side + name) for name in ("UpLeg", "Leg", "Foot", "ToeBase")]
        upper, lower = np.diff(joints[arm], axis=0)
        hinge = np.cross(upper, lower)
        straight = np.array([sign, 0.0, 0.0])
        rest = _frame(straight, np.array([0.0, -sign, 0.0]))
        turned[arm[0]] = rotation.from_matrix(_frame(upper, hinge) @ rest.T)
        turned[arm[1]] = turned[arm[2]] = rotation.from_matrix(_frame(lower, hinge) @ rest.T)
        offsets[arm[1:]] = straight * np.linalg.norm([upper, lower], axis=1)[:, None]
        down = np.array([0.0, -1.0, 0.0])
        bones = np.diff(joints[leg], axis=0)
        turned[leg[:2]] = rotation.between(np.tile(down, (2, 1)), bones[:2])
        offsets[leg[1:3]] = down * np.linalg.norm(bones[:2], axis=1)[:, None]
        turned[leg[2:]] = rotation.from_axis([0, 1, 0], np.degrees(np.arctan2(bones[2, 0], bones[2, 2])))
        offsets[leg[3]] = [0, bones[2, 1], np.hypot(bones[2, 0], bones[2, 2])]
    offsets[0] = 0
    return replace(skeleton, offsets=offsets.astype(np.float32)), turned


def _frame(along: Array, hinge: Array) -> Array:
    """A rotation matrix whose first two columns are the directions of a bone and of a hinge across it."""
    first, second = along / np.linalg.norm(along), hinge / np.linalg.norm(hinge)
    return np.stack([first, second, np.cross(first, second)], axis=1)


def _with_tips(skeleton: Skeleton, vertices: Floats, rest: Floats) -> Skeleton:
    """The skeleton with its last bones as long as hands, toes and head are."""
    tips = skeleton.tips.copy()
    reach = {"Head": 1, "LeftHand": 0, "RightHand": 0, "LeftToeBase": 2, "RightToeBase": 2}
    for name, axis in reach.items():
        joint = skeleton.index(name)
        end = vertices[:, axis].min() if name == "RightHand" else vertices[:, axis].max()
        tips[joint] *= abs(end - rest[joint, axis]) / abs(tips[joint, axis])
    return replace(skeleton, tips=tips)


def _leg_length(skeleton: Skeleton) -> float:
    return float(-skeleton.offsets[[skeleton.index("LeftLeg"), skeleton.index("LeftFoot")], 1].sum())
