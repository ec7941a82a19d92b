"""`vchar train head`: the linear head, from Anny's body: principal shapes of people, local changes, 52 ARKit actions.

Anny takes up to minutes to make and its forward pass is no plain sum; the result here loads in a moment and is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import KDTree

from vchar import checkpoint
from vchar.data.anny_source import EYES, TURN, AnnySource, Array
from vchar.evaluation.workers import Log
from vchar.rig.body import PARTS, HeadConfig
from vchar.training.anatomy import GUM_COLOUR, TEETH, Bound, eyeball, teeth

COMPONENTS = 24  # principal shapes: 99.7 % of the variance
NECK = 0.02  # faces whose corners all belong to head or neck by more than this are kept
FOR_ASSETS = (
    "helper-hair",
    "helper-l-eyelashes-1",
    "helper-l-eyelashes-2",
    "helper-r-eyelashes-1",
    "helper-r-eyelashes-2",
)
NOT_OF_THE_HEAD = ("measure", "torso", "breast", "arm", "shoulder")
SMALLEST_LOCAL, SMALLEST = 1e-4, 1e-5  # metres: local changes kept, and displacements kept
COLOURS = {"skin": (0.80, 0.62, 0.53), "cavity": (0.45, 0.20, 0.19), "teeth": GUM_COLOUR, "tongue": (0.72, 0.38, 0.37)}
# base vertices of the 68 points: jaw, brows, nose, eyes, mouth, the picture's left first
LANDMARKS = (
    5738, 5433, 5204, 5242, 735, 5298, 5295, 5221, 5296, 11831, 11901, 11903, 7455, 11851, 11815, 12032, 12335,
    254, 207, 204, 180, 209, 6984, 6956, 6979, 6982, 7023,
    132, 131, 164, 294, 320, 313, 317, 7076, 7082,
    24, 0, 6763, 4870, 4862, 4860, 11488, 13359, 6784, 6808, 11478, 11480,
    3736, 447, 456, 466, 7215, 7207, 10404, 7166, 7241, 492, 486, 406, 418, 514, 520, 7261, 7178, 7264, 523, 517,
)  # fmt: skip


@dataclass(frozen=True)
class Surface:
    """Triangles [F,3] with their parts [F] and texture coordinates [F,3,2]."""

    faces: NDArray[np.int64]
    part: NDArray[np.uint8]
    uv: Array

    @classmethod
    def of_quads(cls, quads: NDArray, part: int, uv: Array) -> "Surface":
        """Two triangles of each quad [Q,4] with texture coordinates [Q,4,2]."""
        halves = ((0, 1, 2), (0, 2, 3))
        faces = np.concatenate([quads[:, half] for half in halves])
        return cls(faces, np.full(len(faces), part, np.uint8), np.concatenate([uv[:, half] for half in halves]))

    @classmethod
    def join(cls, parts: Sequence["Surface"]) -> "Surface":
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("faces", "part", "uv")))


def train(
    *, seed: int = 0, people: int = 1200, output: Path = Path("runs/head"), ship: bool = False, log: Log = print
) -> Path:
    """Make the head from `people` random adults; returns the folder of the checkpoint, the shipped one if `ship`."""
    log("making Anny's body")
    config, arrays = make(AnnySource(), people, seed, log)
    folder = checkpoint.shipped("head") if ship else output / "checkpoint"
    checkpoint.save(folder, config, {name: torch.from_numpy(array) for name, array in arrays.items()})
    return folder


def make(source: AnnySource, people: int, seed: int, log: Log) -> tuple[HeadConfig, dict[str, NDArray]]:
    """The head's names and arrays, as HeadModel.load reads them."""
    shapes = np.concatenate(list(source.people(people, seed)))
    base, weights = shapes.mean(0), source.bone_weights()
    head_weight = np.sum(list(weights.values()), axis=0)
    log("finding the principal shapes")
    phenotype = principal_shapes(shapes, head_weight > 0.5)
    names, up, down = head_changes(source, head_weight > 0.5)
    own = own_parts(source, base)
    surface = head_surface(source, head_weight)
    kept = np.unique(
        np.concatenate([surface.faces.ravel(), *(source.mesh.quads[g].ravel() for g in (*FOR_ASSETS, *EYES))])
    )
    follow = follower(kept, own, len(base))
    eye = np.stack([source.of_group(group) for group in EYES]) @ follow.T > 0.5
    arkit = source.facial_actions()
    arkit[:, source.of_group(EYES[0]) + source.of_group(EYES[1]) > 0] = 0  # eyeballs are turned, not bent
    mean = np.concatenate([base[kept], *(part.vertices for part in own)])
    surface = numbered(surface, kept, own)
    ends = len(kept) + np.cumsum([len(part.vertices) for part in own[:2]])  # of the two eyeballs
    pupils = [len(kept), ends[0]]
    arrays = {
        "mean": mean,
        "phenotype": spread(follow, phenotype).astype(np.float16),
        **packed(spread(follow, np.concatenate([up, down, arkit]))),
        "faces": surface.faces.astype(np.int32),
        "face_part": surface.part,
        "uv": surface.uv.astype(np.float32),
        "albedo": colours(surface, own, len(mean)),
        "turn_weight": (follow @ np.sum([share * weights[b] for b, share in TURN.items()], axis=0)).astype(np.float32),
        "eye": (eye[0] + 2 * eye[1]).astype(np.uint8),
        "eye_centres": (ends - 1).astype(np.int32),
        "landmarks": np.concatenate([np.searchsorted(kept, LANDMARKS), pupils]).astype(np.int32),
        "mirror": mirror_twins(mean),
        "base_index": np.concatenate([kept, np.full(len(mean) - len(kept), -1)]).astype(np.int32),
    }
    return HeadConfig(tuple(names)), arrays


