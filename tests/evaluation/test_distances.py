"""Distances between sets of features: zero for the same, known for simple differences."""

import numpy as np
import pytest

from vchar.evaluation import distances

RANDOM = np.random.default_rng(0)
A, B = RANDOM.normal(size=(2, 400, 6))


def test_frechet_distance_is_the_squared_shift_of_equal_clouds() -> None:
    assert distances.frechet(A, A) == pytest.approx(0, abs=1e-9)
    assert distances.frechet(A, A + np.array([3, 4, 0, 0, 0, 0])) == pytest.approx(25)


def test_frechet_distance_counts_spread_too() -> None:
    rows = RANDOM.normal(size=(20_000, 1)) * [1.0, 1.0]
    rows[:, 1] = RANDOM.normal(size=20_000)
    assert distances.frechet(rows, rows * 2) == pytest.approx(rows.var(0).sum(), rel=0.05)


def test_kernel_distance_is_unbiased_and_grows_with_the_difference() -> None:
    near = distances.kernel(A, B)
    assert abs(near) < 0.02
    assert distances.kernel(A, B + 0.5) > 0.2 > near


def test_precision_and_recall_tell_apart_what_is_wrong() -> None:
    half = A[A[:, 0] > 0]  # all real, but only half of what there is
    precision, recall = distances.precision_recall(A, half)
    assert precision == 1
    assert recall < 0.9
    far = np.concatenate([A, A + 100])
    assert distances.precision_recall(A, far) == (0.5, 1.0)


def test_nearest_finds_the_distance_to_the_closest_point() -> None:
    found = distances.nearest(np.array([[0.0, 0.0], [5.0, 0.0]]), np.array([[3.0, 4.0], [5.0, 1.0]]))
    np.testing.assert_allclose(found, [5, 1])
