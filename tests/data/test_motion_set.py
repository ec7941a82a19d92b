"""Takes: features and back, mirrors, cycles, and who is held out."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.data.motion_pack import write_pack
from tests.rig.test_feet import standing
from vchar.data import motion_set, motions
from vchar.data.retarget import retarget
from vchar.models.pose import Body
from vchar.rig import rotation
from vchar.rig.clip import Clip
from vchar.rig.skeleton import Skeleton

BODY = Skeleton.body()


def waving(frames: int, turns: float = 1.0) -> Clip:
    """Our body going along a curve, its arms swinging `turns` times."""
    clip, share = standing(frames), np.linspace(0, 1, frames)
    pose = clip.local_rotations.copy()
    pose[:, BODY.index("LeftArm")] = rotation.from_axis([0, 1, 0], 40 * np.sin(2 * np.pi * turns * share))
    pose[:, 0] = rotation.from_axis([0, 1, 0], 60 * share)
    root = clip.root_positions + np.stack([share**2, 0 * share, share], -1).astype(np.float32)
    return Clip(BODY, 30, root, pose, clip.contacts)


def placed(features: np.ndarray) -> np.ndarray:
    """The joints [T,J,3] that features mean."""
    body = Body(BODY.parents)
    body.offsets.copy_(torch.from_numpy(BODY.offsets))
    return body.joints(body.motion(torch.from_numpy(features)[None]))[0].numpy()


def test_features_mean_the_clip_that_they_were_made_of() -> None:
    clip = waving(40)
    there, back = clip.joint_positions, placed(motion_set.features(clip))
    turn = np.degrees(
        np.arctan2(*(there[0, 6] - there[0, 14])[[2, 0]]) - np.arctan2(*(back[0, 6] - back[0, 14])[[2, 0]])
    )
    turned = rotation.rotate(rotation.from_axis([0, 1, 0], -turn), back)
    assert np.abs(turned - there + (there - turned)[0, 0]).max() < 1e-3


def test_a_mirrored_take_is_the_mirrored_clip() -> None:
    motion_take = motion_set.take
    clip = waving(40)
    take = motion_take(_motion(), clip)
    there, back = placed(motion_set.features(clip.mirrored())), placed(take.mirrored(BODY.twins).features)
    assert np.abs(there - back).max() < 1e-4


def _motion() -> motions.Motion:
    return motions.Motion("x", standing(2), "small", {}, 0.0, "ours", "nobody", "walk, veer left", (), (), frozenset())


def test_a_mirrored_take_says_the_other_side() -> None:
    take = motion_set.take(_motion(), waving(40))
    assert any("left" in text for text in take.sentences)
    assert not any("left" in text for text in take.mirrored(BODY.twins).sentences)


def test_a_swinging_arm_closes_its_cycle_and_can_be_gone_through_again() -> None:
    clip = replace(waving(91, turns=3), root_positions=standing(91).root_positions)
    found = motion_set.cycle(clip, 15)
    assert found is not None
    assert (found[1] - found[0]) % 30 in (0, 1, 29)
    long = motion_set.repeated(motion_set.features(clip), found, 200)
    assert len(long) >= 200
    steps = np.abs(np.diff(long[:, 4:-2], axis=0)).max(1)
    assert steps.max() < 3 * steps[:60].max()


def test_one_way_motion_has_no_cycle() -> None:
    sinking = standing(60)
    root = sinking.root_positions - np.linspace(0, 0.9, 60)[:, None] * np.array([0, 1, 0], np.float32)
    assert motion_set.cycle(replace(sinking, root_positions=root.astype(np.float32)), 25) is None


def test_performers_stay_together_when_some_are_held_out(tmp_path: Path) -> None:
    learnt = motion_set.load(write_pack(tmp_path), held_out=False)
    assert [take.name for take in learnt] == ["clip_0", "clip_1"]
    assert motion_set.load(write_pack(tmp_path), held_out=True) == []
    someone = motions.load(write_pack(tmp_path))[0]
    assert motion_set.is_held_out(replace(someone, skeleton_name="accad22_male1"))
    assert motion_set.is_held_out(replace(someone, name="61_14", skeleton_name="cmu_daz"))
    assert not motion_set.is_held_out(replace(someone, name="61_13", skeleton_name="cmu_daz"))


def test_a_take_of_a_pack_is_on_our_body(tmp_path: Path) -> None:
    someone = motions.load(write_pack(tmp_path))[0]
    take = motion_set.take(someone, retarget(someone, BODY))
    assert take.features.shape == (31, 138)
    assert take.speeds.mean() == pytest.approx(1.05, abs=0.5)
