"""Contacts of the feet, and the two-bone legs that keep them."""

import numpy as np
import pytest

from vchar.rig import feet, rotation
from vchar.rig.clip import Clip
from vchar.rig.rotation import Array
from vchar.rig.skeleton import Skeleton, standing_height

BODY = Skeleton.body()
LEG = [BODY.index(name) for name in ("LeftUpLeg", "LeftLeg", "LeftFoot")]


def standing(frames: int, crouch: float = 0.0) -> Clip:
    """Our body standing still at 30 frames a second, `crouch` metres too low."""
    root = np.tile(np.array([0, standing_height(BODY) - crouch, 0]), (frames, 1))
    return Clip.without_contacts(BODY, 30, root, rotation.identity(frames, len(BODY.names)))


def sliding(frames: int) -> Clip:
    """Slides forward at 0.2 m/s with bent knees."""
    clip = feet.locked(standing(frames, 0.05))
    drift = np.zeros((frames, 3), np.float32)
    drift[:, 2] = np.arange(frames) * 0.2 / 30
    return feet.with_contacts(
        Clip(BODY, 30, clip.root_positions + drift, clip.local_rotations, np.zeros((frames, 2), np.bool_))
    )


def bent_leg(frames: int) -> tuple[Array, Array]:
    turned = np.tile(rotation.identity(len(BODY.names)), (frames, 1, 1)).astype(np.float64)
    turned[:, LEG[0]] = rotation.from_axis([1, 0, 0], -30)
    turned[:, LEG[1]] = rotation.from_axis([1, 0, 0], 20)
    placed = BODY.joint_positions(np.zeros((frames, 3)), turned)
    return placed[:, LEG], turned[:, LEG[:2]]


def test_a_body_whose_standing_feet_slip_is_carried_back() -> None:
    slipping = sliding(60)
    far = [np.ptp(feet.soles(clip)[:, 0, 1, 2]) for clip in (slipping, feet.carried(slipping), feet.planted(slipping))]
    assert far[0] > 0.35
    assert far[1] < 0.05
    assert far[2] < 0.01
    flying = Clip(BODY, 30, slipping.root_positions, slipping.local_rotations, np.zeros((60, 2), np.bool_))
    assert np.array_equal(feet.carried(flying).root_positions, flying.root_positions)


def test_soles_of_a_standing_body_lie_on_the_ground() -> None:
    assert np.allclose(feet.soles(standing(2))[..., 1], 0, atol=1e-6)
    assert feet.floor_penetration(standing(2, 0.03)) == pytest.approx(0.03, abs=1e-6)


def test_a_foot_stands_when_it_is_low_and_slow() -> None:
    clip = standing(31)
    assert feet.contacts(clip).all()
    assert not feet.contacts(clip.moved(y=0.1)).any()
    running = Clip.without_contacts(
        BODY, 30, clip.root_positions + np.arange(31)[:, None] * [0, 0, 0.1], clip.local_rotations
    )
    assert not feet.contacts(running).any()
    assert feet.contacts(clip.cropped(0, 0)).all()


def test_a_short_hop_of_noise_does_not_lift_a_foot() -> None:
    clip = standing(31)
    noisy = clip.root_positions.copy()
    noisy[15, 1] += 0.1
    assert feet.contacts(Clip.without_contacts(BODY, 30, noisy, clip.local_rotations)).all()


def test_two_bones_reach_their_target_with_their_lengths_kept() -> None:
    joints, turned = bent_leg(40)
    target = joints[:, 2] + np.random.default_rng(0).uniform(-0.25, 0.25, (40, 3)) + [0, 0.2, 0]
    thigh, shin = feet.two_bone(joints, turned, target)
    knee = joints[:, 0] + rotation.rotate(thigh, BODY.offsets[LEG[1]])
    assert np.allclose(knee + rotation.rotate(shin, BODY.offsets[LEG[2]]), target, atol=2e-4)


def test_a_target_out_of_reach_straightens_the_leg_towards_it() -> None:
    joints, turned = bent_leg(1)
    target = joints[:, 0] + [[0.5, -2.0, 0.3]]
    thigh, shin = feet.two_bone(joints, turned, target)
    ankle = rotation.rotate(thigh, BODY.offsets[LEG[1]]) + rotation.rotate(shin, BODY.offsets[LEG[2]])
    away = rotation.normalized(target - joints[:, 0])
    assert (rotation.normalized(ankle) * away).sum() > 0.9999
    assert np.linalg.norm(ankle) > 0.99 * 0.8373


def test_a_straight_knee_bends_forward() -> None:
    crouching = feet.locked(standing(3, 0.1))
    hip, knee, ankle = (crouching.joint_positions[0, joint] for joint in LEG)
    assert knee[2] > max(hip[2], ankle[2]) + 0.1
    assert np.allclose(feet.soles(crouching)[..., 1], 0, atol=1e-4)


def test_locked_feet_neither_slide_nor_sink() -> None:
    clip = sliding(31)
    assert clip.contacts.all()
    before, after = (np.ptp(feet.soles(c)[..., 1, 2], axis=0).max() for c in (clip, feet.locked(clip)))
    assert before > 0.15
    assert after < 0.002
    assert feet.floor_penetration(feet.locked(clip)).max() < 1e-3


def test_locking_leaves_a_clip_in_the_air_alone() -> None:
    flying = standing(10).moved(y=1)
    locked = feet.locked(feet.with_contacts(flying))
    assert rotation.angle(locked.local_rotations, flying.local_rotations).max() < 4  # REACH bends straight knees a bit


def test_a_foot_that_swings_along_the_ground_is_lifted_and_one_that_stands_is_not() -> None:
    """The left leg swings to and fro in a second, the right foot stands."""
    frames = 31
    turned = np.tile(rotation.identity(len(BODY.names)), (frames, 1, 1))
    swing = 20 * np.sin(np.linspace(0, 2 * np.pi, frames))
    turned[:, LEG[0]] = rotation.from_axis([1, 0, 0], swing)
    root = np.tile(np.array([0, standing_height(BODY) - 0.01, 0]), (frames, 1))
    contacts = np.tile([False, True], (frames, 1))
    clip = Clip(BODY, 30, root.astype(np.float32), turned.astype(np.float32), contacts)
    before, after = (feet.soles(c)[:, :, 1, 1] for c in (feet.locked(clip), feet.planted(clip)))
    assert before[15, 0] < 0.02
    assert 0.05 < after[15, 0] < 0.09
    assert np.abs(after[:, 1]).max() < 0.005
