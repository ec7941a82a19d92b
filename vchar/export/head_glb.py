"""Heads as binary glTF 2.0 (Khronos): metres, Y up, facing +Z, 52 ARKit morph targets, an idle clip that blinks."""

from dataclasses import dataclass

import numpy as np
import pygltflib as gltf
from numpy.typing import NDArray

from vchar.character import Character
from vchar.export.gltf_file import GltfFile, unit
from vchar.licence import Licence
from vchar.rig.blendshapes import ARKIT_NAMES, GAZE
from vchar.rig.body import HeadModel
from vchar.rig.bust import Bust
from vchar.rig.fit import Fit
from vchar.rig.likeness import Likeness, eye_uv
from vchar.rig.strands import Hair

Floats = NDArray[np.floating]

TO_GLTF = np.array([1, -1, -1], np.float32)  # the head's axes: y down, z away
STILL = 2e-5  # metres: what an action moves less isn't moved
SECONDS, BLINKS = 6.0, (1.3, 4.4)  # of the idle clip, and when in it
BLINK = ((0.0, 0.0), (0.08, 1.0), (0.13, 1.0), (0.28, 0.0))  # seconds after its start, how far the lids are closed
BREATH, RISE, NOD = 3.0, 0.0012, 0.6  # seconds a breath takes; metres and degrees that it lifts the head


@dataclass(frozen=True)
class Part:
    """A part of one material: faces of the bust [F,3], a picture with uv [N,2] (v up) or a colour [3], sRGB."""

    name: str
    faces: NDArray[np.int32]
    roughness: float
    texture: NDArray[np.uint8] | None = None
    uv: Floats | None = None
    colour: Floats | None = None


def head_glb_bytes(
    head: HeadModel,
    bust: Bust,
    fit: Fit,
    likeness: Likeness,
    character: Character | None = None,
    licence: Licence | None = None,
) -> bytes:
    """The head of a fit as it rests, with the likeness's pictures; see `GltfFile.describe` for the last two."""
    file = GltfFile()
    vertices, normals, moves = _shapes(head, bust, fit)
    mesh = gltf.Mesh(name="Head", primitives=[], weights=[0.0] * len(ARKIT_NAMES))
    mesh.extras = {"targetNames": list(ARKIT_NAMES)}
    for part in parts(head, bust, likeness):
        mesh.primitives.append(_primitive(file, part, vertices, normals, moves))
    file.tree.meshes.append(mesh)
    node = file.node(name="Head", mesh=0)
    if likeness.hair is not None:
        file.tree.nodes[node].children = [_hair_node(file, likeness.hair)]
    name = character.file_stem if character else "head"
    file.tree.scenes = [gltf.Scene(name=name, nodes=[node])]
    file.tree.scene = 0
    _add_idle(file, node)
    file.describe(character, licence, "head of nobody real")
    return file.to_bytes()


def parts(head: HeadModel, bust: Bust, likeness: Likeness) -> list[Part]:
    """What the head is made of."""
    albedo = bust.spread(head.albedo)
    found = [Part("Skin", bust.faces[bust.only("skin")], 0.5, likeness.skin, bust.uv)]
    eyes = bust.faces[bust.only("eyes")]
    left = bust.place(head.mean)[eyes].mean(1)[:, 0] < 0
    for name, chosen, picture in (("RightEye", left, likeness.eyes[0]), ("LeftEye", ~left, likeness.eyes[1])):
        found.append(Part(name, eyes[chosen], 0.12, picture, eye_uv(bust.uv)))
    for name, tint, roughness in (("cavity", 1.0, 0.5), ("teeth", likeness.teeth, 0.25), ("tongue", 1.0, 0.4)):
        faces = bust.faces[bust.only(name)]
        colour = (albedo[np.unique(faces)].mean(0) * tint).clip(0, 1)
        found.append(Part(name.capitalize(), faces, roughness, colour=colour))
    return found


def _hair_node(file: GltfFile, hair: Hair) -> int:
    """Hair as a mesh of its own; strands are cut hard, as blending would need its faces sorted."""
    used, indices = np.unique(hair.faces, return_inverse=True)
    array = gltf.ARRAY_BUFFER
    attributes = gltf.Attributes(
        POSITION=file.accessor((hair.vertices[used] * TO_GLTF).astype(np.float32), array, bounds=True),
        NORMAL=file.accessor(unit(hair.normals[used] * TO_GLTF).astype(np.float32), array),
        TEXCOORD_0=file.accessor((hair.uv[used] * [1, -1] + [0, 1]).astype(np.float32), array),
    )
    surface = gltf.PbrMetallicRoughness(metallicFactor=0.0, roughnessFactor=0.65)
    surface.baseColorTexture = gltf.TextureInfo(index=file.texture("Hair", hair.texture))
    file.tree.materials.append(
        gltf.Material(name="Hair", pbrMetallicRoughness=surface, alphaMode=gltf.MASK, alphaCutoff=0.5, doubleSided=True)
    )
    primitive = gltf.Primitive(
        attributes=attributes,
        indices=file.accessor(indices.ravel().astype(np.uint32), gltf.ELEMENT_ARRAY_BUFFER),
        material=len(file.tree.materials) - 1,
    )
    file.tree.meshes.append(gltf.Mesh(name="Hair", primitives=[primitive]))
    return file.node(name="Hair", mesh=len(file.tree.meshes) - 1)


