"""The whole way, from words to a moving, dressed body in a file, with the real weights."""

from __future__ import annotations

import numpy as np
import pygltflib
import pytest

from tests.ui.conftest import Open, launch
from tests.ui.test_body_tab import generate, opened, told
from tests.ui.test_expression_tab import saved
from vchar.character import Character
from vchar.export.recipes import read_glb
from vchar.studio import Studio

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_jump_leaves_the_ground_in_the_page_and_in_the_file(visit: Open, real_studio: Studio) -> None:
    server, url = launch(real_studio)
    tab = opened(visit(url=url))
    generate(tab, "a person jumps")
    assert told(tab) == "Took it as: jump."
    tab.locator("#motion-model canvas").wait_for()
    tab.locator("#motion-strip .figure-picture").wait_for()
    name, data = saved(tab, "#take-glb")
    assert name.endswith("_jump.glb")
    assert read_glb(data).motion.prompt == "a person jumps"
    file = pygltflib.GLTF2.load_from_bytes(data)
    assert file is not None
    assert [mesh.name for mesh in file.meshes] == ["Skin", "Eyes", "T-shirt", "Jeans", "Sneakers", "Soles"]
    hips = file.accessors[file.animations[0].samplers[0].output]
    blob = file.binary_blob()
    assert blob is not None
    places = np.frombuffer(blob, np.float32, 3 * hips.count, file.bufferViews[hips.bufferView or 0].byteOffset or 0)
    assert np.ptp(places.reshape(-1, 3)[:, 1]) > 0.2
    server.close(verbose=False)


def test_another_face_gives_the_body_another_skin(real_studio: Studio) -> None:
    pale, dark = (real_studio.skin_tone(Character(seed=seed)) for seed in (11, 2))
    assert sum(bytes.fromhex(pale[1:])) > sum(bytes.fromhex(dark[1:])) + 150
