"""How alike two sets of pictures are, by their features [N,D]."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from vchar.evaluation.readers.lite0 import Lite0

Features = NDArray[np.float64]
SUBSETS, SUBSET = 50, 500  # of pictures, over which the kernel distance is averaged
NEIGHBOURS = 3  # that the reach of a picture ends at


@torch.inference_mode()
def features(pictures: NDArray[np.uint8], net: Lite0, batch: int = 32) -> Features:
    """Pictures [N,S,S,3] -> the means [N,192] of EfficientNet-Lite0's last two kinds of features."""
    found = []
    for part in torch.from_numpy(pictures).split(batch):
        layers = net(part.permute(0, 3, 1, 2) / 255)
        found.append(torch.cat([layer.mean((2, 3)) for layer in layers[-2:]], dim=1))
    return torch.cat(found).double().numpy()


def frechet(a: Features, b: Features) -> float:
    """Frechet distance of normal distributions fitted to both (Heusel et al. 2017, arXiv:1706.08500)."""
    cov_a, cov_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    values, vectors = np.linalg.eigh(cov_a)
    root = vectors * np.sqrt(values.clip(min=0)) @ vectors.T
    both = np.sqrt(np.linalg.eigvalsh(root @ cov_b @ root).clip(min=0)).sum()
    return float(((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(cov_a) + np.trace(cov_b) - 2 * both)


def kernel(a: Features, b: Features, seed: int = 0) -> float:
    """Squared maximum mean discrepancy under a cubic kernel, without bias (Binkowski et al. 2018, arXiv:1801.01401)."""
    random, count = np.random.default_rng(seed), min(SUBSET, len(a), len(b))
    found = []
    for _ in range(SUBSETS):
        x, y = (part[random.choice(len(part), count, replace=False)] for part in (a, b))
        xx, yy, xy = (_cubed(p @ q.T / a.shape[1] + 1) for p, q in ((x, x), (y, y), (x, y)))
        within = (xx.sum() - np.trace(xx) + yy.sum() - np.trace(yy)) / (count * (count - 1))
        found.append(within - 2 * xy.mean())
    return float(np.mean(found))


def _cubed(x: Features) -> Features:
    return x * x * x  # numpy's power is many times slower


def precision_recall(real: Features, made: Features) -> tuple[float, float]:
    """Share of made pictures within reach of a real one, and the reverse (Kynkaanniemi 2019, arXiv:1904.06991)."""
    return _within(made, real), _within(real, made)


def _within(points: Features, others: Features) -> float:
    reach = np.sort(apart(others, others), axis=1)[:, min(NEIGHBOURS, len(others) - 1)]
    return float((apart(points, others) <= reach).any(1).mean())


def nearest(points: Features, others: Features) -> Features:
    """Distance [N] of each point to the nearest of the others."""
    return np.concatenate([apart(part, others).min(1) for part in np.array_split(points, max(1, len(points) // 500))])


def apart(a: Features, b: Features) -> Features:
    """Distances [N,M] between all points."""
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a @ b.T
    return np.sqrt(squares.clip(min=0))
