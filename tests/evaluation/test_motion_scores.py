"""Measures of motion, on motions that are good or bad on purpose."""

from dataclasses import replace

import numpy as np
import pytest

from tests.rig.test_feet import sliding, standing
from vchar.evaluation import motion_scores as scores
from vchar.rig import rotation


def test_frechet_distance_is_that_of_known_normal_distributions() -> None:
    a = np.random.default_rng(0).normal(size=(4000, 3))
    assert scores.frechet(a, a) == pytest.approx(0, abs=1e-6)
    assert scores.frechet(a, a + np.array([3, 0, 4])) == pytest.approx(25, abs=1e-6)
    assert scores.frechet(a, 2 * a) == pytest.approx(3, rel=0.1)


def test_precision_counts_whose_own_sentence_is_nearest() -> None:
    texts, labels = np.eye(40), [str(i) for i in range(40)]
    random = np.random.default_rng(0)
    assert scores.precision(texts, texts, labels, random) == [1, 1, 1]
    lost = scores.precision(np.roll(texts, 1, 0), texts, labels, random)
    assert lost[0] < 0.4


def test_sentences_that_say_the_same_are_not_held_against_each_other() -> None:
    texts = np.array([[1.0, 0], [1.0, 0], [0, 1]])
    found = scores.precision(texts[[0, 1, 2]], texts, ["walk", "walk", "kick"], np.random.default_rng(0))
    assert found[0] == 1


def test_only_a_sliding_foot_skates() -> None:
    assert scores.skate(standing(20)) == 0
    slow = sliding(30)
    fast = replace(slow, root_positions=slow.root_positions * np.array([1, 1, 5], np.float32))
    assert scores.skate(slow) == 0
    assert scores.skate(fast) > 0.9


def test_a_jump_of_the_pose_is_a_jerk_and_a_bad_seam() -> None:
    clip = standing(30)
    pose = clip.local_rotations.copy()
    pose[:, 7] = rotation.from_axis([0, 0, 1], np.linspace(0, 20, 30))
    smooth = replace(clip, local_rotations=pose)
    assert scores.jerk(clip) == pytest.approx(0, abs=0.1)
    assert scores.seam(smooth) == pytest.approx(29, rel=0.2)
    pose = pose.copy()
    pose[15:, 7] = rotation.from_axis([0, 0, 1], 60)
    assert scores.jerk(replace(clip, local_rotations=pose)) > 10 * scores.jerk(smooth)


def test_memory_knows_its_own_and_how_far_a_stranger_is() -> None:
    clip = standing(80)
    crouched = standing(80, 0.1)
    memory = scores.Memory([clip])
    assert memory.nearest(clip) == pytest.approx(0, abs=1e-5)
    assert memory.nearest(crouched) == pytest.approx(0.1, rel=0.05)
    assert memory.nearest(standing(20)) is None


def test_variety_is_the_distance_within_groups() -> None:
    still, lively = np.zeros((4, 2)), np.array([[0.0, 0], [3, 4], [0, 0]])
    assert scores.multimodality([still]) == 0
    assert scores.multimodality([lively]) == 5
    assert scores.diversity(still, np.random.default_rng(0)) == 0
