"""What can be done to any clip."""

import numpy as np
import pytest

from vchar.errors import VcharError
from vchar.rig import rotation
from vchar.rig.clip import Clip
from vchar.rig.skeleton import Skeleton

BODY = Skeleton.body()
LEFT_ARM, LEFT_HAND, RIGHT_HAND = (BODY.index(name) for name in ("LeftArm", "LeftHand", "RightHand"))


@pytest.fixture
def clip() -> Clip:
    """A second at 30 frames: walks along +X while facing it, and lowers the left arm."""
    share = np.linspace(0, 1, 31)
    pose = rotation.identity(31, len(BODY.names))
    pose[:, 0] = rotation.from_axis([0, 1, 0], 90)
    pose[:, LEFT_ARM] = rotation.from_axis([0, 0, 1], -80 * share)
    root = np.stack([1 + share, np.full(31, 0.92), np.full(31, 3)], axis=-1)
    contacts = np.stack([share < 0.5, share >= 0.5], axis=-1)
    return Clip(BODY, 30, root.astype(np.float32), pose, contacts)


def test_a_clip_faces_and_starts_forward(clip: Clip) -> None:
    forward = clip.facing_forward()
    assert np.allclose(clip.heading(), 90, atol=1e-3)
    assert np.allclose(forward.heading(), 0, atol=1e-3)
    assert np.allclose(forward.root_positions[0], [0, 0.92, 0], atol=1e-6)
    assert np.allclose(forward.root_positions[-1], [0, 0.92, 1], atol=1e-6)


def test_turning_turns_every_joint_about_the_vertical(clip: Clip) -> None:
    turn = rotation.from_axis([0, 1, 0], 33)
    assert np.allclose(clip.turned(33).joint_positions, rotation.rotate(turn, clip.joint_positions), atol=1e-5)


def test_a_mirrored_clip_shows_every_joint_on_the_other_side(clip: Clip) -> None:
    mirrored = clip.mirrored()
    expected = clip.joint_positions[:, BODY.twins] * [-1, 1, 1]
    assert np.allclose(mirrored.joint_positions, expected, atol=1e-5)
    assert mirrored.contacts[0].tolist() == [False, True]
    assert np.allclose(mirrored.mirrored().local_rotations, clip.local_rotations)


def test_resampling_keeps_the_length_and_the_motion(clip: Clip) -> None:
    finer = clip.resampled(60)
    assert (len(finer), finer.seconds) == (61, pytest.approx(1.0))
    assert np.allclose(finer.joint_positions[::2], clip.joint_positions, atol=1e-5)
    assert np.allclose(finer.resampled(30).joint_positions, clip.joint_positions, atol=1e-5)
    arm = rotation.angle(finer.local_rotations[:-1, LEFT_ARM], finer.local_rotations[1:, LEFT_ARM])
    assert np.allclose(arm, 80 / 60, atol=0.05)


def test_twice_the_speed_takes_half_the_time(clip: Clip) -> None:
    faster = clip.resampled(30, speed=2)
    assert len(faster) == 16
    assert np.allclose(faster.joint_positions, clip.joint_positions[::2], atol=1e-5)


def test_a_single_frame_can_be_resampled(clip: Clip) -> None:
    assert len(clip.cropped(0, 0).resampled(60)) == 1


def test_cropping_keeps_the_frames_between_two_times(clip: Clip) -> None:
    middle = clip.cropped(0.2, 0.5)
    assert np.array_equal(middle.root_positions, clip.root_positions[6:16])
    assert len(clip.cropped(-1, 9)) == 31
    with pytest.raises(VcharError, match=r"lasts 1.00 s"):
        clip.cropped(2, 3)


def test_arrays_that_do_not_belong_together_are_refused(clip: Clip) -> None:
    with pytest.raises(VcharError, match=r"\[T,J,4\]"):
        Clip(BODY, 30, clip.root_positions[1:], clip.local_rotations, clip.contacts)
    with pytest.raises(VcharError, match="0 frames a second"):
        Clip(BODY, 0, clip.root_positions, clip.local_rotations, clip.contacts)
