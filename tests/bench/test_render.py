"""The renderer's benchmark."""

import numpy as np

from vchar.bench.render import FPS, dense_head, rows


def test_the_head_has_fifty_thousand_triangles_and_lies_where_it_did() -> None:
    mesh = dense_head()
    assert 50_000 < len(mesh.faces) < 60_000
    assert mesh.uv is not None
    assert mesh.uv.shape == (len(mesh.faces), 3, 2)
    assert np.ptp(mesh.vertices[np.unique(mesh.faces)], axis=0)[1] > 0.25
    assert 0 <= mesh.uv.min() <= mesh.uv.max() <= 1


def test_the_goal_is_told_with_and_without_vtk() -> None:
    (fast,) = rows({"vchar": 1000 / (FPS + 5), "vtk": 50.0}, 53_000)
    assert fast.met
    assert "20 a second (VTK" in fast.beside
    (slow,) = rows({"vchar": 1000 / (FPS - 5)}, 53_000)
    assert slow.met is False
    assert "pip install vtk" in slow.beside
