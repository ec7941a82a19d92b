"""`vchar train complexion`: what skin is like all round a head, from the data factory's skins."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from vchar import checkpoint
from vchar.data.assets import Assets
from vchar.data.complexions import draw
from vchar.evaluation.workers import Log
from vchar.rig.body import HeadModel
from vchar.rig.complexion import ComplexionConfig, log_light


def train(
    *,
    makehuman: Path,
    skins: Path | None = None,
    count: int = 250,
    seed: int = 0,
    output: Path = Path("runs/complexion"),
    ship: bool = False,
    log: Log = print,
) -> Path:
    """Draw `count` skins without hair or make-up and keep their principal components; returns the checkpoint's folder.

    makehuman: a zip of MakeHuman's CC0 assets.  skins: what `vchar train skins` wrote.  Raises VcharError when these
    can't be read.
    """
    head = HeadModel.load()
    config = ComplexionConfig()
    rng = np.random.default_rng(seed)
    drawn = []
    assets = Assets.load(head, makehuman, faces=skins).part(held_out=False)
    for i, skin in enumerate(draw(rng, head, assets, config.size, count)):
        drawn.append(log_light(skin).astype(np.float16))
        if (i + 1) % 50 == 0:
            log(f"{i + 1}/{count} skins")
    mean, basis, kept = components(np.stack(drawn), config.components)
    log(f"{config.components} components explain {kept:.1%} of how skins differ")
    folder = checkpoint.shipped("complexion") if ship else output / "checkpoint"
    checkpoint.save(folder, config, {"mean": torch.from_numpy(mean).half(), "basis": torch.from_numpy(basis).half()})
    return folder


def components(light: NDArray, count: int) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
    """Mean [S,S,3] and principal components [count,S,S,3], one standard deviation each, of skins [N,S,S,3].

    Every skin's own tone is taken off first: that is free to be anything. Also the share of the variance kept.
    """
    flat = light.reshape(len(light), -1, 3).astype(np.float32)
    tones = np.median(flat, axis=1, keepdims=True)
    flat = (flat - tones).reshape(len(light), -1)
    mean = flat.mean(0)
    _, strength, ways = np.linalg.svd(flat - mean, full_matrices=False)
    basis = ways[:count] * strength[:count, None] / np.sqrt(len(light))
    kept = float((strength[:count] ** 2).sum() / (strength**2).sum())
    shape = light.shape[1:]
    mean = mean.reshape(shape) + tones.mean(0)
    return mean.astype(np.float32), basis.reshape(count, *shape).astype(np.float32), kept
