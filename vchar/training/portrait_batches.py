"""What the refiner learns from in one step: random cuts of random pairs."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vchar.data.pairs import COARSE, Pair, halved, load, mirrored
from vchar.training.loop import batch_indices

BATCH, CUTS, CROP = 4, 2, 128  # pairs a step; cuts out of each, and their sides in pixels
STRIDE, TRIES = 32, 3  # pixels between the places that a cut may have; the best of how many is taken
GAIN = 0.12  # log of a random change of light, of all pictures alike
SMALL = 0.4  # share of pairs that are seen at half the size, after first steps in which all are
AHEAD = 3  # batches that are read while one is learnt from


@dataclass(frozen=True)
class Batch:
    """B cuts of pairs, pictures in 0..1.

    warped, source, target: [B,3,H,W].  guide: [B,10,H/2,W/2].  change: [B,55].  weight: [B,1,H,W].
    """

    warped: Tensor
    source: Tensor
    target: Tensor
    guide: Tensor
    change: Tensor
    weight: Tensor


def stacked(pairs: Sequence[Pair]) -> Batch:
    """One tensor for each part of the pairs."""

    def pictures(name: str) -> Tensor:
        return torch.from_numpy(np.stack([getattr(pair, name) for pair in pairs])).movedim(-1, 1) / 255

    guide = torch.from_numpy(np.stack([pair.guide for pair in pairs])).movedim(-1, 1)
    weight = torch.from_numpy(np.stack([pair.weight for pair in pairs]))[:, None]
    return Batch(
        pictures("warped"),
        pictures("source"),
        pictures("target"),
        guide.contiguous(),
        torch.from_numpy(np.stack([pair.change for pair in pairs])),
        weight.repeat_interleave(COARSE, 2).repeat_interleave(COARSE, 3),
    )


class Reader:
    """Reads batches ahead of their turn; which pairs, cuts and mirrorings a step gets depends on its number alone."""

    def __init__(self, files: Sequence[Path], steps: int, small: int, seed: int) -> None:
        """small: the steps at first in which all pictures are seen at half their size."""
        self._files, self._steps, self._small, self._seed = files, steps, small, seed
        self._pool = ThreadPoolExecutor(2)
        self._coming: dict[int, Future[Batch]] = {}

    def __call__(self, step: int) -> Batch:
        for ahead in range(step, min(step + AHEAD, self._steps)):
            if ahead not in self._coming:
                self._coming[ahead] = self._pool.submit(self._read, ahead)
        return self._coming.pop(step).result()

    def _read(self, step: int) -> Batch:
        which = batch_indices(step, len(self._files), BATCH, self._seed)
        rng = np.random.default_rng((self._seed, step))
        small = 1.0 if step < self._small else SMALL  # how previews look, and what a face is as a whole
        pairs = [load(self._files[i]) for i in which.tolist()]
        pairs = [halved(pair) if rng.random() < small else pair for pair in pairs]
        return stacked([augmented(pair, rng) for pair in pairs for _ in range(CUTS)])


def augmented(seen: Pair, rng: np.random.Generator) -> Pair:
    """A random cut of the pair, where much differs rather than little, perhaps mirrored, in a little other light."""
    cut = _cut(seen, rng)
    gain = np.exp(rng.normal(0, GAIN) + rng.normal(0, GAIN / 4, 3))
    source, warped, target = (
        (p[cut] * gain).clip(0, 255).astype(np.uint8) for p in (seen.source, seen.warped, seen.target)
    )
    coarse = tuple(slice(s.start // COARSE, s.stop // COARSE) for s in cut)
    found = Pair(source, warped, target, seen.guide[coarse], seen.change, seen.weight[coarse])
    return mirrored(found) if rng.random() < 0.5 else found


def _cut(pair: Pair, rng: np.random.Generator) -> tuple[slice, slice]:
    """The best of a few random places."""
    size, side = pair.source.shape[0], min(CROP, pair.source.shape[0])
    warped, target = (picture[::COARSE, ::COARSE].astype(np.int16) for picture in (pair.warped, pair.target))
    unlike = np.abs(warped - target).mean(-1, dtype=np.float32) * pair.weight
    places = rng.integers(0, (size - side) // STRIDE + 1, (TRIES, 2)) * STRIDE
    worth = [unlike[y // COARSE : (y + side) // COARSE, x // COARSE : (x + side) // COARSE].mean() for y, x in places]
    y, x = (int(v) for v in places[int(np.argmax(worth))])
    return slice(y, y + side), slice(x, x + side)
