"""Random people stay within what was promised."""

import numpy as np
import pytest

from vchar.data.person import draw_person, draw_proportions, expression, pose, turn_points
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import PIVOT, HeadModel


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_most_heads_look_near_the_camera_and_some_far_aside(rng: np.random.Generator) -> None:
    yaw, pitch, roll = np.abs([pose(rng) for _ in range(2000)]).T
    assert 0.5 < (yaw < 25).mean() < 0.8
    assert 40 < np.quantile(yaw, 0.97) <= 60
    assert yaw.max() <= 60
    assert max(pitch.max(), roll.max()) <= 30


def test_calm_heads_look_at_the_camera(rng: np.random.Generator) -> None:
    assert np.abs([pose(rng, calm=True) for _ in range(300)]).mean() < 6


def test_expressions_are_plausible_combinations(rng: np.random.Generator) -> None:
    weights = np.array([expression(rng) for _ in range(1500)])
    assert weights.min() >= 0
    assert weights.max() <= 1
    place = {name: i for i, name in enumerate(ARKIT_NAMES)}
    for name in ("mouthSmile", "browDown", "eyeBlink"):
        left, right = weights[:, place[name + "Left"]], weights[:, place[name + "Right"]]
        assert np.corrcoef(left, right)[0, 1] > 0.7  # faces act on both sides
    assert (weights[:, place["jawOpen"]] > 0.3).mean() > 0.05
    assert (weights[:, place["eyeBlinkLeft"]] > 0.75).mean() > 0.03
    assert ((weights > 0.05).sum(1) < 26).mean() > 0.9  # and never do everything at once
    looks_left = weights[:, place["eyeLookOutLeft"]] - weights[:, place["eyeLookInLeft"]]
    looks_right = weights[:, place["eyeLookOutRight"]] - weights[:, place["eyeLookInRight"]]
    assert np.corrcoef(looks_left, looks_right)[0, 1] < -0.8  # both eyes look the same way


def test_people_differ_but_are_nearly_symmetric(rng: np.random.Generator, head: HeadModel) -> None:
    people = [draw_person(rng, head) for _ in range(12)]
    rest = np.zeros(52, np.float32)
    shapes = np.array([head.shape(person.phenotype, person.local, rest) for person in people])
    marks = shapes[:, head.landmarks]
    assert np.linalg.norm(marks - marks.mean(0), axis=-1).mean() > 0.002
    twins = shapes[:, head.mirror] * np.array([-1, 1, 1])
    assert np.linalg.norm(shapes - twins, axis=-1)[:, head.landmarks].mean() < 0.0015


def test_proportions_bend_faces_smoothly_and_evenly(rng: np.random.Generator, head: HeadModel) -> None:
    bent = np.array([draw_proportions(rng, head).bend(head.mean) for _ in range(20)])
    moved = bent - head.mean
    marks = np.linalg.norm(moved[:, head.landmarks], axis=-1)
    assert 0.002 < marks.mean() < 0.008
    assert np.abs(moved[:, head.landmarks].mean(0)).max() < 0.005  # in no common direction
    stretched = np.linalg.norm(bent[:, head.faces[:, 0]] - bent[:, head.faces[:, 1]], axis=-1)
    length = np.linalg.norm(head.mean[head.faces[:, 0]] - head.mean[head.faces[:, 1]], axis=-1)
    assert np.quantile(stretched / np.maximum(length, 1e-6), 0.99) < 1.5
    twins = bent[:, head.mirror] * np.array([-1, 1, 1])
    assert np.linalg.norm(bent - twins, axis=-1)[:, head.landmarks].mean() < 0.003


def test_turning_moves_the_head_and_leaves_the_torso() -> None:
    points = np.array([[0, -0.1, -0.1], [0.1, 0.2, 0]], np.float32)
    turned = turn_points(points, np.array([1.0, 0.0]), (90, 0, 0), PIVOT)
    assert turned[0, 0] > 0.09  # towards the picture's right
    np.testing.assert_allclose(turned[1], points[1], atol=1e-6)
