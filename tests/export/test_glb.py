"""GLB files, read back by the library's own parser and checked against the standard's rules."""

import json

import numpy as np
import pygltflib
import pytest

from vchar.character import Body, Character
from vchar.dressing import Wardrobe
from vchar.export.glb import glb_bytes
from vchar.licence import Licence
from vchar.render.figure import sole_thickness
from vchar.rig import rotation
from vchar.rig.clip import Clip
from vchar.rig.skeleton import Skeleton, standing_height
from vchar.rig.skinning import matrices, skin

SKELETON = Skeleton.body()
HERO = Character(body=Body({"height": 0.5}), name="Hero")
LICENCE = Licence("our body", "free for all uses", "Apache-2.0 and CC0.")
FRAMES = 12


@pytest.fixture(scope="module")
def clip() -> Clip:
    """The left arm goes up."""
    turned = rotation.identity(FRAMES, len(SKELETON.names)).astype(np.float64)
    turned[:, SKELETON.index("LeftArm")] = rotation.from_axis([0, 0, 1], np.linspace(0, 60, FRAMES))
    root = np.tile(np.array([0, standing_height(SKELETON), 0], np.float32), (FRAMES, 1))
    return Clip.without_contacts(SKELETON, 30, root, turned)


@pytest.fixture(scope="module")
def made(clip: Clip, wardrobe: Wardrobe) -> tuple[pygltflib.GLTF2, list, np.ndarray]:
    """The file read back, the pieces in it, and the frames' moves."""
    shape = wardrobe.model.shape(HERO.body.shape)
    lift = sole_thickness(HERO.body.outfit)
    pieces = wardrobe.dresser.dress(shape, HERO.body.outfit)
    placed = shape.follow(clip, lift)
    data = glb_bytes(pieces, shape.skeleton, shape.standing_height(lift), {"wave": placed}, HERO, LICENCE)
    assert len(data) < 4_000_000
    file = pygltflib.GLTF2.load_from_bytes(data)
    assert file is not None
    return file, pieces, matrices(placed.global_rotations, placed.joint_positions, shape.rest)


def read(file: pygltflib.GLTF2, number: int | None) -> np.ndarray:
    """An accessor's values [N,K]."""
    accessor = file.accessors[number or 0]
    view = file.bufferViews[accessor.bufferView or 0]
    kind = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}[accessor.componentType]
    width = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}[accessor.type]
    data = (file.binary_blob() or b"")[view.byteOffset or 0 :]
    return np.frombuffer(data, kind, accessor.count * width).reshape(-1, width)


def test_it_holds_a_skinned_mesh_for_each_piece_and_the_named_clip(made) -> None:  # noqa: ANN001
    file, pieces, _ = made
    assert [mesh.name for mesh in file.meshes] == [piece.name for piece in pieces]
    assert [animation.name for animation in file.animations] == ["wave"]
    assert [file.nodes[joint].name for joint in file.skins[0].joints] == list(SKELETON.names)
    assert all(node.skin == 0 for node in file.nodes if node.mesh is not None)
    assert len(file.animations[0].channels) == len(SKELETON.names) + 1


def test_the_t_pose_stands_on_the_ground_in_metres_facing_ahead(made) -> None:  # noqa: ANN001
    file, _, _ = made
    bounds = [file.accessors[mesh.primitives[0].attributes.POSITION] for mesh in file.meshes]
    low, high = np.min([each.min for each in bounds], 0), np.max([each.max for each in bounds], 0)
    assert low[1] == pytest.approx(0, abs=0.003)
    assert 1.7 < high[1] < 2.1
    assert 1.5 < high[0] - low[0] < 2.2
    soles = bounds[-1]
    assert soles.max[2] > -soles.min[2]  # toes ahead


def test_the_clip_moves_the_vertices_as_our_own_skinning_does(made, clip: Clip) -> None:  # noqa: ANN001
    file, pieces, moves = made
    times = [read(file, sampler.input) for sampler in file.animations[0].samplers]
    assert all(np.allclose(each[:, 0], np.arange(FRAMES) / 30) for each in times)
    frame, piece = FRAMES - 1, pieces[0]
    world = [np.eye(4) for _ in SKELETON.names]
    joints = file.skins[0].joints
    channels = {
        (c.target.node, c.target.path): file.animations[0].samplers[c.sampler] for c in file.animations[0].channels
    }
    for i, node in enumerate(joints):
        local = np.eye(4)
        x, y, z, w = read(file, channels[node, "rotation"].output)[frame]
        local[:3, :3] = rotation.to_matrix(np.array([w, x, y, z], np.float64))
        moved = channels.get((node, "translation"))
        local[:3, 3] = read(file, moved.output)[frame] if moved else file.nodes[node].translation
        parent = SKELETON.parents[i]
        world[i] = local if parent < 0 else world[parent] @ local
    inverse = read(file, file.skins[0].inverseBindMatrices).reshape(-1, 4, 4).transpose(0, 2, 1)
    joint_moves = (np.stack(world) @ inverse)[:, :3].astype(np.float32)
    attributes = file.meshes[0].primitives[0].attributes
    weights = (read(file, attributes.WEIGHTS_0) / 65535).astype(np.float32)
    moved = skin(read(file, attributes.POSITION).copy(), read(file, attributes.JOINTS_0), weights, joint_moves)
    ours = skin(piece.vertices, piece.bone_index, piece.bone_weight, moves[frame])
    assert np.abs(moved - ours).max() < 0.001


def test_numbers_are_as_the_standard_wants_them(made) -> None:  # noqa: ANN001
    file, _, _ = made
    for mesh in file.meshes:
        attributes = mesh.primitives[0].attributes
        weights, joints = read(file, attributes.WEIGHTS_0).astype(int), read(file, attributes.JOINTS_0)
        assert (weights.sum(1) == 65535).all()
        assert not joints[weights == 0].any()
        assert np.allclose(np.linalg.norm(read(file, attributes.NORMAL), axis=1), 1, atol=1e-3)
        assert read(file, mesh.primitives[0].indices).max() < len(weights)
    assert all((view.byteOffset or 0) % 4 == 0 for view in file.bufferViews)


def test_the_file_carries_recipe_licence_and_ai_mark(made) -> None:  # noqa: ANN001
    file, _, _ = made
    extras = file.asset.extras
    assert Character.from_json(json.dumps(extras["vchar"])) == HERO
    assert extras["digitalSourceType"].endswith("trainedAlgorithmicMedia")
    assert file.asset.copyright == "AI-generated figure. Made with our body; free for all uses."
    assert extras["licence"] == LICENCE.text
