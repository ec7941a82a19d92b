"""Batches of motion: takes drawn so that rare actions count, cut, mirrored, sped up, and worded anew each time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vchar.data.motion_set import Features, Take, repeated
from vchar.rig.skeleton import Skeleton
from vchar.sentences import Sentences

LONGEST, SHORTEST = 300, 30  # frames
SPEEDS = (0.87, 1.15)  # times as fast
PLACED, WHOLLY_PLACED = 0.5, 0.95  # probability of telling how much of a part, or of a whole motion, is over
CAPTIONED = 0.3  # probability of a caption by others, where a take has one
REPEATED = 0.6  # probability of going on with a cycle, where a take has one
RARE = 0.75  # actions are drawn by what there is of them to the power of 1 minus this
STYLISED = 0.5  # how much a take counts whose heights and small jumps are lost
SORTED = 4  # batches drawn at a time, and sorted by length
RIDGE = 1.0  # of the usual speed as a function of the words
_LEAST = 0.02  # m/s, below it one speed is as slow as another


@dataclass(frozen=True)
class Batch:
    """features [B,T,F] in their own units, zero beyond `frames`; frames [B] int64; text [B,384]; energy [B];
    take [B] int64; placed [B] bool: whether it is told how much of the motion is over."""

    features: Tensor
    frames: Tensor
    text: Tensor
    energy: Tensor
    take: Tensor
    placed: Tensor


@dataclass(frozen=True)
class _Sided:
    """A take as recorded or mirrored, with its sentences' and captions' places in the table of vectors."""

    features: Features
    sentences: NDArray[np.int64]
    captions: NDArray[np.int64]


class _Drawn(NamedTuple):
    """One row of a Batch."""

    features: Features
    text: Tensor
    energy: float
    take: int
    placed: bool


class Batches:
    """All takes and sentences, ready to draw from."""

    def __init__(self, takes: list[Take], sentences: Sentences, frames: int) -> None:
        """`frames`: the motions' lengths are multiples of it."""
        self.takes, self.multiple = takes, frames
        twins = Skeleton.body().twins
        both = [(take, take.mirrored(twins)) for take in takes]
        texts = sorted({text for pair in both for take in pair for text in (*take.sentences, *take.captions)})
        place = {text: i for i, text in enumerate(texts)}
        self.vectors = sentences.embed(texts)
        self.sided = [
            tuple(_Sided(t.features, *(np.array([place[s] for s in ss], int) for ss in (t.sentences, t.captions)))
                  for t in pair)
            for pair in both
        ]  # fmt: skip
        self.weights = _weights(takes)
        self.usual, self.spread = self._usual()

    def _usual(self) -> tuple[NDArray[np.float64], float]:
        """The logarithm of the speed that a take's words let expect [N], and how far takes are from it."""
        words = torch.stack([self.vectors[side[0].sentences].mean(0) for side in self.sided]).double().numpy()
        speeds = np.log([take.speeds.mean() + _LEAST for take in self.takes])
        mean, words = speeds.mean(), words - words.mean(0)
        slope = np.linalg.solve(words.T @ words + RIDGE * np.eye(words.shape[1]), words.T @ (speeds - mean))
        usual = mean + words @ slope
        return usual, float((speeds - usual).std())

    def statistics(self) -> tuple[Tensor, Tensor]:
        """Mean and spread of the features [F], takes weighted as they are drawn; rotations spread at least 0.1."""
        frames = np.concatenate([side.features for pair in self.sided for side in pair])
        counts = [len(side.features) for pair in self.sided for side in pair]
        share = np.repeat(np.repeat(self.weights, 2) / np.array(counts), counts)
        mean = np.average(frames, axis=0, weights=share)
        spread = np.sqrt(np.average((frames - mean) ** 2, axis=0, weights=share))
        spread[4:] = np.maximum(spread[4:], 0.1)
        return torch.from_numpy(mean).float(), torch.from_numpy(np.maximum(spread, 1e-3)).float()

    def batch(self, step: int, size: int, seed: int) -> Batch:
        """What to learn from in `step`; the same step and seed give the same batch."""
        several, which = divmod(step, SORTED)
        random = np.random.default_rng([seed, several])
        takes = random.choice(len(self.takes), SORTED * size, p=self.weights)
        drawn = sorted((self._draw(int(i), random) for i in takes), key=lambda one: len(one.features))
        part = random.permutation(SORTED)[which]
        return _stacked(drawn[part * size : (part + 1) * size])

    def _draw(self, i: int, random: np.random.Generator) -> _Drawn:
        take, side = self.takes[i], self.sided[i][random.integers(2)]
        speed = random.uniform(*SPEEDS)
        features, moved = self._cut(take, side.features, random)
        features = sped(features, speed, self.multiple)
        captioned = len(side.captions) and random.random() < CAPTIONED
        said = random.choice(side.captions if captioned else side.sentences)
        energy = (np.log(moved * speed + _LEAST) - self.usual[i]) / self.spread
        placed = bool(random.random() < (WHOLLY_PLACED if take.whole else PLACED))
        return _Drawn(features, self.vectors[said], float(np.clip(energy, -2.5, 2.5)), i, placed)

    def _cut(self, take: Take, features: Features, random: np.random.Generator) -> tuple[Features, float]:
        """A part of a take, or more than all of it, and its mean speed (m/s)."""
        wanted = int(40 + (LONGEST - 40) * random.random() ** 1.8)
        if take.cycle and random.random() < REPEATED:
            features = repeated(features, take.cycle, wanted)
            start = random.integers(max(1, len(features) - wanted + 1))
            return features[start : start + wanted], float(take.speeds.mean())
        if take.whole:
            wanted = max(wanted, int(len(features) * random.uniform(0.93, 1)))
        wanted = min(max(wanted, SHORTEST + 8), LONGEST, len(features))
        start = random.integers(len(features) - wanted + 1)
        return features[start : start + wanted], float(take.speeds[start : start + wanted].mean())


