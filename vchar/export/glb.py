"""Skinned figures as binary glTF 2.0 (Khronos): metres, Y up, facing +Z, bound in the T-pose, clips by name.

Built from small parts (buffer, mesh, skin, animation) with `pygltflib`. Dropping such a file into the studio restores
the character: its recipe is in `asset.extras`.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pygltflib as gltf
from numpy.typing import NDArray

from vchar.character import Character
from vchar.export.gltf_file import GltfFile, unit
from vchar.licence import Licence
from vchar.render.figure import Piece
from vchar.rig.body import vertex_normals
from vchar.rig.clip import Clip
from vchar.rig.skeleton import Skeleton

SHADE = 0.6  # how much of the shading from the surroundings goes into vertex colours
FULL = 65535  # of a colour or a weight


def glb_bytes(
    pieces: Sequence[Piece], skeleton: Skeleton, ground: float, clips: Mapping[str, Clip], character: Character,
    licence: Licence,
) -> bytes:  # fmt: skip
    """The figure with its skeleton and, by name, the clips that move it.

    pieces: in the T-pose round the hips.  ground: how high the hips stand in it (m).  clips: of this `skeleton`.
    """
    file = GltfFile()
    joints = _add_skeleton(file, skeleton, ground)
    skin = _add_skin(file, skeleton, joints, ground)
    meshes = [
        file.node(name=piece.name, mesh=_add_mesh(file, piece, ground), skin=skin)
        for piece in pieces
    ]  # fmt: skip
    armature = file.node(name="Armature", children=[joints[0]])
    file.tree.scenes = [gltf.Scene(name=character.file_stem, nodes=[armature, *meshes])]
    file.tree.scene = 0
    for name, clip in clips.items():
        _add_animation(file, name, clip, joints)
    file.describe(character, licence, "figure")
    return file.to_bytes()


def _add_skeleton(file: GltfFile, skeleton: Skeleton, ground: float) -> list[int]:
    """A node for each joint; returns their numbers."""
    first = len(file.tree.nodes)
    children: list[list[int]] = [[] for _ in skeleton.names]
    for joint, parent in enumerate(skeleton.parents[1:], start=1):
        children[parent].append(first + joint)
    places = skeleton.offsets.astype(float).copy()
    places[0] = [0, ground, 0]
    return [
        file.node(name=name, translation=place.tolist(), children=below)
        for name, place, below in zip(skeleton.names, places, children, strict=True)
    ]


def _add_skin(file: GltfFile, skeleton: Skeleton, joints: Sequence[int], ground: float) -> int:
    inverse = np.tile(np.eye(4, dtype=np.float32), (len(joints), 1, 1))
    inverse[:, 3, :3] = -(
        skeleton.rest_positions() + np.array([0, ground, 0])
    )  # glTF's matrices stand column by column
    binds = file.accessor(inverse.reshape(-1, 16))
    file.tree.skins.append(
        gltf.Skin(name="Body", joints=list(joints), skeleton=joints[0], inverseBindMatrices=binds)
    )  # fmt: skip
    return len(file.tree.skins) - 1


def _add_mesh(file: GltfFile, piece: Piece, ground: float) -> int:
    """One mesh of one primitive; a vertex with several texture coordinates becomes several."""
    source, indices, uv = _split(piece)
    normals = vertex_normals(piece.vertices, piece.faces)[source]
    joints, weights = _influences(piece.bone_index[source], piece.bone_weight[source])
    vertices, array = (piece.vertices + np.array([0, ground, 0], np.float32))[source], gltf.ARRAY_BUFFER
    attributes = gltf.Attributes(
        POSITION=file.accessor(vertices, array, bounds=True),
        NORMAL=file.accessor(unit(normals), array),
        COLOR_0=file.accessor(_colours(piece)[source], array, normalized=True),
        JOINTS_0=file.accessor(joints, array),
        WEIGHTS_0=file.accessor(weights, array, normalized=True),
    )
    if uv is not None:
        attributes.TEXCOORD_0 = file.accessor(uv, array)
    primitive = gltf.Primitive(
        attributes=attributes,
        indices=file.accessor(indices.ravel().astype(np.uint32), gltf.ELEMENT_ARRAY_BUFFER),
        material=_add_material(file, piece),
    )
    file.tree.meshes.append(gltf.Mesh(name=piece.name, primitives=[primitive]))
    return len(file.tree.meshes) - 1


def _split(piece: Piece) -> tuple[NDArray, NDArray, NDArray[np.float32] | None]:
    """Which vertex each of the file's comes from [N], the faces [F,3] by those, and their texture coordinates [N,2]."""
    if piece.uv is None:
        return np.arange(len(piece.vertices)), piece.faces, None
    flat = np.round(piece.uv.reshape(-1, 2) * 2**15).astype(np.int64)
    key = (piece.faces.ravel().astype(np.int64) << 34) + (flat[:, 0] << 17) + flat[:, 1]
    _, first, own = np.unique(key, return_index=True, return_inverse=True)
    uv = piece.uv.reshape(-1, 2)[first] * [1, -1] + [0, 1]  # v points down in glTF
    return piece.faces.ravel()[first], own.reshape(-1, 3), uv.astype(np.float32)


def _colours(piece: Piece) -> NDArray[np.uint16]:
    """Linear light with the shading of the T-pose [N,4]."""
    seen = np.ones(len(piece.colour)) if piece.occlusion is None else piece.occlusion
    colour = piece.colour * (1 - SHADE * (1 - seen))[:, None]
    opaque = np.append(colour, np.ones((len(colour), 1)), axis=1)
    return (opaque.clip(0, 1) * FULL + 0.5).astype(np.uint16)


def _influences(index: NDArray[np.uint8], weight: NDArray[np.floating]) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Joints and weights [N,4] whose whole numbers sum to FULL; joints without weight are 0, as glTF wants it."""
    whole = np.round(weight * FULL).astype(np.int64)
    whole[:, 0] += FULL - whole.sum(1)
    return np.where(whole > 0, index, 0).astype(np.uint8), whole.astype(np.uint16)


def _add_material(file: GltfFile, piece: Piece) -> int:
    surface = gltf.PbrMetallicRoughness(metallicFactor=0.0, roughnessFactor=piece.material.roughness)
    if piece.texture is not None:
        surface.baseColorTexture = gltf.TextureInfo(index=file.texture(piece.name, piece.texture))
    file.tree.materials.append(
        gltf.Material(name=piece.name, pbrMetallicRoughness=surface, doubleSided=True, alphaCutoff=None)
    )
    return len(file.tree.materials) - 1


def _add_animation(file: GltfFile, name: str, clip: Clip, joints: Sequence[int]) -> None:
    """A clip of all joints' rotations and the hips' place."""
    animation = gltf.Animation(name=name, samplers=[], channels=[])
    seconds = file.accessor((np.arange(len(clip)) / clip.fps).astype(np.float32), bounds=True)

    def add(node: int, path: str, values: NDArray[np.float32]) -> None:
        animation.samplers.append(gltf.AnimationSampler(input=seconds, output=file.accessor(values)))
        target = gltf.AnimationChannelTarget(node=node, path=path)
        animation.channels.append(gltf.AnimationChannel(sampler=len(animation.samplers) - 1, target=target))

    add(joints[0], "translation", clip.root_positions.astype(np.float32))
    for joint, node in enumerate(joints):
        turned = clip.local_rotations[:, joint, [1, 2, 3, 0]].astype(np.float64)  # x y z w
        turned /= np.linalg.norm(turned, axis=1, keepdims=True)
        add(node, "rotation", turned.astype(np.float32))
    file.tree.animations.append(animation)
