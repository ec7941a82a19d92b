"""Learning priors from faces whose truth is known."""

import numpy as np
import pytest

from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera
from vchar.rig.prior import Prior
from vchar.training.prior import MIRROR_LANDMARKS, Face, first_guess, learn, mirrored


@pytest.fixture(scope="module")
def head() -> HeadModel:
    return HeadModel.load()


@pytest.fixture(scope="module")
def learned(head: HeadModel) -> Prior:
    return learn(head, [smiling(head, seed) for seed in range(24)], rounds=2, log=lambda _line: None)


def smiling(head: HeadModel, seed: int) -> Face:
    """People who smile on both sides, never frown, and whose first phenotype is high; eyes lie 2 mm low."""
    draw = np.random.default_rng(seed)
    phenotype = draw.normal(0, 0.4, len(head.phenotype)).astype(np.float32)
    phenotype[0] += 1.5
    arkit = np.zeros(52, np.float32)
    for side in ("Left", "Right"):
        arkit[ARKIT_NAMES.index(f"mouthSmile{side}")] = 0.4 + 0.3 * draw.random()
    points = head.shape(phenotype, np.zeros(len(head.local_names), np.float32), arkit)[head.landmarks]
    points[36:48, 1] += 0.002
    camera = Camera(np.eye(3), np.array([0.0, 0.0, 1.1]), 4.2 * 512, (256.0, 256.0))
    screen = camera.project(points)[:, :2] + draw.normal(0, 0.5, (70, 2))
    return Face(screen.astype(np.float32), np.ones(70, np.float32), 512)


def spread(prior: Prior) -> np.ndarray:
    return np.sqrt(np.diag(np.linalg.inv(prior.precision)))


def test_what_people_have_in_common_becomes_the_mean(learned: Prior) -> None:
    assert learned.mean[0] > 0.6
    assert np.abs(learned.mean[3:20]).max() < 0.6


def test_what_people_do_becomes_likelier_and_the_rest_no_freer(head: HeadModel, learned: Prior) -> None:
    before, after = spread(first_guess(head)), spread(learned)
    k = len(head.phenotype) + len(head.local_names)
    smile, frown = (k + ARKIT_NAMES.index(name) for name in ("mouthSmileLeft", "mouthFrownLeft"))
    assert after[smile] / before[smile] > 1.03 * after[frown] / before[frown]
    assert after[frown] == pytest.approx(before[frown], rel=0.02)
    assert learned.sparsity[frown] > learned.sparsity[smile]


def test_sides_that_move_together_are_learned_as_alike(head: HeadModel, learned: Prior) -> None:
    k = len(head.phenotype) + len(head.local_names)
    left, right = (k + ARKIT_NAMES.index(f"mouthSmile{side}") for side in ("Left", "Right"))
    covariance = np.linalg.inv(learned.precision)
    assert covariance[left, right] > 0.8 * np.sqrt(covariance[left, left] * covariance[right, right])
    assert covariance[left, left] == pytest.approx(covariance[right, right], rel=0.01)


def test_landmarks_beside_their_vertices_become_an_offset(learned: Prior) -> None:
    eyes = learned.offset[36:48, 1].mean()
    assert 0.0001 < eyes < 0.0025
    assert np.allclose(learned.offset, learned.offset[list(MIRROR_LANDMARKS)] * [-1, 1, 1], atol=1e-9)


def test_every_coefficient_has_a_twin_and_is_its_twins_twin(head: HeadModel) -> None:
    twin = mirrored(head)
    assert np.array_equal(twin[twin], np.arange(len(twin)))
    k = len(head.phenotype) + len(head.local_names)
    assert twin[k + ARKIT_NAMES.index("jawLeft")] == k + ARKIT_NAMES.index("jawRight")
    assert twin[k + ARKIT_NAMES.index("jawOpen")] == k + ARKIT_NAMES.index("jawOpen")
    pairs = (twin[len(head.phenotype) : k] != np.arange(len(head.phenotype), k)).mean()
    assert pairs > 0.4
