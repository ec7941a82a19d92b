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
from vchar.training.portrait_batches import BATCH, CUTS, Batch, Reader
from vchar.training.portrait_critic import PatchCritic, Rivals, contest

RATE, CRITIC_RATE, WARM_UP, CLIP = 2e-3, 3e-4, 100, 1.0
PLAIN = 0.35  # share of the steps in which pictures are seen small and by their pixels alone
JUDGED = 0.65  # share of the steps after which a critic looks at them too
LIKENESS = 0.08  # weight of the features' unlikeness beside the mean difference of pixels
CONTENT = 1.0  # weight of what is painted where the warp is wrong, shown or not: else it hides before it is worth it
WRONG, RIGHT = 0.1, 0.1  # difference from which the warp is all wrong; how much of the weight is left where it is right
STAY = 0.1  # price of painting over what the warp is sure of
REALISM = 0.02  # weight of what the critic says
UNSURE = 3.0  # how much more than a sure pixel one counts that the warp knows nothing of


def train(
    *,
    pairs: Path,
    steps: int = 15000,
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
    plain, judged = round(PLAIN * steps), round(JUDGED * steps)
    rivals, features = Rivals(PortraitNet(PortraitConfig())).to(memory_format=torch.channels_last), Lite0()  # pyright: ignore[reportCallIssue]
    reader = Reader(files, steps, plain, seed)
    log(f"{len(files)} pairs")
    schedule = Schedule(steps, WARM_UP, average=0.998, clip=CLIP, seed=seed)
    rates = [{"params": rivals.net.parameters()}, {"params": rivals.critic.parameters(), "lr": CRITIC_RATE}]
    optimiser = torch.optim.AdamW(rates, RATE, weight_decay=1e-3)

    def price(step: int, _: torch.Generator) -> Tensor:
        critic = rivals.critic if step >= judged else None
        return loss(rivals.net, features if step >= plain else None, critic, reader(step))

    averaged = fit(rivals, optimiser, price, schedule, folder=output, log=log)
    assert isinstance(averaged, Rivals)
    folder, net = checkpoint.shipped("portrait") if ship else output / "checkpoint", averaged.net
    checkpoint.save(folder, net.config, {name: tensor.half() for name, tensor in net.state_dict().items()})
    return folder


def loss(
    net: PortraitNet, features: Callable[[Tensor], list[Tensor]] | None, critic: PatchCritic | None, batch: Batch
) -> Tensor:
    """How far the completed pictures are from the targets, where these can be trusted.

    features: None for by pixels alone.  critic: judges what is painted where nothing is known, and learns from it.
    """
    kind = batch.warped.device.type
    with torch.autocast(kind, torch.bfloat16):
        painting = net(batch.warped, batch.source, batch.guide, batch.change)
    out = painting.over(batch.warped)
    sure = F.interpolate(batch.guide[:, :1], scale_factor=float(COARSE))
    weight = batch.weight * (1 + UNSURE * (1 - sure))
    wrong = ((batch.warped - batch.target).abs().mean(1, keepdim=True) / WRONG).clamp(RIGHT, 1)
    painted = CONTENT * wrong * (painting.content - batch.target).abs()
    found = (weight * ((out - batch.target).abs() + painted)).mean()
    found = found + STAY * (sure * (out - batch.warped).abs()).mean()
    if critic is not None:
        with torch.autocast(kind, torch.bfloat16):
            told, telling = contest(critic, out, batch.target, batch.weight * (1 - sure))
        found = found + told + REALISM * telling
    if features is None:
        return found
    # one cut of each pair: features cost more than the network itself
    seen = torch.lerp(batch.target, out, batch.weight)  # what can't be trusted is no difference
    with torch.autocast(kind, torch.bfloat16):
        with torch.no_grad():
            wanted = features(batch.target[::CUTS])
        return found + LIKENESS * unlikeness(features(seen[::CUTS]), wanted)
