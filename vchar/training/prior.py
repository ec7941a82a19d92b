"""`vchar train prior`: what heads are like, learned from generated portraits.

Empirical Bayes: fit every portrait under the present prior, then take the prior that makes the fits likeliest, counting
what each fit leaves uncertain (Laplace approximation); again, from a first guess by hand, a few times.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from vchar import checkpoint
from vchar.evaluation.sliders import load_sliders
from vchar.evaluation.workers import Log, face_generator, painter, run_all
from vchar.faces import FaceFinder
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.fit import Posterior, posterior
from vchar.rig.prior import NAME, Prior, PriorConfig

LOCAL_SPREAD = {  # first guess, by parts of the names; the last that fits counts
    "": 0.25, "head": 0.15, "eye-height": 0.12, "eye-corner": 0.12, "mouth-angles": 0.12, "eyebrows": 0.12,
    "-ear-": 0.02, "trans-forward": 0.01, "head-trans": 0.01, "head-angle": 0.01, "head-age": 0.01, "neck": 0.01,
}  # fmt: skip
ACTION_SPREAD = {  # first guess, by the beginning of the name
    "": 0.3, "eyeLook": 0.4, "tongue": 0.02, "jaw": 0.08, "cheekPuff": 0.08, "mouthLeft": 0.08, "mouthRight": 0.08,
    "mouthClose": 0.08, "mouthSmile": 0.7, "jawOpen": 0.5, "cheekSquint": 0.4, "mouthUpperUp": 0.4, "eyeBlink": 0.4,
    "mouthShrugUpper": 0.08, "mouthRollUpper": 0.12, "mouthRollLower": 0.15, "mouthFunnel": 0.15, "mouthPucker": 0.2,
    "mouthDimple": 0.15, "mouthStretch": 0.15, "mouthLowerDown": 0.3, "mouthShrugLower": 0.1, "mouthPress": 0.15,
    "noseSneer": 0.12,
}  # fmt: skip
SPARSITY = 0.15  # first guess, over the spread
NOISE = ((0, 17, 0.03), (17, 27, 0.021), (27, 36, 0.015), (36, 48, 0.0115), (48, 68, 0.0125), (68, 70, 0.012))
FIRST_SEED = 300_000
SIZE = 256
TRUNCATION_PSI = 0.7
EXPRESSIVE = ("smile", "mouth_open", "eyes_open", "brow_height")  # sliders that are set at random for every other face
ROUNDS = 4
MEAN_LIMIT = (1.0, 0.3, 0.0)  # of phenotypes, local changes, actions
PSEUDO = 20  # how many faces the first guess is worth
MIRROR_LANDMARKS = (
    *range(16, -1, -1), *range(26, 16, -1), 27, 28, 29, 30, 35, 34, 33, 32, 31, 45, 44, 43, 42, 47, 46, 39, 38, 37, 36,
    41, 40, 54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65, 69, 68,
)  # fmt: skip
ALIKE = 0.3  # first guess: difference of the two sides over their spread


@dataclass(frozen=True)
class Face:
    """Landmarks [70,2] with confidence [70] in a square picture of `size` pixels."""

    points: NDArray[np.float32]
    confidence: NDArray[np.float32]
    size: int


def first_guess(head: HeadModel) -> Prior:
    """The prior that the learning starts from."""
    config = PriorConfig(len(head.phenotype), len(head.local_names), len(ARKIT_NAMES))
    local = np.array([_last_match(LOCAL_SPREAD, name, str.__contains__) for name in head.local_names])
    action = np.array([_last_match(ACTION_SPREAD, name, str.startswith) for name in ARKIT_NAMES])
    spread = np.concatenate([np.ones(config.phenotypes), local, action])
    twin = mirrored(head)
    precision = np.diag(1 / spread**2)
    for i, j in enumerate(twin):
        if i != j:
            precision[i, i] += 0.5 / (ALIKE * spread[i]) ** 2
            precision[i, j] -= 0.5 / (ALIKE * spread[i]) ** 2
    sparsity = np.where(np.arange(len(spread)) >= len(spread) - len(action), SPARSITY / spread, 0)
    noise = np.concatenate([np.full(stop - start, sigma) for start, stop, sigma in NOISE])
    return Prior(config, np.zeros(len(spread)), precision, sparsity, noise, np.zeros((70, 3)))


def mirrored(head: HeadModel) -> NDArray[np.intp]:
    """For each coefficient [K], the one that does the same on the other side (itself where there is none)."""
    phenotypes = len(head.phenotype)
    locals_ = [_twin(head.local_names, name, "l-", "r-") for name in head.local_names]
    actions = [_twin(ARKIT_NAMES, name, "Left", "Right") for name in ARKIT_NAMES]
    return np.concatenate(
        [np.arange(phenotypes), phenotypes + np.array(locals_), phenotypes + len(locals_) + np.array(actions)]
    )


def train(
    *, seed: int = 0, faces: int = 400, output: Path = Path("runs/prior"), ship: bool = False, log: Log = print
) -> Path:
    """Learn from `faces` generated portraits; returns the folder of the checkpoint, the shipped one if `ship`."""
    seeds = range(FIRST_SEED + 10_007 * seed, FIRST_SEED + 10_007 * seed + faces)
    batches = [seeds[i : i + 10] for i in range(0, faces, 10)]
    parts = run_all(portray, [(batch,) for batch in batches], 1, "finding landmarks", log)
    prior = learn(HeadModel.load(), [face for part in parts for face in part], ROUNDS, log)
    folder = checkpoint.shipped(NAME) if ship else output / "checkpoint"
    save(folder, prior)
    return folder


def save(folder: Path, prior: Prior) -> None:
    """Write a prior as a checkpoint."""
    arrays = {"mean": prior.mean, "precision": prior.precision, "sparsity": prior.sparsity, "noise": prior.noise}
    arrays["offset"] = prior.offset
    checkpoint.save(folder, prior.config, {name: torch.from_numpy(array).float() for name, array in arrays.items()})


@torch.inference_mode()
def portray(seeds: Sequence[int]) -> list[Face]:
    """Landmarks of generated people, of every other one with another expression; those that no face is found in are
    left out."""
    generator, paint, finder = face_generator(), painter(SIZE), FaceFinder.load("cpu")
    sliders = load_sliders(checkpoint.shipped("face-sliders"))
    faces = []
    for seed in seeds:
        w = generator.w_avg.lerp(generator.w_of_seed(seed), TRUNCATION_PSI)
        draw = np.random.default_rng(seed)
        values = {name: float(draw.uniform(-1, 1)) for name in EXPRESSIVE} if seed % 2 else {}
        picture = paint(sliders(generator.synthesis.styles(w), w, values))
        found = finder.find(Image.fromarray(picture))
        faces += [Face(face.points, face.confidence, SIZE) for face in found[:1]]
    return faces


def learn(head: HeadModel, faces: Sequence[Face], rounds: int, log: Log = print) -> Prior:
    """The prior of the people in `faces`, after so many rounds of fitting and taking stock."""
    prior = start = first_guess(head)
    twin = mirrored(head)
    for i in range(rounds):
        seen = [posterior(head, prior, f.points, f.confidence, f.size, f.size) for f in faces]
        prior = update(start, prior, seen, twin)
        error = np.sqrt(np.mean([p.squared_error for p in seen]))
        log(f"round {i + 1}/{rounds}: errors of {error:.2f} standard deviations")
    return prior


def update(start: Prior, prior: Prior, seen: Sequence[Posterior], twin: NDArray[np.intp]) -> Prior:
    """The likeliest prior given fits under the last one; `start` counts as PSEUDO further faces."""
    x = np.stack([p.x for p in seen])
    x = np.concatenate([x, x[:, twin]])  # every face has a mirror twin
    doubt = np.mean([p.covariance for p in seen], axis=0)
    doubt = (doubt + doubt[np.ix_(twin, twin)]) / 2
    action = start.sparsity > 0
    share = len(seen) / (len(seen) + PSEUDO)
    mean = np.where(action, 0, share * x.mean(0)).clip(*_mean_limits(start.config))
    spread = share * ((x - mean).T @ (x - mean) / len(x) + doubt) + (1 - share) * np.linalg.inv(start.precision)
    spread = _no_narrower(spread * _related(start.config, twin), start, action)
    rest = (x[:, action] <= 0).mean(0)
    sparsity = np.zeros(len(mean))
    sparsity[action] = SPARSITY * (1 + rest) / np.sqrt(np.diag(spread)[action])
    noise = prior.noise * np.sqrt(np.mean([p.squared_error for p in seen], axis=0))
    noise = np.sqrt(share * noise**2 + (1 - share) * start.noise**2)
    offset = prior.offset + share * _mirror_mean(np.mean([p.offset for p in seen], axis=0))
    return Prior(start.config, mean, np.linalg.inv(spread).astype(np.float64), sparsity, noise, offset)


def _mirror_mean(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Landmark offsets [70,3] made the same on both sides, within the picture's plane."""
    both = (points + points[list(MIRROR_LANDMARKS)] * [-1, 1, 1]) / 2
    return both * [1, 1, 0]


