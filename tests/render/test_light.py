"""Spherical-harmonics light."""

import numpy as np
import pytest

from vchar.render.light import environment_of, harmonics, panorama_directions, uniform_environment
from vchar.render.occlusion import sphere


def test_the_harmonics_are_orthonormal() -> None:
    basis = harmonics(sphere(20000))
    np.testing.assert_allclose(4 * np.pi * basis.T @ basis / len(basis), np.eye(9), atol=0.01)


def test_a_grey_panorama_lights_a_white_surface_grey_from_everywhere() -> None:
    environment = environment_of(np.full((32, 64, 3), 0.7, np.float32))
    np.testing.assert_allclose(harmonics(sphere(50)) @ environment, 0.7, atol=0.01)
    np.testing.assert_allclose(environment, uniform_environment(0.7), atol=0.01)


@pytest.mark.parametrize("towards", [(1, 0, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)])
def test_a_bright_spot_lights_what_faces_it(towards: tuple[int, int, int]) -> None:
    directions = panorama_directions(128, 256)
    spot = ((directions @ np.array(towards)) > 0.9)[..., None] * np.ones(3, np.float32)
    environment = environment_of(spot)
    facing, averted = harmonics(np.array([towards, [-x for x in towards]])) @ environment
    assert (facing > 4 * np.abs(averted)).all()
    exact = np.pi * (1 - 0.9**2) / np.pi  # irradiance / pi of a cap with cosine 0.9 at its rim, seen face on
    np.testing.assert_allclose(facing, exact, rtol=0.1)
