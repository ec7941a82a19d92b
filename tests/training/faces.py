"""Small shards of drawn faces for tests: a coloured disc that moves and opens a mouth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vchar.data import conditions
from vchar.data.face_shards import Shard
from vchar.rig.blendshapes import ARKIT_NAMES

SIZE = 32


def drawn(yaw: float, jaw: float, tone: float) -> NDArray[np.uint8]:
    """A disc [SIZE,SIZE,3] that yaw moves sideways, with a mouth as open as the jaw."""
    y, x = np.mgrid[:SIZE, :SIZE] / SIZE - 0.5
    x = x - yaw / 300
    picture = np.full((SIZE, SIZE, 3), 40, np.uint8)
    picture[x**2 + y**2 < 0.12] = round(90 + 150 * tone)
    picture[np.hypot(x / 0.12, (y - 0.15) / (0.02 + 0.1 * jaw)) < 1] = (120, 20, 20)
    return picture


def write_faces(folder: Path, count: int = 24, per_shard: int = 10, seed: int = 0) -> Path:
    """`count` faces in shards; returns the folder."""
    rng = np.random.default_rng(seed)
    for start in range(0, count, per_shard):
        shard = Shard(SIZE)
        for _ in range(start, min(start + per_shard, count)):
            yaw, jaw, tone = rng.uniform(-40, 40), rng.uniform(), rng.uniform()
            arkit = np.zeros(len(ARKIT_NAMES))
            arkit[ARKIT_NAMES.index("jawOpen")] = jaw
            row = conditions.row({"skin_tone": tone}, arkit, np.array([yaw, 0, 0]), photo=float(rng.random() < 0.5))
            shard.add(drawn(yaw, jaw, tone), row)
        shard.write(folder / f"faces-{start:05d}.safetensors")
    return folder
