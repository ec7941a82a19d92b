"""Recorded motion onto our body: the same directions of limbs, with our lengths, on our floor, begun facing forward.

Every joint of ours copies the world rotation of a joint of the source, corrected by how the two differ where the source
stands at rest: by the smallest turn between the directions of their bones along arms and legs, by nothing for hips,
spine, collar bones and head. Torsos differ in their number of bones, so the spine is read off between pelvis and chest.
A skeleton whose zero rotation is no pose is compared in the frame of its clip in which it stands most upright.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from vchar.data.motions import Motion
from vchar.rig import feet, rotation
from vchar.rig.clip import Clip
from vchar.rig.rotation import Array
from vchar.rig.skeleton import SOLE, Skeleton


class Bone(NamedTuple):
    """A limb's bone: our joint, our next joint, and the key joints between which it lies."""

    joint: str
    below: str
    start: str
    end: str


LIMBS = (
    Bone("Arm", "ForeArm", "shoulder", "elbow"),
    Bone("ForeArm", "Hand", "elbow", "wrist"),
    Bone("UpLeg", "Leg", "hip", "knee"),
    Bone("Leg", "Foot", "knee", "ankle"),
)
HINGES = {"LeftArm": (0, -1, 0), "RightArm": (0, 1, 0), "LeftUpLeg": (1, 0, 0), "RightUpLeg": (1, 0, 0)}  # at rest
VISIBLE_BEND = 0.17  # sine of the angle from which an elbow or a knee shows its hinge
SPINE = ("Hips", "Spine", "Spine1", "Spine2")
SIDES = ("Left", "Right")
ROUND = {  # how far the body reaches around a joint, m: it lies on its skin, not on its joints
    "Hips": 0.10, "Spine2": 0.10, "Head": 0.08, "LeftHand": 0.03, "RightHand": 0.03, "LeftLeg": 0.05, "RightLeg": 0.05,
}  # fmt: skip
FLOOR = 10  # percentile of the lowest points over a clip that counts as the floor; what lies deeper is noise
FLYING = 0.15  # m above its own floor from which a whole hand-made clip is in the air
UPRIGHT, STRAIGHT = 0.7, 0.97  # vertical share of a direction: a resting torso's, and a leg's under which feet are flat
_AHEAD = np.array([0, 0, 1], np.float32)


@dataclass(frozen=True)
class _Rest:
    """A source standing, facing +Z: where its key joints are [3], and how its joints are turned from zero [J,4]."""

    places: dict[str, Array]
    turned: Array
    posed: bool  # a frame of the clip: how limbs are rolled shows only where they bend

    def direction(self, start: str, end: str) -> Array:
        """From key joint to key joint, a unit vector [3]."""
        return rotation.normalized(self.places[end] - self.places[start])


def retarget(motion: Motion, body: Skeleton) -> Clip:
    """The motion on our body, from the origin; contacts are measured, feet aren't locked (`feet.locked` does that)."""
    rest = _rest(motion)
    corrections = _corrections(rest, body)
    ours = np.empty((len(motion.clip), len(body.names), 4), np.float32)
    for name, turned in _turned(motion, rest).items():
        ours[:, body.index(name)] = rotation.multiply(turned, corrections.get(name, rotation.identity()))
    clip = Clip.without_contacts(body, motion.clip.fps, _root(motion, rest, body, ours), body.local_rotations(ours))
    return feet.with_contacts(_on_the_floor(clip.facing_forward(), motion))


def _rest(motion: Motion) -> _Rest:
    """The zero pose where it is one; else the most upright frame, turned to face +Z."""
    skeleton, keys = motion.clip.skeleton, motion.keys
    zero = skeleton.rest_positions()
    rest = _Rest({key: zero[joint] for key, joint in keys.items()}, rotation.identity(len(skeleton.names)), False)
    if rest.direction("pelvis", "head")[1] > UPRIGHT:
        return rest
    placed = motion.clip.joint_positions
    upward = [("pelvis", "head"), *((f"{side}_{end}", f"{side}_{start}") for side in ("left", "right")
              for start, end in (("hip", "knee"), ("knee", "ankle")))]  # fmt: skip
    bones = np.stack([placed[:, keys[above]] - placed[:, keys[below]] for below, above in upward], axis=1)
    frame = int(rotation.normalized(bones)[..., 1].min(1).argmax())
    across = placed[frame, keys["left_hip"]] - placed[frame, keys["right_hip"]]
    turn = rotation.from_axis([0, 1, 0], np.degrees(np.arctan2(across[2], across[0])))
    standing = rotation.rotate(turn, placed[frame])
    return _Rest(
        {key: standing[joint] for key, joint in keys.items()},
        rotation.multiply(turn, motion.clip.global_rotations[frame]),
        True,
    )