def sped(features: Features, speed: float, multiple: int) -> Features:
    """The motion `speed` times as fast, cut or, if shorter than SHORTEST, held to a length that `multiple` divides."""
    count = min(int((len(features) - 1) / speed) + 1, LONGEST) // multiple * multiple
    places = np.arange(max(count, SHORTEST // multiple * multiple)) * speed
    before = np.minimum(places.astype(int), len(features) - 1)
    after, share = np.minimum(before + 1, len(features) - 1), (places - before).astype(np.float32)[:, None]
    mixed = features[before] + (features[after] - features[before]) * share
    mixed[:, :3] *= speed
    mixed[places > len(features) - 1, :3] = 0
    return mixed.astype(np.float32)


def _stacked(drawn: list[_Drawn]) -> Batch:
    frames = [len(one.features) for one in drawn]
    features = torch.zeros(len(drawn), max(frames), drawn[0].features.shape[1])
    for row, one in zip(features, drawn, strict=True):
        row[: len(one.features)] = torch.from_numpy(one.features)
    return Batch(
        features,
        torch.tensor(frames),
        torch.stack([one.text for one in drawn]),
        torch.tensor([one.energy for one in drawn]),
        torch.tensor([one.take for one in drawn]),
        torch.tensor([one.placed for one in drawn]),
    )


def _weights(takes: list[Take]) -> NDArray[np.float64]:
    """How likely each take is drawn: the more of an action there is, the less each; takes by their length's root."""
    lengths = np.array([min(len(take.features), 2 * LONGEST) ** 0.5 for take in takes])
    lengths *= [STYLISED if take.stylised else 1.0 for take in takes]
    total: Counter[str] = Counter()
    for take, length in zip(takes, lengths, strict=True):
        total[take.action] += length
    weights = lengths * [total[take.action] ** -RARE for take in takes]
    return weights / weights.sum()
