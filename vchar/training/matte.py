"""`vchar train matte`: where portraits show the person, and hair; from mattes that are exact, read, or another's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from vchar import checkpoint
from vchar.evaluation.workers import Log
from vchar.models.matte import MatteConfig, MatteNet
from vchar.models.views import Views
from vchar.training.augment import augment
from vchar.training.cutouts import Cutouts, generated, photographs, renders, training_factory
from vchar.training.loop import Schedule, fit

SHARES = (0.4, 0.4, 0.2)  # of a batch: renders, generated portraits, photographs
BATCH, CROP, RATE = 8, 160, 2e-3
SIDES, TILT = (0.5, 1.05), 0.15  # of a crop: shares of the picture's side; radians, standard deviation
DOUBT = 0.1  # weight of a guessed matte's middle greys
EDGES = 0.5  # weight of how mattes change from pixel to pixel
ACCIDENTS = 0.7  # share of pictures that are augmented


def train(
    *,
    makehuman: Path,
    skins: Path | None = None,
    portraits: Path | None = None,
    pictures: int = 1500,
    steps: int = 2000,
    seed: int = 0,
    output: Path = Path("runs/matte"),
    ship: bool = False,
    log: Log = print,
) -> Path:
    """Draw some `pictures` of each kind, learn from them, return the checkpoint's folder. A stopped run goes on.

    makehuman: a zip of MakeHuman's CC0 assets.  skins: what `vchar train skins` wrote.  portraits: a zip of synthetic
    faces, which also lend backgrounds.  The network starts from the shipped finder of faces.
    """
    factory = training_factory(makehuman, portraits, skins, held_out=False)
    sources = [generated(output, pictures, seed, log), renders(output, pictures, factory, seed, log)]
    if portraits:
        sources.append(photographs(output, portraits, pictures, log))
    torch.manual_seed(seed)
    net = MatteNet(MatteConfig())
    found = checkpoint.load_tensors(checkpoint.shipped("landmarks"))
    start = {name.removeprefix("finder.trunk."): found[name] for name in found if name.startswith("finder.trunk.")}
    net.trunk.load_state_dict({name: tensor.float() for name, tensor in start.items()})
    net = net.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.01)
    schedule = Schedule(steps, warm_up=50, average=0.995, clip=2.0, seed=seed)
    averaged = fit(net, optimiser, matte_loss(net, sources), schedule, folder=output, log=log)
    folder = checkpoint.shipped("matte") if ship else output / "checkpoint"
    checkpoint.save(folder, net.config, {name: part.half() for name, part in averaged.state_dict().items()})
    return folder


def matte_loss(net: MatteNet, sources: Sequence[Cutouts]) -> Callable[[int, torch.Generator], Tensor]:
    """The loss of one step, for the training loop."""
    shares = torch.tensor(SHARES[: len(sources)])
    counts = (BATCH * shares / shares.sum()).round().int().tolist()

    def loss(_: int, random: torch.Generator) -> Tensor:
        parts = [_draw(source, count, random) for source, count in zip(sources, counts, strict=True)]
        pictures, mattes, weights = (torch.cat(rows) for rows in zip(*parts, strict=True))
        odds = net(pictures.contiguous(memory_format=torch.channels_last))
        return difference(odds, mattes, weights)

    return loss


def _draw(source: Cutouts, count: int, random: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Crops [count,3,CROP,CROP], their mattes, and how far these are known, [count,2,CROP,CROP] each."""
    chosen = torch.randint(len(source.pictures), (count,), generator=random)
    layers = torch.cat([source.pictures[chosen], source.mattes[chosen]], dim=1).float() / 255
    size = layers.shape[-1]
    side = size * (SIDES[0] + (SIDES[1] - SIDES[0]) * torch.rand(count, generator=random))
    centre = size / 2 + (torch.rand(count, 2, generator=random) - 0.5) * (1.05 * size - side)[:, None]
    tilt = torch.randn(count, generator=random) * TILT
    views = Views.of(centre, side, tilt, torch.rand(count, generator=random) < 0.5, CROP)
    pictures, mattes = views.see(layers, "reflection").clamp(0, 1).split([3, 2], dim=1)
    harmed = torch.rand(count, generator=random) < ACCIDENTS
    pictures[harmed] = augment(pictures[harmed], random)
    known = torch.ones_like(mattes) if source.exact else DOUBT + (1 - DOUBT) * (2 * mattes - 1).square()
    known[:, 1] *= source.hair
    return pictures, mattes, known


def difference(odds: Tensor, mattes: Tensor, weights: Tensor) -> Tensor:
    """How surprising mattes [B,2,H,W] in 0..1 are to log-odds, and how differently the two change; a scalar."""
    surprise = F.binary_cross_entropy_with_logits(odds, mattes, weights)
    wrong = odds.sigmoid() - mattes
    across = (wrong[..., 1:] - wrong[..., :-1]).abs() * weights[..., 1:]
    down = (wrong[..., 1:, :] - wrong[..., :-1, :]).abs() * weights[..., 1:, :]
    return surprise + (wrong.abs() * weights).mean() + EDGES * (across.mean() + down.mean())
