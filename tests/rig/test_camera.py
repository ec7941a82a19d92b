"""Turning and projecting."""

import numpy as np
import pytest

from vchar.rig.camera import Camera, angles, euler


@pytest.mark.parametrize("turn", [(0, 0, 0), (30, 0, 0), (0, -20, 0), (0, 0, 15), (-50, 25, -40)])
def test_angles_come_back_from_the_rotation(turn: tuple[float, float, float]) -> None:
    assert angles(euler(*turn)) == pytest.approx(turn, abs=1e-4)


def test_signs_are_those_of_the_picture() -> None:
    nose = np.array([0, 0, -0.1])  # towards the camera
    assert (euler(30, 0, 0) @ nose)[0] > 0
    assert (euler(0, 20, 0) @ nose)[1] < 0
    crown = np.array([0, -0.1, 0])
    assert (euler(0, 0, 20) @ crown)[0] > 0


def test_a_scaled_camera_sees_the_same_picture_larger() -> None:
    points = np.array([[0.02, -0.03, 0.01], [-0.1, 0.05, 0.0]], np.float32)
    camera = Camera.facing(200)
    small, large = camera.project(points), camera.scaled(2.5).project(points)
    assert np.allclose(small[:, :2] * 2.5, large[:, :2], atol=1e-3)
    assert np.allclose(small[:, 2], large[:, 2])
