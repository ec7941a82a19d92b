"""Rotations in their four forms."""

import itertools

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from vchar.rig import rotation
from vchar.rig.rotation import Array

ORDERS = ["".join(order) for order in itertools.permutations("XYZ")]


@pytest.fixture
def turns() -> Array:
    """Random unit quaternions [200,4]."""
    return rotation.normalized(np.random.default_rng(0).normal(size=(200, 4)))


def same(a: Array, b: Array) -> bool:
    return bool(rotation.angle(a, b).max() < 1e-4)


def test_matrices_quaternions_and_products_agree_with_scipy(turns: Array) -> None:
    theirs = Rotation.from_quat(turns, scalar_first=True)
    assert np.allclose(rotation.to_matrix(turns), theirs.as_matrix())
    assert np.allclose(rotation.rotate(turns, np.array([1.0, 2, 3])), theirs.apply([1, 2, 3]))
    product = rotation.multiply(turns, turns[::-1])
    assert np.allclose(rotation.to_matrix(product), (theirs * theirs[::-1]).as_matrix())


def test_matrix_and_six_numbers_come_back(turns: Array) -> None:
    assert same(rotation.from_matrix(rotation.to_matrix(turns)), turns)
    assert same(rotation.from_six(rotation.to_six(turns)), turns)


def test_half_turns_come_back_from_their_matrices() -> None:
    half = np.eye(4)[1:]
    assert same(rotation.from_matrix(rotation.to_matrix(half)), half)


def test_any_six_numbers_become_a_rotation() -> None:
    six = np.random.default_rng(1).normal(size=(50, 6)) * 3
    matrix = rotation.to_matrix(rotation.from_six(six))
    assert np.allclose(matrix @ np.swapaxes(matrix, -1, -2), np.eye(3), atol=1e-9)
    assert np.allclose(np.linalg.det(matrix), 1)


@pytest.mark.parametrize("order", ORDERS)
def test_euler_angles_agree_with_scipy_and_come_back(turns: Array, order: str) -> None:
    degrees = rotation.to_euler(turns, order)
    assert np.allclose(degrees, Rotation.from_quat(turns, scalar_first=True).as_euler(order, degrees=True), atol=1e-6)
    assert same(rotation.from_euler(degrees, order), turns)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("middle", [90.0, -90.0])
def test_gimbal_lock_still_gives_the_right_rotation(order: str, middle: float) -> None:
    locked = rotation.from_euler(np.array([25.0, middle, 40.0]), order)
    assert same(rotation.from_euler(rotation.to_euler(locked, order), order), locked)


def test_slerp_goes_the_shorter_way_at_constant_speed(turns: Array) -> None:
    a, b = turns[:100], turns[100:]
    middle = rotation.slerp(a, -b, 0.25)
    assert np.allclose(rotation.angle(a, middle), rotation.angle(a, b) / 4, atol=1e-6)
    assert np.allclose(rotation.slerp(a, a, 0.5), a)
    assert same(rotation.slerp(a, b, 0.0), a)
    assert same(rotation.slerp(a, b, 1.0), b)


def test_the_smallest_turn_between_directions_takes_one_to_the_other() -> None:
    start, end = np.random.default_rng(2).normal(size=(2, 50, 3))
    turned = rotation.rotate(rotation.between(start, end), rotation.normalized(start))
    assert np.allclose(turned, rotation.normalized(end))


@pytest.mark.parametrize("axis", np.eye(3))
def test_opposite_directions_take_half_a_turn(axis: Array) -> None:
    assert np.allclose(rotation.rotate(rotation.between(axis, -axis), axis), -axis)


def test_a_positive_turn_about_y_takes_forward_to_the_left() -> None:
    assert np.allclose(rotation.rotate(rotation.from_axis([0, 1, 0], 90), np.array([0.0, 0, 1])), [1, 0, 0])


def test_continuous_signs_keep_the_rotation(turns: Array) -> None:
    slow = rotation.slerp(turns[:1], turns[1:2], np.linspace(0, 1, 20))
    jumping = slow * np.where(np.arange(20) % 3 == 0, -1, 1)[:, None]
    calm = rotation.continuous(jumping)
    assert ((calm[1:] * calm[:-1]).sum(-1) > 0).all()
    assert same(calm, slow)
