"""`vchar train pairs`: generated people with two expressions and views each, for the refiner to learn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from vchar import checkpoint
from vchar.data.pairs import Pair, pair_up, save
from vchar.errors import VcharError
from vchar.evaluation.sliders import load_sliders
from vchar.evaluation.workers import Log, face_generator, painter, run_all
from vchar.faces import FaceFinder, Landmarks
from vchar.models.sliders import FaceSliders
from vchar.rig.body import HeadModel
from vchar.rig.fit import Fit, fit
from vchar.rig.prior import Prior
from vchar.rig.warp import WarpSource

FIRST_SEED = 500_000
SEEDS_APART = 100_000  # first seeds of two runs with different `seed`
SIZE = 512
EXPRESSIVE = ("smile", "mouth_open", "eyes_open", "brow_height")
TURNING = ("yaw", "pitch")
TRUNCATION_PSI = (0.5, 0.85)
RESIDUAL = 0.018  # of a fit that is good enough, inter-ocular distances
CHUNK = 25


def train(
    *, people: int = 4000, seed: int = 0, output: Path = Path("runs/pairs"), ship: bool = False, log: Log = print
) -> Path:
    """Draw two pictures each of `people` and pair them both ways; returns the folder. A stopped run goes on.

    Raises VcharError for `ship`: pictures stay at home.
    """
    if ship:
        raise VcharError("Pairs of pictures are no checkpoint to ship; leave --ship out.")
    output.mkdir(parents=True, exist_ok=True)
    first = FIRST_SEED + SEEDS_APART * seed
    seeds = [s for s in range(first, first + people) if not _mark(output, s).exists()]
    jobs = [(seeds[at : at + CHUNK], output) for at in range(0, len(seeds), CHUNK)]
    count = sum(run_all(draw, jobs, 2, "people", log))
    log(f"{count} new pairs in {output}")
    return output


@torch.inference_mode()
def draw(seeds: Sequence[int], folder: Path) -> int:
    """Write the pairs of these seeds into `folder`; returns how many there are."""
    count = 0
    for seed in seeds:
        for pair in _both_ways(*_paint(seed)):
            save(folder / f"pair-{seed:08d}-{count % 2}.npz", pair)
            count += 1
        _mark(folder, seed).touch()
    return count


def _mark(folder: Path, seed: int) -> Path:
    """Says that a seed is done, whether its pictures were good for pairs or not."""
    return folder / f"{seed:08d}.done"


def _paint(seed: int) -> list[NDArray[np.uint8]]:
    """One person twice, [512,512,3]; every other one turns the head."""
    generator, paint, sliders = face_generator(), painter(SIZE), _models()[0]
    rng = np.random.default_rng(seed)
    w = generator.w_avg.lerp(generator.w_of_seed(seed), rng.uniform(*TRUNCATION_PSI))
    names = EXPRESSIVE + TURNING if rng.random() < 0.5 else EXPRESSIVE
    values = [{name: float(rng.uniform(-1, 1)) for name in names} for _ in range(2)]
    return [paint(sliders(generator.synthesis.styles(w), w, value)) for value in values]


def _both_ways(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Iterator[Pair]:
    for source, target in ((first, second), (second, first)):
        before, after = _face(source), _face(target)
        if before is None or after is None:
            continue
        try:
            own = _fit(before)
            other = _fit(after, own)
        except VcharError:
            continue
        if max(own.residual, other.residual) < RESIDUAL:
            warp = WarpSource(_models()[2], source / np.float32(255), own)
            pair = pair_up(warp, target / np.float32(255), other)
            if pair is not None:
                yield pair


@cache  # one a process; it never changes
def _models() -> tuple[FaceSliders, FaceFinder, HeadModel, Prior]:
    sliders = load_sliders(checkpoint.shipped("face-sliders"))
    return sliders, FaceFinder.load("cpu"), HeadModel.load(), Prior.load()


def _face(picture: NDArray[np.uint8]) -> Landmarks | None:
    return next(iter(_models()[1].find(Image.fromarray(picture))), None)


def _fit(face: Landmarks, identity: Fit | None = None) -> Fit:
    _, _, head, prior = _models()
    return fit(head, prior, face.points, face.confidence, SIZE, SIZE, identity)