def _no_narrower(spread: NDArray[np.float64], start: Prior, action: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Covariance [K,K] whose actions vary at least as at first: the generator's people seldom make faces."""
    first = np.diag(np.linalg.inv(start.precision))
    scale = np.where(action, np.sqrt(np.maximum(first / np.diag(spread), 1)), 1)
    return spread * scale * scale[:, None]


def _mean_limits(config: PriorConfig) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lowest and highest mean: an unknown lens must not pass for an uncommon head."""
    high = np.repeat(MEAN_LIMIT, [config.phenotypes, config.locals, config.actions])
    return -high, high


def _related(config: PriorConfig, twin: NDArray[np.intp]) -> NDArray[np.float64]:
    """[K,K] which covariances are learned: of phenotypes, of ARKit weights, of a local change and its twin."""
    kind = np.repeat([0, 1, 2], [config.phenotypes, config.locals, config.actions])
    related = (kind[:, None] == kind) & (kind != 1)
    related |= np.eye(len(kind), dtype=bool) | (np.arange(len(kind)) == twin[:, None])
    return related.astype(np.float64)


def _twin(names: Sequence[str], name: str, left: str, right: str) -> int:
    """Index of the same thing on the other side, its own where there is none."""
    for one, other in ((left, right), (right, left)):
        candidates = (other + name.removeprefix(one), name.removesuffix(one) + other)
        for candidate in candidates:
            if candidate != name and one in (name[: len(one)], name[-len(one) :]) and candidate in names:
                return names.index(candidate)
    return names.index(name)


def _last_match(table: Mapping[str, float], name: str, matches: Callable[[str, str], bool]) -> float:
    return [value for key, value in table.items() if matches(name, key)][-1]
