"""`vchar train portrait`: the refiner, from pairs of pictures of one person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from vchar import checkpoint
from vchar.data.pairs import COARSE
from vchar.errors import VcharError
from vchar.evaluation.readers.lite0 import Lite0, unlikeness
from vchar.evaluation.workers import Log
from vchar.models.portrait import PortraitConfig, PortraitNet
from vchar.training.loop import Schedule, fit
from vchar.training.portrait_batches import BATCH, Batch, Reader

RATE, WARM_UP, CLIP = 7e-4, 100, 1.0
LIKENESS = 0.08  # weight of the features' unlikeness beside the mean difference of pixels
STAY = 0.2  # price of painting over what the warp is sure of
UNSURE = 3.0  # how much more than a sure pixel one counts that the warp knows nothing of


def train(
    *,
    pairs: Path,
    steps: int = 2800,
    seed: int = 0,
    output: Path = Path("runs/portrait"),
    ship: bool = False,
    log: Log = print,
) -> Path:
    """Train on a folder of `vchar.data.pairs`; returns the checkpoint's folder, the shipped one if `ship`.

    A run that was stopped goes on from the snapshot in `output`. Raises VcharError when there are too few pairs.
    """
    files = sorted(pairs.glob("pair-*.npz"))
    if len(files) < BATCH:
        raise VcharError(f"{pairs} holds {len(files)} pairs, too few to learn from; draw some with vchar train pairs.")
    torch.manual_seed(seed)
    net, features, reader = PortraitNet(PortraitConfig()), Lite0(), Reader(files, steps, seed)
    log(f"{len(files)} pairs")
    schedule = Schedule(steps, WARM_UP, average=0.998, clip=CLIP, seed=seed)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=1e-3)
    averaged = fit(net, optimiser, lambda step, _: loss(net, features, reader(step)), schedule, folder=output, log=log)
    assert isinstance(averaged, PortraitNet)
    folder = checkpoint.shipped("portrait") if ship else output / "checkpoint"
    checkpoint.save(folder, averaged.config, {name: tensor.half() for name, tensor in averaged.state_dict().items()})
    return folder


def loss(net: PortraitNet, features: Callable[[Tensor], list[Tensor]], batch: Batch) -> Tensor:
    """How far the completed pictures are from the targets, where these can be trusted."""
    out = net(batch.warped, batch.source, batch.guide, batch.change)
    sure = F.interpolate(batch.guide[:, :1], scale_factor=float(COARSE))
    pixels = (batch.weight * (1 + UNSURE * (1 - sure)) * (out - batch.target).abs()).mean()
    seen = torch.lerp(batch.target, out, batch.weight)  # what can't be trusted is no difference
    with torch.no_grad():
        wanted = features(batch.target)
    return pixels + LIKENESS * unlikeness(features(seen), wanted) + STAY * (sure * (out - batch.warped).abs()).mean()