def _turned(motion: Motion, rest: _Rest) -> dict[str, Array]:
    """For each joint of ours, how the source's like is turned in the world [T,4], counted from rest."""
    keys, parents = motion.keys, motion.clip.skeleton.parents
    turned = rotation.multiply(motion.clip.global_rotations, rotation.inverse(rest.turned))
    spine = _chain(parents, keys["pelvis"], keys["chest"])
    places = np.linspace(0, len(spine) - 1, len(SPINE))
    ours: dict[str, Array] = {}
    for name, place in zip(SPINE, places, strict=True):
        below, above = spine[int(place)], spine[min(int(place) + 1, len(spine) - 1)]
        ours[name] = rotation.slerp(turned[:, below], turned[:, above], place % 1)
    ours["Head"] = turned[:, keys["head"]]
    ours["Neck"] = turned[:, keys["neck"]] if "neck" in keys else rotation.slerp(ours["Spine2"], ours["Head"], 0.5)
    for side in SIDES:
        start = f"{side.lower()}_"
        ours |= {side + bone.joint: turned[:, keys[start + bone.start]] for bone in LIMBS}
        ours[f"{side}Shoulder"] = turned[:, parents[keys[f"{start}shoulder"]]]  # the chest where there's no collar bone
        ours[f"{side}Hand"] = turned[:, keys[f"{start}wrist"]]
        ours[f"{side}Foot"] = turned[:, keys[f"{start}ankle"]]
        ours[f"{side}ToeBase"] = turned[:, keys.get(f"{start}toe", keys[f"{start}ankle"])]
    return ours


def _corrections(rest: _Rest, body: Skeleton) -> dict[str, Array]:
    """How each joint of our limbs is turned in the world [4] when we stand as the source does at rest."""
    found: dict[str, Array] = {}
    for side in SIDES:
        start = f"{side.lower()}_"
        for upper, lower in (LIMBS[:2], LIMBS[2:]):
            along, below = (body.offsets[body.index(side + bone.below)] for bone in (upper, lower))
            ahead, beyond = (rest.direction(start + bone.start, start + bone.end) for bone in (upper, lower))
            turn = _aligned(rotation.identity(), along, ahead)
            if rest.posed:
                turn = _hinged(turn, HINGES[side + upper.joint], np.cross(ahead, beyond))
            found[side + upper.joint], found[side + lower.joint] = turn, _aligned(turn, below, beyond)
        found[f"{side}Hand"] = found[f"{side}ForeArm"]
        ahead = rest.direction(f"{start}ankle", f"{start}toe") if f"{start}toe" in rest.places else _AHEAD
        if rest.direction(f"{start}knee", f"{start}ankle")[1] < -STRAIGHT:
            # it stands flat, however high its ankle is above its toes: only the way that the foot points differs
            found[f"{side}Foot"] = found[f"{side}ToeBase"] = rotation.between(_AHEAD, ahead * np.array([1, 0, 1]))
        else:
            shin = found[f"{side}Leg"]
            found[f"{side}Foot"] = _aligned(shin, body.offsets[body.index(f"{side}ToeBase")], ahead)
            found[f"{side}ToeBase"] = _aligned(shin, _AHEAD, _AHEAD)
    return found


def _aligned(above: Array, along: Array, direction: Array) -> Array:
    """The turn `above`, and then the smallest one that lays the bone `along` into `direction`."""
    return rotation.multiply(rotation.between(rotation.rotate(above, along), direction), above)


def _hinged(turn: Array, hinge: tuple[int, int, int], across: Array) -> Array:
    """The turn, rolled about its bone until its hinge lies along `across`, the axis of a bend times its sine."""
    if np.linalg.norm(across) < VISIBLE_BEND:
        return turn
    return rotation.multiply(rotation.between(rotation.rotate(turn, np.array(hinge, np.float64)), across), turn)


def _chain(parents: tuple[int, ...], first: int, last: int) -> list[int]:
    """The joints from `first` down the tree to `last`."""
    chain = [last]
    while chain[-1] != first:
        chain.append(parents[chain[-1]])
    return chain[::-1]


def _root(motion: Motion, rest: _Rest, body: Skeleton, ours: Array) -> Array:
    """[T,3] so that the middle of our hips goes where the source's goes, with steps as long as our legs allow."""
    keys = motion.keys
    hips = motion.clip.joint_positions[:, [keys["left_hip"], keys["right_hip"]]].mean(1)
    legs = [[keys[f"{side}_{part}"] for part in ("hip", "knee", "ankle")] for side in ("left", "right")]
    own_legs = [[body.index(side + part) for part in ("UpLeg", "Leg", "Foot")] for side in SIDES]
    ankle = min(rest.places[f"{side}_ankle"][1] for side in ("left", "right"))
    ankle -= min(float(place[1]) for place in rest.places.values())
    steps = (hips - [0, motion.ground + ankle, 0]) * _length(body, own_legs) / _length(motion.clip.skeleton, legs)
    below = body.offsets[[leg[0] for leg in own_legs]].mean(0)
    return steps + np.array([0, SOLE, 0]) - rotation.rotate(ours[:, 0], below)


def _length(skeleton: Skeleton, legs: list[list[int]]) -> float:
    """From hip over knee to ankle, m, mean of the legs."""
    return float(np.linalg.norm(np.diff(skeleton.rest_positions()[legs], axis=1), axis=-1).sum(1).mean())


def _on_the_floor(clip: Clip, motion: Motion) -> Clip:
    """The clip lifted or lowered as a whole so that its lowest points lie on the ground.

    A stylised source has legs too short, and hips too still, for its heights to mean anything: it goes on the ground in
    every frame, and loses its small jumps by that.
    """
    joints = [clip.skeleton.index(name) for name in ROUND]
    skin = clip.joint_positions[:, joints, 1] - np.array(list(ROUND.values()))
    lowest = np.minimum(feet.soles(clip)[..., 1].min((1, 2)), skin.min(1))
    if "stylised" in motion.flags:
        lifted = clip.root_positions.copy()
        lifted[:, 1] -= lowest
        return replace(clip, root_positions=lifted)
    height = float(np.percentile(lowest, FLOOR))
    flying = motion.ground == 0 and height > FLYING
    return clip if flying else clip.moved(y=-height)