def principal_shapes(shapes: Array, head: NDArray[np.bool_]) -> Array:
    """How all vertices move [P,V,3] for one standard deviation along each principal shape of the head's vertices."""
    moved = shapes - shapes.mean(0)
    flat = moved[:, head].reshape(len(shapes), -1).astype(np.float64)
    _, vectors = np.linalg.eigh(flat @ flat.T)
    scores = vectors[:, ::-1][:, :COMPONENTS] * np.sqrt(len(shapes))
    return (np.tensordot(scores, moved, axes=(0, 0)) / len(shapes)).astype(np.float32)


def head_changes(source: AnnySource, head: NDArray[np.bool_]) -> tuple[list[str], Array, Array]:
    """The local changes that move the head: names and displacements [L,V,3] upwards and downwards."""
    names, up, down = source.local_changes()
    reach = np.linalg.norm(up[:, head], axis=-1).max(1)
    keep = [i for i, n in enumerate(names) if reach[i] > SMALLEST_LOCAL and not any(w in n for w in NOT_OF_THE_HEAD)]
    return [names[i] for i in keep], up[keep], down[keep]


def own_parts(source: AnnySource, base: Array) -> list[Bound]:
    """The eyeballs (the picture's left first) and the teeth."""
    groups = {name: np.unique(quads) for name, quads in source.mesh.quads.items()}
    rows = [tooth for name, upper in TEETH.items() for tooth in teeth(base, groups[name], upper)]
    return [*(eyeball(base, groups[name]) for name in EYES), *rows]


def head_surface(source: AnnySource, head_weight: Array) -> Surface:
    """Skin of head and neck, the mouth's inside, tongue and gums, by base vertices."""
    quads, uv = source.mesh.quads["body"], source.mesh.uv["body"]
    inside = head_weight[quads].min(1) > NECK
    quads, uv = quads[inside], uv[inside]
    cavity = source.in_cavity(uv)
    groups = [("skin", quads[~cavity], uv[~cavity]), ("cavity", quads[cavity], uv[cavity])]
    for group, part in (("helper-tongue", "tongue"), *((name, "teeth") for name in TEETH)):
        groups.append((part, source.mesh.quads[group], source.mesh.uv[group]))
    return Surface.join([Surface.of_quads(q, PARTS.index(part), t) for part, q, t in groups])


def follower(kept: NDArray, own: Sequence[Bound], count: int) -> sparse.csr_matrix:
    """The matrix [V,count] that takes what base vertices do to what the head's vertices do."""
    rows = [sparse.csr_matrix((np.ones(len(kept)), (np.arange(len(kept)), kept)), (len(kept), count))]
    for part in own:
        places = np.repeat(np.arange(len(part.vertices)), part.bind_index.shape[1])
        entries = (part.bind_weight.ravel(), (places, part.bind_index.ravel()))
        rows.append(sparse.csr_matrix(entries, (len(part.vertices), count)))
    return sparse.csr_matrix(sparse.vstack(rows))


def spread(follow: sparse.csr_matrix, moves: Array) -> Array:
    """Displacements of base vertices [N,count,3] as those of the head's vertices [N,V,3]."""
    return np.stack([follow @ move for move in moves]).astype(np.float32)


def numbered(surface: Surface, kept: NDArray, own: Sequence[Bound]) -> Surface:
    """The surface by the head's own vertex numbers, and the own parts with it."""
    pieces = [Surface(np.searchsorted(kept, surface.faces), surface.part, surface.uv)]
    first = len(kept)
    for part in own:
        pieces.append(Surface.of_quads(part.quads + first, PARTS.index(part.part), part.uv[part.quads]))
        first += len(part.vertices)
    return Surface.join(pieces)


def colours(surface: Surface, own: Sequence[Bound], count: int) -> Array:
    """Plain sRGB colours [V,3]."""
    albedo = np.zeros((count, 3), np.float32)
    for name, colour in COLOURS.items():
        albedo[surface.faces[surface.part == PARTS.index(name)]] = colour
    painted = np.concatenate([part.albedo for part in own])
    albedo[-len(painted) :] = painted
    return albedo


def packed(moves: Array) -> dict[str, NDArray]:
    """Displacements [N,V,3] without those that are nothing: their flat places and, as float16, their values."""
    flat = moves.reshape(-1, 3)
    places = np.flatnonzero(np.abs(flat).max(1) > SMALLEST)
    return {"delta_index": places.astype(np.int32), "delta": flat[places].astype(np.float16)}


def mirror_twins(mean: Array) -> NDArray[np.int32]:
    """The vertex nearest to each vertex's mirror image."""
    mirrored = mean * np.array([-1, 1, 1], np.float32)
    return np.asarray(KDTree(mean).query(mirrored)[1], np.int32)
