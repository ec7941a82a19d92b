"""Fitting the head to landmarks that it has itself."""

from dataclasses import replace

import numpy as np
import pytest

from vchar.errors import VcharError
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera, euler
from vchar.rig.fit import eye_distance, fit
from vchar.rig.prior import Prior

SIZE = 512
SURE = np.ones(70, np.float32)


@pytest.fixture(scope="module")
def head() -> HeadModel:
    return HeadModel.load()


@pytest.fixture(scope="module")
def prior() -> Prior:
    """The shipped one, for landmarks that stand exactly on their vertices."""
    return replace(Prior.load(), offset=np.zeros((70, 3)))


def weights(**actions: float) -> np.ndarray:
    arkit = np.zeros(52, np.float32)
    for name, weight in actions.items():
        arkit[ARKIT_NAMES.index(name)] = weight
    return arkit


def landmarks(
    head: HeadModel, arkit: np.ndarray, turn: tuple[float, float, float] = (0, 0, 0), seed: int = 0
) -> np.ndarray:
    """Where a person's landmarks stand in a picture of SIZE pixels."""
    draw = np.random.default_rng(seed)
    vertices = head.shape(
        draw.normal(0, 0.5, len(head.phenotype)).astype(np.float32), np.zeros(len(head.local_names), np.float32), arkit
    )
    camera = Camera(euler(*turn), np.array([0.0, 0.02, 1.1]), 4.2 * SIZE, (SIZE / 2, SIZE / 2))
    return camera.project(vertices[head.landmarks])[:, :2]


@pytest.mark.parametrize("turn", [(0, 0, 0), (30, 0, 0), (-20, 10, 15), (0, -12, 80)])
def test_head_pose_is_found(head: HeadModel, prior: Prior, turn: tuple[float, float, float]) -> None:
    found = fit(head, prior, landmarks(head, weights(), turn), SURE, SIZE, SIZE)
    assert found.residual < 0.01
    assert np.abs(np.array(found.camera.yaw_pitch_roll) - turn).max() < 4


@pytest.mark.parametrize(("action", "least"), [
    ("jawOpen", 0.4), ("eyeBlinkLeft", 0.5), ("eyeBlinkRight", 0.5), ("browInnerUp", 0.3), ("mouthSmileRight", 0.3),
])  # fmt: skip
def test_an_action_is_recognised_on_its_own_side(head: HeadModel, prior: Prior, action: str, least: float) -> None:
    rest = fit(head, prior, landmarks(head, weights()), SURE, SIZE, SIZE)
    moved = fit(head, prior, landmarks(head, weights(**{action: 0.9})), SURE, SIZE, SIZE)
    number = ARKIT_NAMES.index(action)
    assert moved.arkit[number] - rest.arkit[number] > least
    if action.endswith("Left"):
        twin = ARKIT_NAMES.index(action.replace("Left", "Right"))
        assert moved.arkit[twin] - rest.arkit[twin] < least / 2


def test_gaze_is_read_from_the_irises(head: HeadModel, prior: Prior) -> None:
    aside = landmarks(head, weights(eyeLookOutLeft=0.7, eyeLookInRight=0.7))
    found = fit(head, prior, aside, SURE, SIZE, SIZE)
    look = {
        name: found.arkit[ARKIT_NAMES.index(name)] for name in ("eyeLookOutLeft", "eyeLookInLeft", "eyeLookInRight")
    }
    assert look["eyeLookOutLeft"] > 0.4
    assert look["eyeLookInRight"] > 0.4
    assert look["eyeLookInLeft"] < 0.1


def test_weights_stay_within_their_ranges(head: HeadModel, prior: Prior) -> None:
    wild = landmarks(head, weights(jawOpen=1.0, mouthSmileLeft=1.0, mouthSmileRight=1.0)) * [1.0, 1.2]
    found = fit(head, prior, wild, SURE, SIZE, SIZE)
    assert 0 <= found.arkit.min() <= found.arkit.max() <= 1
    assert np.abs(found.local).max() <= 1


def test_doubtful_landmarks_count_less(head: HeadModel, prior: Prior) -> None:
    points = landmarks(head, weights())
    wrong, doubt = points.copy(), SURE.copy()
    wrong[48:60] += [0, 25]
    doubt[48:60] = 0.001
    true, wary, trusting = (
        fit(head, prior, p, trust, SIZE, SIZE).phenotype for p, trust in ((points, SURE), (wrong, doubt), (wrong, SURE))
    )
    assert np.linalg.norm(wary - true) < 0.3 * np.linalg.norm(trusting - true)


def test_a_second_picture_keeps_the_person(head: HeadModel, prior: Prior) -> None:
    first = fit(head, prior, landmarks(head, weights(), seed=4), SURE, SIZE, SIZE)
    second = fit(
        head, prior, landmarks(head, weights(jawOpen=0.6), (10, 0, 0), seed=4), SURE, SIZE, SIZE, identity=first
    )
    assert np.array_equal(second.phenotype, first.phenotype)
    assert np.array_equal(second.local, first.local)
    assert second.residual < 0.01


def test_a_picture_twice_as_large_gives_the_same_head(head: HeadModel, prior: Prior) -> None:
    points = landmarks(head, weights(browInnerUp=0.5), (12, 0, 0))
    small, large = fit(head, prior, points, SURE, SIZE, SIZE), fit(head, prior, 2 * points, SURE, 2 * SIZE, 2 * SIZE)
    assert np.allclose(small.arkit, large.arkit, atol=1e-3)
    vertices = head.shape(small.phenotype, small.local, small.arkit)
    assert np.allclose(small.scaled(2).camera.project(vertices), large.camera.project(vertices), atol=0.2)


def test_fitting_twice_gives_the_same_bits(head: HeadModel, prior: Prior) -> None:
    points = landmarks(head, weights(jawOpen=0.3))
    first, again = (fit(head, prior, points, SURE, SIZE, SIZE) for _ in range(2))
    assert np.array_equal(first.arkit, again.arkit)
    assert np.array_equal(first.camera.rotation, again.camera.rotation)


def test_what_is_no_face_is_refused_in_one_sentence(head: HeadModel, prior: Prior) -> None:
    face = landmarks(head, weights())
    scattered = np.random.default_rng(0).uniform(0, SIZE, (70, 2))
    aside = landmarks(head, weights(), (80, 0, 0))
    cases = [
        (scattered, SURE), (face * 0.02, SURE), (face, SURE * 0.05), (face * np.nan, SURE), (aside, SURE),
        (face * [1, 0], SURE),
    ]  # fmt: skip
    for points, trust in cases:
        with pytest.raises(VcharError, match=r"; choose .*\.$"):
            fit(head, prior, points, trust, SIZE, SIZE)


def test_eye_distance_is_that_between_the_eyes_centres() -> None:
    points = np.zeros((70, 2))
    points[42:48] = [30, 40]
    assert eye_distance(points) == 50
