"""What `vchar bench render` measures: pictures a second of a dense textured head, on one thread."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from vchar.bench.row import Row, median_ms, take_turns
from vchar.bench.suite import Measurements
from vchar.render.light import studio_light
from vchar.render.occlusion import occlusion
from vchar.render.picture import render
from vchar.render.scene import SKIN, Mesh
from vchar.rig.body import HeadModel, vertex_normals
from vchar.rig.camera import Camera

SIZE, FPS = 256, 15
TEXTURE = 1024


def heads() -> list[Row]:
    """A head of 50,000 triangles: ours with skin shading, soft shadow and supersampling; VTK's with Phong shading."""
    mesh = dense_head()
    contenders: dict[str, Callable[[], object]] = {
        "vchar": partial(render, [mesh], Camera.facing(SIZE), studio_light(), SIZE, SIZE)
    }
    if vtk := _vtk(mesh):
        contenders["vtk"] = vtk
    return rows({name: median_ms(times) for name, times in take_turns(contenders).items()}, len(mesh.faces))


def rows(ms: dict[str, float], triangles: int) -> list[Row]:
    """`ms`: medians by contender; vtk may be missing."""
    fps = {f"{name}_fps": 1000 / time for name, time in ms.items()}
    beside = f"{fps['vtk_fps']:.0f} a second (VTK, Phong)" if "vtk" in ms else "not measured: pip install vtk"
    what = f"A textured head of {triangles:,} triangles, {SIZE} px, one thread"
    ours = f"{fps['vchar_fps']:.0f} a second"
    return [Row(what, ours, beside, f"at least {FPS} a second", fps["vchar_fps"] >= FPS, fps)]


def dense_head() -> Mesh:
    """The mean head with each triangle split in four, under a texture of noise."""
    head = HeadModel.load()
    vertices, faces, uv = _split(head.mean, head.faces, head.uv)
    normals = vertex_normals(vertices, faces)
    texture = np.random.default_rng(0).integers(120, 230, (TEXTURE, TEXTURE, 3), np.uint8)
    seen = occlusion(vertices, normals, faces, directions=12)
    return Mesh(vertices, normals, faces, SKIN, np.ones_like(vertices), texture, uv, occlusion=seen)


def _split(vertices: NDArray, faces: NDArray, uv: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Each triangle in four, by the middles of its edges."""
    edges = np.sort(np.stack([faces, np.roll(faces, -1, 1)], -1), -1)
    pairs, which = np.unique(edges.reshape(-1, 2), axis=0, return_inverse=True)
    middle = which.reshape(-1, 3) + len(vertices)
    a, b, c = faces.T
    ab, bc, ca = middle.T
    smaller = np.stack([a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca], -1).reshape(-1, 3)
    between = (uv + np.roll(uv, -1, 1)) / 2
    (u, v, w), (uv_, vw, wu) = (np.moveaxis(x, 1, 0) for x in (uv, between))
    corners = np.stack([u, uv_, wu, uv_, v, vw, wu, vw, w, uv_, vw, wu], 1).reshape(-1, 3, 2)
    return np.concatenate([vertices, vertices[pairs].mean(1)]), smaller.astype(np.int32), corners


def _vtk(mesh: Mesh) -> Callable[[], object] | None:
    """The same triangles by VTK on one software thread, where it is installed."""
    os.environ.setdefault("LP_NUM_THREADS", "1")
    try:
        vtk, bridge = import_module("vtk"), import_module("vtk.util.numpy_support")
    except ImportError:
        return None
    points, cells, surface = vtk.vtkPoints(), vtk.vtkCellArray(), vtk.vtkPolyData()
    points.SetData(bridge.numpy_to_vtk(np.ascontiguousarray(mesh.vertices * [1, -1, -1], np.float32), deep=True))
    rows = np.insert(mesh.faces, 0, 3, axis=1).astype(np.int64).ravel()
    cells.SetCells(len(mesh.faces), bridge.numpy_to_vtkIdTypeArray(rows, deep=True))
    surface.SetPoints(points)
    surface.SetPolys(cells)
    mapper, actor, renderer, window = vtk.vtkPolyDataMapper(), vtk.vtkActor(), vtk.vtkRenderer(), vtk.vtkRenderWindow()
    mapper.SetInputData(surface)
    actor.SetMapper(mapper)
    renderer.AddActor(actor)
    window.SetOffScreenRendering(1)
    window.SetSize(2 * SIZE, 2 * SIZE)  # as many samples as ours
    window.AddRenderer(renderer)

    def draw() -> None:
        actor.RotateY(1)
        window.Render()

    return draw


MEASUREMENTS: Measurements = {"heads": heads}
