"""Ambient occlusion, where the answer is known."""

import numpy as np

from tests.render.shapes import ball
from vchar.render.occlusion import occlusion, orthographic, sphere


def test_a_lone_ball_sees_all_its_surroundings() -> None:
    mesh = ball()
    assert occlusion(mesh.vertices, mesh.normals, mesh.faces).min() > 0.9


def test_where_two_balls_touch_less_is_seen() -> None:
    left, right = ball(centre=(-0.1, 0, 0)), ball(centre=(0.1, 0, 0))
    vertices = np.concatenate([left.vertices, right.vertices])
    faces = np.concatenate([left.faces, right.faces + len(left.vertices)])
    seen = occlusion(vertices, np.concatenate([left.normals, right.normals]), faces)
    inner = np.abs(vertices[:, 0]) < 0.02
    outer = np.abs(vertices[:, 0]) > 0.18
    assert seen[inner].mean() < 0.5 * seen[outer].mean()


def test_the_sphere_is_even() -> None:
    np.testing.assert_allclose(np.linalg.norm(sphere(48), axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(sphere(48).mean(0), 0, atol=0.02)


def test_orthographic_fills_the_picture_and_sorts_by_depth() -> None:
    points = np.array([[0, 0, 0], [0, 0, -1], [2, 0, 0], [0, 2, 0]], float)
    screen, scale = orthographic(points, np.array([0.0, 0, -1]), 100)
    assert scale == 49
    assert screen[1, 2] < screen[0, 2]  # nearer to where it is seen from
    assert screen[:, :2].min() == 1
    assert screen[:, :2].max() == 99
