"""Left and right as words say them."""

import numpy as np
import pytest

from vchar.rig import rotation
from vchar.rig.clip import Clip
from vchar.rig.skeleton import Skeleton
from vchar.sides import as_said

BODY = Skeleton.body()


def clip(joint: str = "LeftArm", turn: float = 0.0, aside: float = 0.0) -> Clip:
    """A second in which one joint swings about the body's front, the body turns (degrees) and moves to its left (m)."""
    share = np.linspace(0, 1, 31)
    pose = rotation.identity(31, len(BODY.names))
    pose[:, 0] = rotation.from_axis([0, 1, 0], turn * share)
    pose[:, BODY.index(joint)] = rotation.from_axis([0, 0, 1], 60 * np.sin(6 * share))
    root = np.stack([aside * share, np.full(31, 0.92), np.zeros(31)], axis=-1)
    return Clip.without_contacts(BODY, 30, root.astype(np.float32), pose)


@pytest.mark.parametrize(
    ("made", "left", "right"),
    [
        (clip("LeftArm"), "waves with the left hand", "a person waves with the right hand"),
        (clip("LeftUpLeg"), "kicks with the left leg", "Kick with your RIGHT foot"),
        (clip(turn=80), "turns left", "a person turns to the right"),
        (clip(aside=1), "sidesteps to the left", "dodge right"),
        (clip("LeftUpLeg", turn=-80), "turns and kicks with the left leg", "turns and kicks with the right leg"),
        (clip("LeftArm", aside=-1), "walks and waves with the left arm", "walks and waves with the right arm"),
    ],
)
def test_what_is_done_on_the_side_that_words_name_stays_and_else_is_mirrored(made: Clip, left: str, right: str) -> None:
    assert as_said(made, left) is made
    np.testing.assert_array_equal(as_said(made, right).joint_positions, made.mirrored().joint_positions)


@pytest.mark.parametrize("prompt", ["a person waves", "jabs with the left and hits with the right", "is bright"])
def test_words_of_no_side_or_of_both_mirror_nothing(prompt: str) -> None:
    made = clip("RightArm")
    assert as_said(made, prompt) is made
