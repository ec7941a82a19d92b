"""The finer renderer: the same picture as the quick one's, but for how light falls."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from vchar.errors import VcharError
from vchar.render import cycles
from vchar.render.light import studio_light
from vchar.render.picture import render
from vchar.render.scene import CLOTH, SKIN, Mesh
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera, euler


def test_where_blender_is_missing_a_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bpy", None)
    with pytest.raises(VcharError, match="pip install"):
        cycles.render([], Camera.facing(8), studio_light(), 8, 8)


@pytest.fixture(scope="module")
def head() -> HeadModel:
    return HeadModel.load()


def at_rest(head: HeadModel) -> NDArray[np.float32]:
    sizes = len(head.phenotype), len(head.local_up), len(ARKIT_NAMES)
    return head.shape(*(np.zeros(size, np.float32) for size in sizes))


@pytest.mark.slow
def test_a_turned_head_stands_where_the_quick_renderer_draws_it_in_its_colours(head: HeadModel) -> None:
    pytest.importorskip("bpy")
    still = at_rest(head)
    colour = np.where(still[:, :1] > 0, [[0.6, 0.1, 0.1]], [[0.1, 0.1, 0.6]]).astype(np.float32)
    ball = Mesh(still, head.normals(still), head.faces, CLOTH, colour)
    camera = Camera(euler(25, 10, 5), np.array([0.02, 0.05, 1.2]), 270.0, (70.0, 60.0))
    quick, fine = (draw([ball], camera, studio_light(), 96, 128) for draw in (render, cycles.render))
    assert np.abs(quick[..., 3] - fine[..., 3]).mean() < 0.02
    shown = (quick[..., 3] > 0.99) & (fine[..., 3] > 0.99)
    assert np.abs(quick - fine)[shown].mean() < 0.12
    redder = [picture[..., 0] > picture[..., 2] for picture in (quick, fine)]
    assert (redder[0] == redder[1])[shown].mean() > 0.98


@pytest.mark.slow
def test_light_from_the_left_lights_the_left(head: HeadModel) -> None:
    pytest.importorskip("bpy")
    still = at_rest(head)
    white = Mesh(still, head.normals(still), head.faces, SKIN, np.ones_like(still))
    picture = cycles.render([white], Camera.facing(64), studio_light(), 64, 64)
    assert picture[24:40, 16:30, :3].mean() > 1.05 * picture[24:40, 34:48, :3].mean()
