"""`vchar train motion-evaluator`: the judge of motions and sentences, on the same takes as the generator but apart."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from vchar import checkpoint
from vchar.data import motion_set
from vchar.evaluation.workers import Log
from vchar.models import pose
from vchar.models.motion_evaluator import MotionEvaluator, MotionEvaluatorConfig
from vchar.rig.skeleton import Skeleton
from vchar.sentences import Sentences
from vchar.training.loop import Schedule, fit
from vchar.training.motion_batches import Batches

STEPS, BATCH = 800, 48
RATE, WEIGHT_DECAY = 1e-3, 0.05
WARM_UP = 100  # steps
ALIKE = 0.8  # sentences more alike than this are not held against each other
OTHER_SEED = 1_000  # added, so that it isn't shown the generator's batches
NOISE = 0.15  # standard deviation added to the motions, in spreads


def train(*, data: Path, output: Path = Path("runs/motion-evaluator"), seed: int = 0, ship: bool = False,
          log: Log = print) -> Path:  # fmt: skip
    """Train on `data`'s takes that aren't held out; returns the checkpoint's folder, the shipped one if `ship`.

    A run that was stopped goes on from the snapshot in `output`. Raises VcharError when `data` can't be read.
    """
    torch.manual_seed(seed)
    net = MotionEvaluator(MotionEvaluatorConfig(pose.width(len(Skeleton.body().parents)) - 2))
    batches = Batches(motion_set.load(data, held_out=False), Sentences.load(), 1)
    for kept, found in zip((net.mean, net.spread), batches.statistics(), strict=True):
        kept.copy_(found[: len(kept)])

    def loss(step: int, random: torch.Generator) -> Tensor:
        batch = batches.batch(step, BATCH, seed + OTHER_SEED)
        noise = torch.randn(batch.features.shape, generator=random)[..., : len(net.spread)] * net.spread * NOISE
        motions = net.motion(batch.features[..., : len(net.spread)] + noise, batch.frames)
        likeness = motions @ net.text(batch.text).T * net.sharpness.exp()
        alike = (batch.text @ batch.text.T > ALIKE) & ~torch.eye(BATCH, dtype=torch.bool)
        likeness = likeness.masked_fill(alike, -torch.inf)
        right = torch.arange(BATCH)
        return (F.cross_entropy(likeness, right) + F.cross_entropy(likeness.T, right)) / 2

    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=WEIGHT_DECAY)
    averaged = fit(net, optimiser, loss, Schedule(STEPS, WARM_UP, 0.995, 1.0, seed), folder=output, log=log)
    folder = checkpoint.shipped("motion-evaluator") if ship else output / "checkpoint"
    checkpoint.save(folder, net.config, {name: tensor.half() for name, tensor in averaged.state_dict().items()})
    return folder
