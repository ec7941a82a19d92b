"""Random people: who they are, what their faces do, how their heads are turned."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from vchar.data.chance import one_of
from vchar.rig.blendshapes import ARKIT_NAMES, PRESETS
from vchar.rig.body import HeadModel

Floats = NDArray[np.floating]
EXPRESSIVE = ("eye-height", "eye-corner", "mouth-angles", "eyebrows")  # changes of shape that look like expression
STEADY = ("neck", "trans-forward", "head-trans", "head-angle", "head-age")  # changes that tear the head from its body
BENDS, BEND, BEND_REACH = 7, 0.003, 0.022  # how many moves a side, their spread and reach in metres
# what a talking mouth does: vowels and closed lips
TALKING = (
    {"jawOpen": 0.35, "mouthLowerDown": 0.2}, {"jawOpen": 0.15, "mouthStretch": 0.35, "mouthUpperUp": 0.2},
    {"jawOpen": 0.2, "mouthFunnel": 0.6}, {"jawOpen": 0.08, "mouthPucker": 0.7}, {"mouthPress": 0.5},
    {"mouthRollLower": 0.6, "jawOpen": 0.05}, {"jawOpen": 0.12, "mouthUpperUp": 0.25, "mouthLowerDown": 0.35},
    {"jawOpen": 0.1, "mouthSmile": 0.2, "mouthLowerDown": 0.25},
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """phenotype [P], local [L] (see HeadModel.shape), arkit [52] in 0..1; yaw, pitch, roll of the head in degrees.

    proportions: what makes this head unlike any MakeHuman head.
    """

    phenotype: Floats
    local: Floats
    arkit: Floats
    proportions: "Proportions"
    yaw: float
    pitch: float
    roll: float


def draw_person(rng: np.random.Generator, head: HeadModel, calm: bool = False) -> Person:
    """A random adult with a plausible expression; 60 % look within 25 degrees of the camera.

    calm: looks straight ahead with little expression.
    """
    arkit = expression(rng)
    if calm:
        arkit *= rng.choice([0.1, 0.4, 1.0])
    return Person(*identity(rng, head), arkit, draw_proportions(rng, head), *pose(rng, calm))


@dataclass(frozen=True)
class Proportions:
    """A smooth bend of space: scale [3] about the head, and moves [K,3] (metres) that fade round centres [K,3].

    MakeHuman's heads share their proportions, and whoever learns from them alone learns those instead of looking.
    """

    scale: Floats
    centres: Floats
    moves: Floats

    def bend(self, points: Floats) -> Floats:
        """Points [N,3] of the head at rest on its neck, where this head has them."""
        away = ((points[:, None] - self.centres) ** 2).sum(-1) / (2 * BEND_REACH**2)
        return (points * self.scale + np.exp(-away) @ self.moves).astype(np.float32)


def draw_proportions(rng: np.random.Generator, head: HeadModel) -> Proportions:
    """Random proportions, the two sides nearly alike."""
    marks = head.mean[head.landmarks[:68]]
    centres = marks[rng.integers(68, size=BENDS)]
    moves = rng.normal(0, BEND, (BENDS, 3)) * rng.uniform(0.3, 1.2)
    flip = np.array([-1, 1, 1])
    uneven = rng.normal(1, 0.1, (BENDS, 1))
    scale = 1 + rng.normal(0, [0.03, 0.04, 0.03])
    return Proportions(scale, np.concatenate([centres, centres * flip]), np.concatenate([moves, moves * flip * uneven]))


def identity(rng: np.random.Generator, head: HeadModel) -> tuple[Floats, Floats]:
    """Phenotype and local changes."""
    phenotype = np.clip(rng.normal(0, 1, len(head.phenotype)), -2.5, 2.5)
    spread = np.array(_spreads(head.local_names)) * rng.uniform(0.4, 1.4)
    local = rng.normal(0, 1, len(spread)) * spread
    partner = {name: i for i, name in enumerate(head.local_names)}
    for i, name in enumerate(head.local_names):
        if name.startswith("l-"):  # faces are nearly symmetric
            j = partner["r-" + name[2:]]
            local[j] = local[i] + 0.15 * local[j]
    return phenotype.astype(np.float32), np.clip(local, -1, 1).astype(np.float32)


@cache
def _spreads(names: tuple[str, ...]) -> tuple[float, ...]:
    """How far each local change strays, as a standard deviation."""
    return tuple(map(_spread, names))


def _spread(name: str) -> float:
    if any(part in name for part in STEADY):
        return 0.03
    return 0.12 if any(part in name for part in EXPRESSIVE) else 0.28


def expression(rng: np.random.Generator) -> Floats:
    """ARKit weights of one or two named expressions or talking shapes, uneven and noisy, with blinks and a gaze."""
    weights = np.zeros(len(ARKIT_NAMES))
    names = [name for name in PRESETS if name != "neutral"]
    kind = rng.choice(["neutral", "named", "mixed", "talking", "smiling"], p=[0.2, 0.32, 0.14, 0.18, 0.16])
    if kind in ("named", "mixed"):
        for name, strength in zip(rng.choice(names, 2, replace=False), (rng.uniform(0.3, 1.1), 0.6), strict=True):
            weights += (1 if kind == "named" else 0.7) * strength * _weights(PRESETS[name])
            if kind == "named":
                break
    elif kind == "talking":
        weights += rng.uniform(0.3, 1.4) * _weights(one_of(rng, TALKING))
        weights += rng.uniform(0, 0.5) * _weights(PRESETS[one_of(rng, names)])
    elif kind == "smiling":
        opened = rng.uniform(0, 0.5)
        smile = {"mouthSmile": 1, "cheekSquint": 0.6, "mouthUpperUp": opened, "mouthLowerDown": 0.6 * opened}
        weights += rng.uniform(0.3, 1) * _weights(smile | {"jawOpen": 0.4 * opened * rng.uniform()})
    weights = _uneven(rng, weights)
    _eyes(rng, weights)
    return np.clip(weights, 0, 1).astype(np.float32)


def _weights(parts: Mapping[str, float]) -> NDArray[np.float64]:
    """ARKit weights [52]; a name without its side stands for both sides."""
    both = [name.removesuffix("Left").removesuffix("Right") for name in ARKIT_NAMES]
    return np.array([parts.get(name, parts.get(plain, 0.0)) for name, plain in zip(ARKIT_NAMES, both, strict=True)])


def _uneven(rng: np.random.Generator, weights: NDArray) -> NDArray:
    """Each action a little stronger or weaker, the two sides alike; rarely a few actions of their own."""
    weights = weights * rng.lognormal(0, 0.2, len(weights))
    side = rng.normal(0, 0.08)
    for i, name in enumerate(ARKIT_NAMES):
        weights[i] *= 1 + side * (name.endswith("Left") - name.endswith("Right"))
    if rng.random() < 0.3:
        for i in rng.choice(len(ARKIT_NAMES) - 1, 3, replace=False):  # all but the tongue
            weights[i] += rng.uniform(0, 0.35)
    return weights


def _eyes(rng: np.random.Generator, weights: NDArray) -> None:
    """Lids and gaze, in place."""
    place = {name: i for i, name in enumerate(ARKIT_NAMES)}
    lids = rng.choice([rng.uniform(0.8, 1), rng.uniform(0.3, 0.8), rng.uniform(0, 0.15)], p=[0.06, 0.1, 0.84])
    across, up = rng.normal(0, 0.25), rng.normal(0, 0.2)
    for side, sign in (("Left", 1), ("Right", -1)):
        weights[place[f"eyeBlink{side}"]] += lids
        weights[place[f"eyeLookOut{side}"]] += max(sign * across, 0)
        weights[place[f"eyeLookIn{side}"]] += max(-sign * across, 0)
        weights[place[f"eyeLookUp{side}"]] += max(up, 0)
        weights[place[f"eyeLookDown{side}"]] += max(-up, 0)
        weights[place[f"eyeBlink{side}"]] += 0.35 * max(-up, 0)  # the lid follows the eye down


def pose(rng: np.random.Generator, calm: bool = False) -> tuple[float, float, float]:
    """Yaw within +-60, pitch and roll within +-30 degrees; mostly near the front."""
    if calm:
        yaw, pitch, roll = rng.normal(0, [5, 4, 3])
    else:
        yaw, pitch, roll = rng.choice([-1, 1]) * rng.uniform(0, 60) * rng.uniform() ** 0.4, *rng.normal(0, [11, 9])
    return float(np.clip(yaw, -60, 60)), float(np.clip(pitch, -30, 30)), float(np.clip(roll, -30, 30))


def turn_points(points: NDArray, weight: NDArray, turning: tuple[float, float, float], pivot: NDArray) -> Floats:
    """Points [N,3] turned about the pivot by (yaw, pitch, roll) degrees, each by its weight [N]: 1 head, 0 torso."""
    yaw, pitch, roll = turning
    whole = Rotation.from_euler("YXZ", [-yaw, -pitch, roll], degrees=True).as_rotvec()
    rotations = Rotation.from_rotvec(whole * weight[:, None]).as_matrix().astype(np.float32)
    return np.einsum("nij,nj->ni", rotations, points - pivot) + pivot
