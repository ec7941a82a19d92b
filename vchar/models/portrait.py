"""The refiner: it completes what a warp of a portrait can't know: teeth, folds, lids, what a turn reveals."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CELL = 4  # pixels a side that the network sees at once


@dataclass(frozen=True)
class PortraitConfig:
    """Equal to the checkpoint's config.json."""

    widths: tuple[int, ...] = (48, 96, 160, 224)  # channels at 1/4, 1/8, ... of the side
    guides: int = 9  # layers of `vchar.rig.guide.layers`
    changes: int = 55  # numbers of `vchar.rig.guide.change`
    style: int = 96  # numbers that the change becomes

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", tuple(self.widths))


class StyledBlock(nn.Module):
    """Two convolutions beside a shortcut, the first's output scaled and shifted by what changes.

    [B,C_in,H,W], [B,style] -> [B,C_out,H,W].
    """

    def __init__(self, inside: int, outside: int, style: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inside, outside, 3, 1, 1, bias=False)
        self.first_norm = nn.GroupNorm(8, outside)
        self.style = nn.Linear(style, 2 * outside)
        self.second = nn.Conv2d(outside, outside, 3, 1, 1)
        self.short = nn.Identity() if inside == outside else nn.Conv2d(inside, outside, 1)
        nn.init.zeros_(self.style.weight)
        nn.init.zeros_(self.style.bias)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        scale, shift = self.style(style)[..., None, None].chunk(2, dim=1)
        y = F.silu(self.first_norm(self.first(x)) * (1 + scale) + shift)
        return self.second(y) + self.short(x)


class PortraitNet(nn.Module):
    """Warped and original portrait, guide and change -> the completed portrait.

    Fully convolutional; sides must be divisible by 32.
    """

    def __init__(self, config: PortraitConfig) -> None:
        super().__init__()
        self.config = config
        widths, style = config.widths, config.style
        self.change = nn.Sequential(nn.Linear(config.changes, style), nn.SiLU(), nn.Linear(style, style), nn.SiLU())
        self.stem = nn.Conv2d(2 * 3 * CELL**2 + config.guides * (CELL // 2) ** 2, widths[0], 3, 1, 1)
        self.start = StyledBlock(widths[0], widths[0], style)
        self.down = nn.ModuleList(nn.Conv2d(a, b, 2, 2) for a, b in pairwise(widths))
        self.deeper = nn.ModuleList(StyledBlock(b, b, style) for b in widths[1:])
        self.around = StyledBlock(widths[-1], widths[-1], style)
        self.lift = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in reversed(list(pairwise(widths))))
        self.up = nn.ModuleList(StyledBlock(a, a, style) for a in reversed(widths[:-1]))
        self.calm = nn.GroupNorm(8, widths[0])  # without it what the head sees can drift to where SiLU is flat
        self.head = nn.Conv2d(widths[0], 3 * CELL**2, 3, 1, 1)
        for parameter in self.head.parameters():
            nn.init.zeros_(parameter)

    def forward(self, warped: Tensor, source: Tensor, guide: Tensor, change: Tensor) -> Tensor:
        """warped, source [B,3,H,W] in 0..1; guide [B,guides,H/2,W/2]; change [B,changes].

        Returns the picture [B,3,H,W], about in 0..1. What is added to `warped` has no gate: learnt with one, it shuts
        before there is anything worth letting through.
        """
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
        return warped + F.pixel_shuffle(self.head(F.silu(self.calm(x))), CELL)
