"""The refiner: it completes what a warp of a portrait can't know: teeth, folds, lids, what a turn reveals."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CELL = 4  # pixels a side that the network sees at once
RARE = -2.0  # logit of the share at first: the warp stays, mostly


@dataclass(frozen=True)
class PortraitConfig:
    """Equal to the checkpoint's config.json."""

    widths: tuple[int, ...] = (32, 64, 128, 192)  # channels at 1/4, 1/8, ... of the side
    guides: int = 10  # layers of `vchar.rig.guide.layers`
    changes: int = 55  # numbers of `vchar.rig.guide.change`
    style: int = 64  # numbers that the change becomes

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", tuple(self.widths))


class Painting(NamedTuple):
    """content: [B,3,H,W], about in 0..1.  share: [B,1,H,W] in 0..1, how much of it shows."""

    content: Tensor
    share: Tensor

    def over(self, picture: Tensor) -> Tensor:
        """The picture [B,3,H,W] painted over."""
        return torch.lerp(picture, self.content, self.share)


class StyledBlock(nn.Module):
    """Two convolutions beside a shortcut, the first's output scaled and shifted by what changes.

    [B,C,H,W], [B,style] -> [B,C,H,W].
    """

    def __init__(self, width: int, style: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.style = nn.Linear(style, 2 * width)
        self.second = nn.Conv2d(width, width, 3, 1, 1)
        nn.init.zeros_(self.style.weight)
        nn.init.zeros_(self.style.bias)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        scale, shift = self.style(style)[..., None, None].chunk(2, dim=1)
        return x + self.second(F.silu(_levelled(self.first(x)) * (1 + scale) + shift))


def _levelled(x: Tensor) -> Tensor:
    """Each pixel's channels in the same range, whatever is around it: cuts and whole pictures are treated alike."""
    return F.layer_norm(x.permute(0, 2, 3, 1), x.shape[1:2]).permute(0, 3, 1, 2)


class PortraitNet(nn.Module):
    """Warped and original portrait, guide and change -> what to paint over the warped one.

    Fully convolutional; sides must be divisible by 32.
    """

    def __init__(self, config: PortraitConfig) -> None:
        super().__init__()
        self.config = config
        widths, style = config.widths, config.style
        self.change = nn.Sequential(nn.Linear(config.changes, style), nn.SiLU(), nn.Linear(style, style), nn.SiLU())
        self.stem = nn.Conv2d(2 * 3 * CELL**2 + config.guides * (CELL // 2) ** 2, widths[0], 3, 1, 1)
        self.start = StyledBlock(widths[0], style)
        self.down = nn.ModuleList(nn.Conv2d(a, b, 2, 2) for a, b in pairwise(widths))
        self.deeper = nn.ModuleList(StyledBlock(b, style) for b in widths[1:])
        self.around = StyledBlock(widths[-1], style)
        self.lift = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in reversed(list(pairwise(widths))))
        self.up = nn.ModuleList(StyledBlock(a, style) for a in reversed(widths[:-1]))
        self.head = nn.Conv2d(widths[0], 4 * CELL**2, 3, 1, 1)
        with torch.no_grad():
            self.head.weight[3 * CELL**2 :] = 0
            assert self.head.bias is not None
            self.head.bias[3 * CELL**2 :] = RARE

    def forward(self, warped: Tensor, source: Tensor, guide: Tensor, change: Tensor) -> Painting:
        """warped, source [B,3,H,W] in 0..1; guide [B,guides,H/2,W/2]; change [B,changes]."""
        style = self.change(change)
        pictures = F.pixel_unshuffle(torch.cat([warped, source], dim=1) - 0.5, CELL)
        x = self.start(self.stem(torch.cat([pictures, F.pixel_unshuffle(guide, CELL // 2)], dim=1)), style)
        levels = []
        for down, deeper in zip(self.down, self.deeper, strict=True):
            levels.append(x)
            x = deeper(down(x), style)
        x = self.around(x, style)
        for lift, up in zip(self.lift, self.up, strict=True):
            x = up(levels.pop() + F.interpolate(lift(x), scale_factor=2.0), style)
        painted = F.pixel_shuffle(self.head(x), CELL).float()
        return Painting(painted[:, :3] + 0.5, painted[:, 3:].sigmoid())
