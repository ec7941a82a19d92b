"""`vchar train motion-gru`: the recurrent baseline, on the same takes, sentences and losses as the generator."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from vchar import checkpoint
from vchar.data import motion_set
from vchar.evaluation.workers import Log
from vchar.models.motion_gru import MotionGRU, MotionGRUConfig
from vchar.rig.skeleton import Skeleton
from vchar.sentences import Sentences
from vchar.training.loop import Schedule, fit
from vchar.training.motion import geometry, mean_inside, measure
from vchar.training.motion_batches import Batches

STEPS, MORE, BATCH = 800, 500, 32  # from nothing, from a checkpoint
RATE, GENTLE, WEIGHT_DECAY = 1e-3, 6e-4, 0.01  # from nothing, from a checkpoint
WARM_UP = 100  # steps
LATENT = 0.02  # weight of the latent's divergence from the standard normal distribution
OWN = 0.9  # probability, at the end, that a token goes on from what was made and not from the truth


def train(*, data: Path, start: Path | None = None, output: Path = Path("runs/motion-gru"), seed: int = 0,
          ship: bool = False, log: Log = print) -> Path:  # fmt: skip
    """Train on `data`'s takes that aren't held out; returns the checkpoint's folder, the shipped one if `ship`.

    start: a checkpoint to go on from, wholly on its own tokens, instead of learning from nothing. A run that was
    stopped goes on from the snapshot in `output`. Raises VcharError when `data` or `start` can't be read.
    """
    torch.manual_seed(seed)
    net = MotionGRU(MotionGRUConfig(Skeleton.body().parents))
    if start:
        checkpoint.fill(net, start)
    batches = Batches(motion_set.load(data, held_out=False), Sentences.load(), net.config.frames)
    if not start:
        measure(net, batches)
    rate, steps = (GENTLE, MORE) if start else (RATE, STEPS)

    def loss(step: int, random: torch.Generator) -> Tensor:
        batch = batches.batch(step, BATCH, seed)
        data = (batch.features - net.mean) / net.spread
        inside = torch.arange(data.shape[1])[None] < batch.frames[:, None]
        with torch.autocast("cpu", torch.bfloat16):
            wish = net.wish(batch.text, batch.energy, torch.ones(BATCH, dtype=torch.bool))
            mean, spread = (part.float() for part in net.encode(data, inside[:, :: net.config.frames], wish))
            latent = mean + (spread / 2).exp() * torch.randn(mean.shape, generator=random)
            truth = net.tokens(data)
            with torch.no_grad():
                made = net.tokens(net(net.before(truth), latent, wish))
            own = torch.rand(*truth.shape[:2], 1, generator=random) < OWN * (1 if start else step / steps)
            found = net(net.before(torch.where(own, made, truth)), latent, wish).float()
        wrong = mean_inside(((found - data) ** 2).mean(-1), inside)
        apart = (mean.square() + spread.exp() - 1 - spread).sum(-1).mean() / 2
        sure = torch.ones(BATCH)
        off = geometry(net.body, found * net.spread + net.mean, batch, inside, sure)
        return wrong + off + LATENT * apart

    optimiser = torch.optim.AdamW(net.parameters(), rate, weight_decay=WEIGHT_DECAY)
    averaged = fit(net, optimiser, loss, Schedule(steps, WARM_UP, seed=seed, clip=1.0), folder=output, log=log)
    folder = checkpoint.shipped("motion-gru") if ship else output / "checkpoint"
    checkpoint.save(folder, net.config, {name: tensor.half() for name, tensor in averaged.state_dict().items()})
    return folder
