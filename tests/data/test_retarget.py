"""A small performer's motion on our body."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.data.motion_pack import write_pack
from vchar.data import motions
from vchar.data.motions import Motion
from vchar.data.retarget import retarget
from vchar.rig import feet, rotation
from vchar.rig.clip import Clip
from vchar.rig.rotation import Array
from vchar.rig.skeleton import Skeleton

BODY = Skeleton.body()
BONES = {  # ours -> the key joints between which its like lies
    ("LeftArm", "LeftForeArm"): ("left_shoulder", "left_elbow"),
    ("LeftForeArm", "LeftHand"): ("left_elbow", "left_wrist"),
    ("RightArm", "RightForeArm"): ("right_shoulder", "right_elbow"),
    ("LeftUpLeg", "LeftLeg"): ("left_hip", "left_knee"),
    ("RightLeg", "RightFoot"): ("right_knee", "right_ankle"),
}


@pytest.fixture
def motion(tmp_path: Path) -> Motion:
    return motions.load(write_pack(tmp_path))[0]


def bone(clip: Clip, start: int, end: int) -> Array:
    return rotation.normalized(clip.joint_positions[:, end] - clip.joint_positions[:, start])


def largest_difference(motion: Motion, clip: Clip) -> float:
    """Degrees between the directions of limbs, for a source that faces forward."""
    cosines = [
        (bone(clip, *map(BODY.index, ours)) * bone(motion.clip, *(motion.keys[key] for key in keys))).sum(-1).min()
        for ours, keys in BONES.items()
    ]
    return float(np.degrees(np.arccos(min(cosines))))


def test_limbs_point_where_the_sources_point(motion: Motion) -> None:
    assert largest_difference(motion, retarget(motion, BODY)) < 0.5


def test_our_bones_keep_their_lengths(motion: Motion) -> None:
    placed = retarget(motion, BODY).joint_positions
    bones = np.linalg.norm(placed[:, 1:] - placed[:, list(BODY.parents[1:])], axis=-1)
    assert np.allclose(bones, np.linalg.norm(BODY.offsets[1:], axis=-1), atol=1e-5)


def test_steps_grow_with_the_legs(motion: Motion) -> None:
    travelled = retarget(motion, BODY).root_positions[-1, 2]
    assert travelled == pytest.approx(0.8373 / 0.7023, rel=1e-3)


def test_feet_of_splayed_rest_legs_stand_flat_on_the_floor(motion: Motion) -> None:
    clip = retarget(motion, BODY)
    assert np.abs(feet.soles(clip)[..., 1]).max() < 0.01
    assert not clip.contacts.any()  # it glides


@pytest.mark.parametrize("facing", [90.0, -135.0])
def test_every_clip_starts_at_the_origin_facing_forward(tmp_path: Path, facing: float) -> None:
    clip = retarget(motions.load(write_pack(tmp_path, facing=facing))[0], BODY)
    assert np.allclose(clip.heading(), 0, atol=0.1)
    assert np.allclose(clip.root_positions[0, [0, 2]], 0, atol=1e-6)


def laid_along_x(source: Clip) -> Clip:
    """The same motion on a skeleton whose bones all lie along X at zero rotation."""
    skeleton, world = source.skeleton, source.global_rotations.copy()
    offsets, parents = skeleton.offsets.copy(), skeleton.parents
    for joint in range(1, len(parents)):
        if parents.index(parents[joint]) == joint:  # the first child decides how its parent lies
            lie = rotation.between(np.array([1.0, 0, 0]), skeleton.offsets[joint] + np.array([1e-6, 0, 0]))
            siblings = [child for child, parent in enumerate(parents) if parent == parents[joint]]
            offsets[siblings] = rotation.rotate(rotation.inverse(lie), skeleton.offsets[siblings])
            world[:, parents[joint]] = rotation.multiply(world[:, parents[joint]], lie)
    laid = replace(skeleton, offsets=offsets.astype(np.float32))
    return Clip.without_contacts(laid, source.fps, source.root_positions, laid.local_rotations(world))


def test_a_zero_pose_that_is_none_does_not_matter(motion: Motion) -> None:
    source = laid_along_x(motion.clip)
    assert source.skeleton.rest_positions()[motion.keys["head"], 1] < 0.1
    assert np.allclose(source.joint_positions, motion.clip.joint_positions, atol=1e-4)
    assert largest_difference(motion, retarget(replace(motion, clip=source), BODY)) < 0.5


def test_a_hanging_arm_is_rolled_as_its_elbow_bends_where_there_is_no_zero_pose(motion: Motion) -> None:
    pose = motion.clip.local_rotations.copy()
    down, bend = rotation.from_axis([0, 0, 1], -80), rotation.from_axis([0, -1, 0], 40)
    pose[:, motion.keys["left_shoulder"]] = down
    pose[:, motion.keys["left_elbow"]] = bend
    bent = replace(motion.clip, local_rotations=pose)
    clips = [retarget(replace(motion, clip=clip), BODY) for clip in (bent, laid_along_x(bent))]
    arm = [BODY.index(name) for name in ("LeftArm", "LeftForeArm", "LeftHand", "LeftUpLeg", "RightLeg")]
    assert rotation.angle(*(clip.global_rotations[:, arm] for clip in clips)).max() < 1


def test_a_stylised_source_keeps_the_ground_frame_by_frame(motion: Motion) -> None:
    root = motion.clip.root_positions.copy()
    root[:, 1] += 0.1 * np.sin(np.linspace(0, 6, len(root)))
    bobbing = replace(motion, clip=replace(motion.clip, root_positions=root), flags=frozenset({"stylised"}))
    assert np.allclose(feet.soles(retarget(bobbing, BODY))[..., 1].min((1, 2)), 0, atol=1e-5)
