"""A clip: a skeleton in motion, and what can be done to it without knowing what it shows."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vchar.errors import VcharError
from vchar.rig import rotation
from vchar.rig.rotation import Array
from vchar.rig.skeleton import Skeleton

MIRROR = np.array([1, 1, -1, -1], np.float32)  # a quaternion seen in a mirror that swaps left and right


@dataclass(frozen=True, eq=False)
class Clip:
    """T frames of a skeleton of J joints. Arrays are shared: treat them as read-only.

    root_positions [T,3]: metres, the ground at y = 0.  local_rotations [T,J,4]: unit quaternions w x y z.
    contacts [T,2]: whether the left and the right foot stand on the ground.
    """

    skeleton: Skeleton
    fps: float
    root_positions: NDArray[np.float32]
    local_rotations: NDArray[np.float32]
    contacts: NDArray[np.bool_]

    def __post_init__(self) -> None:
        frames, joints = len(self.root_positions), len(self.skeleton.names)
        shapes = (self.root_positions.shape, self.local_rotations.shape, self.contacts.shape)
        if not frames or shapes != ((frames, 3), (frames, joints, 4), (frames, 2)) or not self.fps > 0:
            raise VcharError(
                f"A clip of {joints} joints can't have arrays {shapes} at {self.fps} frames a second; "
                "it needs root positions [T,3], rotations [T,J,4] and contacts [T,2]."
            )

    @classmethod
    def without_contacts(cls, skeleton: Skeleton, fps: float, root_positions: Array, local_rotations: Array) -> "Clip":
        """A clip whose feet are not known to touch the ground."""
        frames = len(root_positions)
        return cls(
            skeleton,
            fps,
            root_positions.astype(np.float32),
            rotation.continuous(local_rotations).astype(np.float32),
            np.zeros((frames, 2), np.bool_),
        )

    def __len__(self) -> int:
        return len(self.root_positions)

    @property
    def seconds(self) -> float:
        """From the first frame to the last."""
        return (len(self) - 1) / self.fps

    @cached_property
    def global_rotations(self) -> Array:
        """[T,J,4] how each joint is turned in the world."""
        return self.skeleton.global_rotations(self.local_rotations)

    @cached_property
    def joint_positions(self) -> Array:
        """[T,J,3] in metres."""
        return self.skeleton.joint_positions(self.root_positions, self.global_rotations)

    def cropped(self, start: float, end: float) -> "Clip":
        """The frames from `start` to `end` seconds, both included; VcharError when none lie there."""
        first, last = np.ceil(start * self.fps - 1e-6), np.floor(end * self.fps + 1e-6)
        kept = slice(max(int(first), 0), max(int(last) + 1, 0))
        if not len(self.root_positions[kept]):
            raise VcharError(
                f"The clip has no frame from {start:g} to {end:g} s; it lasts {self.seconds:.2f} s, choose a part."
            )
        return replace(
            self,
            root_positions=self.root_positions[kept],
            local_rotations=self.local_rotations[kept],
            contacts=self.contacts[kept],
        )

    def resampled(self, fps: float, speed: float = 1.0) -> "Clip":
        """The same motion at another frame rate, `speed` times as fast; rotations go by slerp."""
        count = int(np.floor(self.seconds / speed * fps + 1e-6)) + 1
        places = np.minimum(np.arange(count) * speed * self.fps / fps, len(self) - 1)
        before = np.minimum(places.astype(int), max(len(self) - 2, 0))
        after, share = np.minimum(before + 1, len(self) - 1), (places - before).astype(np.float32)
        start, end = self.root_positions[before], self.root_positions[after]
        turned = rotation.slerp(self.local_rotations[before], self.local_rotations[after], share[:, None])
        return replace(
            self,
            fps=fps,
            root_positions=(start + (end - start) * share[:, None]).astype(np.float32),
            local_rotations=rotation.continuous(turned).astype(np.float32),
            contacts=self.contacts[np.where(share < 0.5, before, after)],
        )

    def mirrored(self) -> "Clip":
        """Left and right exchanged, as in a mirror."""
        return replace(
            self,
            root_positions=self.root_positions * np.array([-1, 1, 1], np.float32),
            local_rotations=self.local_rotations[:, self.skeleton.twins] * MIRROR,
            contacts=self.contacts[:, ::-1],
        )

    def turned(self, degrees: float) -> "Clip":
        """The whole motion turned about the vertical through the origin; + turns +Z towards +X."""
        turn = rotation.from_axis([0, 1, 0], degrees).astype(np.float32)
        turned = self.local_rotations.copy()
        turned[:, 0] = rotation.continuous(rotation.multiply(turn, turned[:, 0]))
        return replace(self, root_positions=rotation.rotate(turn, self.root_positions), local_rotations=turned)

    def moved(self, x: float = 0, y: float = 0, z: float = 0) -> "Clip":
        """The whole motion shifted by metres."""
        return replace(self, root_positions=self.root_positions + np.array([x, y, z], np.float32))

    def heading(self) -> NDArray[np.float64]:
        """Degrees [T] that the hips are turned about the vertical: 0 faces +Z, 90 faces +X; -180..180."""
        across = rotation.rotate(self.global_rotations[:, 0], np.array([1, 0, 0], np.float32))
        return np.degrees(np.arctan2(-across[:, 2], across[:, 0])).astype(np.float64)

    def posture(self) -> Array:
        """The joints [T,J,3] as seen from the heading and from above the hips' place on the ground (m)."""
        back = rotation.from_axis([0, 1, 0], -self.heading())[:, None]
        ground = self.root_positions * np.array([1, 0, 1], np.float32)
        return rotation.rotate(back, self.joint_positions - ground[:, None])

    def facing_forward(self) -> "Clip":
        """The same motion, begun above the origin and facing +Z."""
        forward = self.turned(-float(self.heading()[0]))
        x, _, z = forward.root_positions[0]
        return forward.moved(x=-float(x), z=-float(z))