def _shapes(head: HeadModel, bust: Bust, fit: Fit) -> tuple[Floats, Floats, Floats]:
    """Vertices and normals at rest [N,3], and what each ARKit action at 1 adds to the vertices [52,N,3]; in glTF."""
    still = np.zeros(len(ARKIT_NAMES), np.float32)
    rest = head.shape(fit.phenotype, fit.local, still)
    moves = head.arkit.copy()
    for i, name in enumerate(ARKIT_NAMES):
        if name in GAZE:  # eyeballs turn, of which the head's own actions know nothing
            moves[i] = head.shape(fit.phenotype, fit.local, np.eye(len(still))[i]) - rest
    spread = bust.spread(moves.transpose(1, 0, 2).reshape(len(rest), -1)).reshape(-1, len(moves), 3)
    moves = spread.transpose(1, 0, 2) * TO_GLTF
    return bust.place(rest) * TO_GLTF, unit(bust.spread(head.normals(rest)) * TO_GLTF), moves


def _primitive(file: GltfFile, part: Part, vertices: Floats, normals: Floats, moves: Floats) -> gltf.Primitive:
    """One part with its own vertices and all morph targets, of which only what moves is written."""
    used, indices = np.unique(part.faces, return_inverse=True)
    array = gltf.ARRAY_BUFFER
    attributes = gltf.Attributes(
        POSITION=file.accessor(vertices[used], array, bounds=True), NORMAL=file.accessor(normals[used], array)
    )
    if part.uv is not None:
        uv = part.uv[used] * [1, -1] + [0, 1]  # v points down in glTF
        attributes.TEXCOORD_0 = file.accessor(uv.astype(np.float32), array)
    surface = gltf.PbrMetallicRoughness(metallicFactor=0.0, roughnessFactor=part.roughness)
    if part.texture is not None:
        surface.baseColorTexture = gltf.TextureInfo(index=file.texture(part.name, part.texture))
    if part.colour is not None:
        surface.baseColorFactor = [*(part.colour**2.2).tolist(), 1.0]
    file.tree.materials.append(gltf.Material(name=part.name, pbrMetallicRoughness=surface, alphaCutoff=None))
    return gltf.Primitive(
        attributes=attributes,
        indices=file.accessor(indices.ravel().astype(np.uint32), gltf.ELEMENT_ARRAY_BUFFER),
        material=len(file.tree.materials) - 1,
        targets=[gltf.Attributes(POSITION=file.sparse(move[used], STILL)) for move in moves],
    )


def _add_idle(file: GltfFile, node: int) -> None:
    """A loop in which the head breathes and blinks."""
    seconds = np.linspace(0, SECONDS, int(SECONDS * 30) + 1, dtype=np.float32)
    when, closed = np.array(BLINK).T
    lids = sum(np.interp(seconds - start, when, closed) for start in BLINKS)
    weights = np.zeros((len(seconds), len(ARKIT_NAMES)), np.float32)
    for side in ("Left", "Right"):
        weights[:, ARKIT_NAMES.index(f"eyeBlink{side}")] = lids
    breath = (1 - np.cos(2 * np.pi * seconds / BREATH)) / 2
    half = np.radians(NOD) * breath / 2
    turned = np.stack([-np.sin(half), 0 * half, 0 * half, np.cos(half)], axis=1)
    lifted = np.stack([0 * breath, RISE * breath, 0 * breath], axis=1)
    times = file.accessor(seconds, bounds=True)
    animation = gltf.Animation(name="idle", samplers=[], channels=[])
    for path, values in (("weights", weights.reshape(-1)), ("rotation", turned), ("translation", lifted)):
        _add_channel(file, animation, node, path, times, values.astype(np.float32))
    file.tree.animations.append(animation)


def _add_channel(
    file: GltfFile, animation: gltf.Animation, node: int, path: str, times: int, values: NDArray[np.float32]
) -> None:
    animation.samplers.append(gltf.AnimationSampler(input=times, output=file.accessor(values)))
    target = gltf.AnimationChannelTarget(node=node, path=path)
    animation.channels.append(gltf.AnimationChannel(sampler=len(animation.samplers) - 1, target=target))
