"""`vchar train landmarks`: the networks that find faces and place landmarks.

The finder starts from the generator's portraits, which are all framed alike; the landmarks start from rendered heads,
whose points are known, and learn what real eyes and lips look like from a few portraits marked by hand. Together they
mark portraits and synthetic photographs that nobody marked, keep the faces on which many views agree, and learn again
from all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vchar import checkpoint
from vchar.data.backdrops import backdrops
from vchar.data.shards import HeadShards
from vchar.evaluation.workers import Log
from vchar.models.landmarks import POINTS, FaceNets, FinderNet, LandmarksConfig, frames
from vchar.training.by_hand import marked_by_hand
from vchar.training.finder import Portraits, finder_loss
from vchar.training.loop import Schedule, fit
from vchar.training.placing import Marked, Squares, mark, placing_loss
from vchar.training.unlabelled import portraits, zipped

FRAMED_CENTRE, FRAMED_SIDE = (128.0, 167.0), 144.0  # of the face in every portrait of the generator, pixels
STEPS = {"finder": 500, "points": 6000, "by-hand": 800, "points-again": 1400, "finder-again": 400}
RATES = {"finder": 2e-3, "points": 2e-3, "by-hand": 8e-4, "points-again": 1e-3, "finder-again": 1e-3}
SURE = 0.5  # the finder's probability from which an unmarked picture is used
HIDDEN = 0.4  # weight of a point that something hides
GROUNDS = 2000  # pictures without faces
CHUNK = 50  # pictures marked at once


def train(
    *,
    heads: Path,
    faces: Path | None = None,
    start: Path | None = None,
    generated: int = 2000,
    seed: int = 0,
    output: Path = Path("runs/landmarks"),
    ship: bool = False,
    log: Log = print,
) -> Path:
    """Train both networks; returns the folder of the checkpoint, the shipped one if `ship`.

    heads: shards of the data factory.  faces: a zip of further synthetic faces without marks.  start: a checkpoint to
    go on from with the marks by hand, instead of learning from nothing.  generated: how many portraits of the generator
    to use (those marked by hand are among them).  A run that was stopped goes on where it was.
    """
    torch.manual_seed(seed)
    nets = FaceNets(LandmarksConfig()).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    if start:
        checkpoint.fill(nets, start)
    framed = _tensor(portraits(output, generated, log))
    loose = torch.cat([framed, _tensor(zipped(faces))]) if faces else framed
    grounds = _tensor(backdrops(GROUNDS, seed, loose.permute(0, 2, 3, 1).numpy()))
    rendered = _rendered(HeadShards(heads))
    close = rendered.close_up()
    learn = _Learner(nets, output, seed, log)
    alike = Portraits(framed, *_alike(len(framed)))
    if not start:
        learn("finder", nets.finder, finder_loss(nets.finder, alike, grounds, nets.config.picture))
        learn("points", nets.landmarks, placing_loss(nets.landmarks, (close,), grounds, nets.config.crop))
    by_hand = marked_by_hand(nets.landmarks, framed, _alike(len(framed)), nets.config.crop).close_up()
    learn("by-hand", nets.landmarks, placing_loss(nets.landmarks, (close, by_hand), grounds, nets.config.crop))
    found = mark_all(nets, loose, seed, log)
    sources = close, by_hand, found.close_up()
    learn("points-again", nets.landmarks, placing_loss(nets.landmarks, sources, grounds, nets.config.crop))
    everyone = Marked.join(rendered, found)
    seen = Portraits(everyone.pictures, *frames(everyone.points))
    learn("finder-again", nets.finder, finder_loss(nets.finder, seen, grounds, nets.config.picture))
    folder = checkpoint.shipped("landmarks") if ship else output / "checkpoint"
    checkpoint.save(folder, nets.config, nets.state_dict())
    return folder


class _Learner:
    """Runs the training loop for one network after another and leaves the averaged weights in it."""

    def __init__(self, nets: FaceNets, output: Path, seed: int, log: Log) -> None:
        self.nets, self.output, self.seed, self.log = nets, output, seed, log

    def __call__(self, stage: str, net: nn.Module, loss: Callable[[int, torch.Generator], Tensor]) -> None:
        self.log(f"learning: {stage}")
        optimiser = torch.optim.AdamW(net.parameters(), RATES[stage], weight_decay=0.02)
        schedule = Schedule(STEPS[stage], warm_up=50, average=0.995, clip=5.0, seed=self.seed)
        averaged = fit(net, optimiser, loss, schedule, folder=self.output / stage, log=self.log)
        net.load_state_dict(averaged.state_dict())
        checkpoint.save(self.output / "checkpoint", self.nets.config, self.nets.state_dict())


def _tensor(pictures: NDArray[np.uint8]) -> Tensor:
    """[N,H,W,3] -> [N,3,H,W]."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2)


def _rendered(heads: HeadShards) -> Marked:
    visibility = torch.from_numpy(heads.visibility)
    pictures = _tensor(np.concatenate(list(heads.batches(500))))
    return Marked(pictures, torch.from_numpy(heads.landmarks), HIDDEN + (1 - HIDDEN) * visibility)


def _alike(count: int) -> Squares:
    return torch.tensor(FRAMED_CENTRE).expand(count, 2), torch.full((count,), FRAMED_SIDE), torch.zeros(count)


@torch.no_grad()
def mark_all(nets: FaceNets, pictures: Tensor, seed: int, log: Log) -> Marked:
    """The unmarked pictures [N,3,S,S] in which a face is found and its landmarks are agreed on."""
    random = torch.Generator().manual_seed(seed)
    parts = [Marked(pictures[:0], torch.zeros(0, POINTS, 2), torch.zeros(0, POINTS))]
    for part in pictures.split(CHUNK):
        (centre, side, roll), sure = guess(nets.finder, part, nets.config.picture)
        squares = centre[sure], side[sure], roll[sure]
        if sure.any():
            parts.append(mark(nets.landmarks, part[sure], squares, nets.config.crop, random))
    marked = Marked.join(*parts)
    log(f"marked {len(marked.points)} of {len(pictures)} pictures")
    return marked


def guess(finder: FinderNet, pictures: Tensor, size: int) -> tuple[Squares, Tensor]:
    """The likeliest face of each square picture [B,3,S,S], and whether it is one [B] bool."""
    scale = pictures.shape[-1] / size
    small = nn.functional.interpolate(pictures.float() / 255, (size, size), mode="bilinear", antialias=True)
    found = finder(small.contiguous(memory_format=torch.channels_last))
    score, at = found.face.flatten(1).max(1)
    row, column = at // found.face.shape[2], at % found.face.shape[2]
    batch = torch.arange(len(pictures))
    cells = torch.stack([column, row], dim=1) + 0.5 + found.offset[batch, :, row, column]
    down = found.down[batch, :, row, column]
    side = found.size[batch, row, column].exp() * scale
    return (cells * finder.cell * scale, side, torch.atan2(-down[:, 0], down[:, 1])), score.sigmoid() > SURE
