"""What motion is measured by: vectors of the judge compared, and what feet and joints do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vchar.rig import feet
from vchar.rig.clip import Clip
from vchar.rig.rotation import Array

POOL = 32  # sentences among which the right one is to be found
LOW, FAST = 0.05, 0.5  # a foot skates that is lower than this (m) and faster along the ground (m/s)
WINDOW, EVERY, STRIDE = 60, 6, 5  # frames compared, of which every so many count; step between windows to compare with

Vectors = NDArray[np.float64]  # [N,D]


def frechet(a: Vectors, b: Vectors) -> float:
    """Frechet distance between normal distributions fitted to two sets of vectors."""
    first, second = np.cov(a.T), np.cov(b.T)
    root = np.sqrt(np.linalg.eigvals(first @ second).real.clip(0)).sum()  # the trace of the product's root
    return float(((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(first + second) - 2 * root)


def precision(motions: Vectors, texts: Vectors, labels: Sequence[str], random: np.random.Generator) -> list[float]:
    """Shares [3] of motions whose own sentence is among the nearest 1, 2, 3 of POOL sentences about other things.

    labels: what each sentence says in short; no two of a pool say the same. A pool is smaller where there are fewer.
    """
    hits = np.zeros(3)
    for i, motion in enumerate(motions):
        others = _others(labels, i, random)
        apart = np.linalg.norm(texts[[i, *others]] - motion, axis=1)
        hits += (apart[1:] < apart[0]).sum() < np.arange(1, 4)
    return [float(hit) for hit in hits / len(motions)]


def _others(labels: Sequence[str], own: int, random: np.random.Generator) -> list[int]:
    """Sentences that say something else than `own`, one of each label."""
    seen: set[str] = {labels[own]}
    chosen: list[int] = []
    for i in random.permutation(len(labels)):
        if (label := labels[int(i)]) not in seen:
            seen.add(label)
            chosen.append(int(i))
    return chosen[: POOL - 1]


def diversity(vectors: Vectors, random: np.random.Generator) -> float:
    """Mean distance of random pairs."""
    return float(np.linalg.norm(vectors[random.permutation(len(vectors))] - vectors, axis=1).mean())


def multimodality(groups: Sequence[Vectors]) -> float:
    """Mean distance between motions made for one sentence, over sentences."""
    return float(np.mean([np.linalg.norm(group[1:] - group[:-1], axis=1).mean() for group in groups]))


def skate(clip: Clip) -> float:
    """Share of frames in which a foot lies low and yet slides."""
    balls = feet.soles(clip)[:, :, 1]
    speed = np.linalg.norm(np.diff(balls[..., [0, 2]], axis=0), axis=-1) * clip.fps
    low = np.maximum(balls[1:, :, 1], balls[:-1, :, 1]) < LOW
    return float((low & (speed > FAST)).any(1).mean())


def jerk(clip: Clip) -> float:
    """Mean size of the third derivative of the joints' places, m/s^3."""
    return float(np.linalg.norm(np.diff(clip.joint_positions, 3, axis=0), axis=-1).mean() * clip.fps**3)


def seam(clip: Clip) -> float:
    """How far the joints go from the last frame to the first, in medians of how far they go between frames.

    Seen from the heading and the place of the hips, as a loop that travels is played.
    """
    placed = clip.posture()
    steps = np.linalg.norm(np.diff(placed, axis=0), axis=-1).mean(1)
    return float(np.linalg.norm(placed[0] - placed[-1], axis=-1).mean() / max(np.median(steps), 1e-6))


class Memory:
    """All windows of known clips, to find the one that a clip is nearest to."""

    def __init__(self, clips: Sequence[Clip]) -> None:
        windows = [window for clip in clips for window in _windows(clip.posture(), STRIDE)]
        self.windows = np.array(windows, np.float32)
        self.sizes = (self.windows**2).sum(1)

    def nearest(self, clip: Clip) -> float | None:
        """How far the joints are, in the mean of squares, from those of the nearest window (m); None for short clips.

        The clip's middle window counts.
        """
        windows = _windows(clip.posture(), 1)
        if not windows:
            return None
        own = windows[len(windows) // 2]
        nearest = self.windows[(self.sizes - 2 * self.windows @ own).argmin()]
        return float(np.linalg.norm(nearest - own) / np.sqrt(len(own) / 3))


def _windows(placed: Array, stride: int) -> list[NDArray[np.float32]]:
    starts = range(0, len(placed) - WINDOW + 1, stride)
    return [placed[start : start + WINDOW : EVERY].astype(np.float32).ravel() for start in starts]
