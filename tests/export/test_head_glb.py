"""Heads as GLB, read back by pygltflib and by hand."""

from typing import Any

import numpy as np
import pygltflib
import pytest

from vchar.character import Character
from vchar.export.head_glb import SECONDS, head_glb_bytes
from vchar.licence import Licence
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.bust import Bust
from vchar.rig.camera import Camera
from vchar.rig.fit import Fit
from vchar.rig.likeness import Likeness
from vchar.rig.strands import Hair

Tree = Any  # pygltflib's, in which everything may be missing
LICENCE = Licence("a model", "anything goes", "Anything at all.")


@pytest.fixture(scope="module")
def head() -> HeadModel:
    return HeadModel.load()


@pytest.fixture(scope="module")
def data(head: HeadModel) -> bytes:
    rest = np.zeros(len(head.phenotype), np.float32), np.zeros(len(head.local_names), np.float32)
    fit = Fit(*rest, np.zeros(52, np.float32), Camera.facing(64), 0.0, 1.0)
    eye = np.full((16, 16, 3), 200, np.uint8)
    corners = np.array([[0, -0.1, 0], [0.1, -0.1, 0], [0, 0, 0]], np.float32)
    hair = Hair(
        corners, corners * 0 + [0, 0, 1], np.array([[0, 1, 2]], np.int32), corners[:, :2], np.zeros((8, 8, 4), np.uint8)
    )
    likeness = Likeness(np.full((64, 64, 3), 150, np.uint8), (eye, eye), np.ones(3), hair)
    return head_glb_bytes(head, Bust.of(head), fit, likeness, Character(seed=5, name="Ann"), LICENCE)


@pytest.fixture(scope="module")
def tree(data: bytes) -> Tree:
    return pygltflib.GLTF2.load_from_bytes(data)


def rows(tree: Tree, number: int) -> np.ndarray:
    """The numbers of an accessor, sparse ones filled up."""
    accessor = tree.accessors[number]
    width = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}[accessor.type]

    def read(view: int, kind: int) -> np.ndarray:
        at = tree.bufferViews[view]
        raw = tree.binary_blob()[at.byteOffset : at.byteOffset + at.byteLength]
        return np.frombuffer(raw, {5126: np.float32, 5125: np.uint32}[kind])

    if accessor.sparse is None:
        return read(accessor.bufferView, accessor.componentType).reshape(-1, width)
    out = np.zeros((accessor.count, width), np.float32)
    sparse = accessor.sparse
    out[read(sparse.indices.bufferView, 5125)] = read(sparse.values.bufferView, 5126).reshape(-1, width)
    return out


def test_it_stands_upright_in_metres_and_faces_the_viewer(tree: Tree, head: HeadModel) -> None:
    skin = rows(tree, tree.meshes[0].primitives[0].attributes.POSITION)
    size = np.ptp(skin, axis=0)
    assert 0.2 < size[1] < 0.4
    nose = head.mean[head.landmarks[30]] * [1, -1, -1]
    assert np.linalg.norm(skin - nose, axis=1).min() < 1e-5
    assert skin[:, 2].argmax() == np.linalg.norm(skin - nose, axis=1).argmin() or skin[:, 2].max() - nose[2] < 0.004


def test_each_arkit_action_moves_what_it_moves_in_the_head(tree: Tree, head: HeadModel) -> None:
    mesh = tree.meshes[0]
    assert mesh.extras["targetNames"] == list(ARKIT_NAMES)
    assert all(len(primitive.targets) == 52 for primitive in mesh.primitives)
    skin = mesh.primitives[0]
    place = rows(tree, skin.attributes.POSITION)
    for name in ("jawOpen", "mouthSmileLeft", "browInnerUp"):
        number = ARKIT_NAMES.index(name)
        moved = rows(tree, skin.targets[number]["POSITION"])
        for landmark in (8, 54, 21, 57):
            vertex = head.landmarks[landmark]
            at = np.linalg.norm(place - head.mean[vertex] * [1, -1, -1], axis=1).argmin()
            np.testing.assert_allclose(moved[at], head.arkit[number, vertex] * [1, -1, -1], atol=3e-5)


def test_eyes_turn_where_they_look(tree: Tree) -> None:
    mesh = tree.meshes[0]
    names = [tree.materials[primitive.material].name for primitive in mesh.primitives]
    eye = mesh.primitives[names.index("LeftEye")]
    place = rows(tree, eye.attributes.POSITION)
    front = place[:, 2].argmax()
    up = rows(tree, eye.targets[ARKIT_NAMES.index("eyeLookUpLeft")]["POSITION"])
    other = rows(tree, eye.targets[ARKIT_NAMES.index("eyeLookUpRight")]["POSITION"])
    assert up[front, 1] > 0.002
    assert np.abs(other).max() < 1e-6


def test_the_idle_clip_blinks_breathes_and_is_a_loop(tree: Tree) -> None:
    idle = tree.animations[0]
    assert idle.name == "idle"
    tracks = {c.target.path: rows(tree, idle.samplers[c.sampler].output) for c in idle.channels}
    seconds = rows(tree, idle.samplers[0].input)
    assert seconds[-1, 0] == pytest.approx(SECONDS)
    weights = tracks["weights"].reshape(len(seconds), 52)
    lids = weights[:, ARKIT_NAMES.index("eyeBlinkLeft")]
    assert lids.max() > 0.9
    assert (lids > 0.5).mean() < 0.1
    assert np.ptp(tracks["translation"][:, 1]) > 0.001
    for track in (weights, tracks["rotation"], tracks["translation"]):
        np.testing.assert_allclose(track[0], track[-1], atol=1e-6)


def test_it_says_what_it_is_and_what_one_may_do_with_it(tree: Tree, data: bytes) -> None:
    asset = tree.asset
    assert asset.extras["digitalSourceType"].endswith("/trainedAlgorithmicMedia")
    assert asset.extras["licence"] == LICENCE.text
    assert asset.extras["vchar"]["seed"] == 5
    assert "anything goes" in asset.copyright
    assert len(data) < 12e6


def test_hair_is_a_mesh_of_its_own_that_moves_with_the_head(tree: Tree) -> None:
    (head,) = (node for node in tree.nodes if node.name == "Head")
    (hair,) = (tree.nodes[child] for child in head.children)
    (primitive,) = tree.meshes[hair.mesh].primitives
    material = tree.materials[primitive.material]
    assert (material.name, material.alphaMode, material.doubleSided) == ("Hair", "MASK", True)
    picture = tree.images[tree.textures[material.pbrMetallicRoughness.baseColorTexture.index].source]
    assert picture.mimeType == "image/png"
