"""The critic of the Studio generator: is this a real picture, of what it is said to show? And what does it show?

A residual discriminator without normalisation (as in R3GAN, Huang et al. 2024, arXiv:2501.05441). The realism is judged
against the conditions by projection (Miyato and Koyama 2018, arXiv:1802.05637), of the whole and place by place (Isola
et al. 2017, arXiv:1611.07004): few pictures have many places. Another head reads the conditions. Every level also sees
the picture at its own resolution, so that a trained critic grows by one that says nothing yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LEAK = 0.2
SMALLEST = 4  # pixels a side of the last features
FINEST = 8  # pixels of the picture from one of the places that are judged to the next, at least
RESIDUE = 0.5  # how strong a residual path is beside its shortcut at first


@dataclass(frozen=True)
class CriticConfig:
    """size: of the picture.  conditions: how many numbers it is said to show.  channels: at 4, 8, ... pixels."""

    size: int
    conditions: int
    channels: tuple[int, ...] = (256, 192, 128, 64, 48, 32)
    features: int = 256  # that the verdict is drawn from

    @property
    def sides(self) -> tuple[int, ...]:
        """Of the features of each level: size / 2, ... 8, 4 pixels."""
        return tuple(SMALLEST * 2**i for i in reversed(range((self.size // 2 // SMALLEST).bit_length())))

    def grown(self) -> CriticConfig:
        """The same at twice the size."""
        return replace(self, size=2 * self.size)


class Verdict(NamedTuple):
    """What the critic says of B pictures."""

    realism: Tensor  # [B] the larger, the more real
    places: Tensor  # [B,P] the same of every place, finer ones first; none in pictures below 64 px
    conditions: Tensor  # [B,K] what it reads, in units of the code


class CriticLevel(nn.Module):
    """[B,C,H,W] -> [B,C_out,H/2,W/2]: two convolutions beside a shortcut, the second after halving."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inside, inside, 3, padding=1)
        self.second = nn.Conv2d(inside, outside, 3, padding=1)
        self.short = nn.Conv2d(inside, outside, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = F.leaky_relu(self.first(F.leaky_relu(x, LEAK)), LEAK)
        return self.short(F.avg_pool2d(x, 2)) + self.second(F.avg_pool2d(y, 2))


class Trunk(nn.Module):
    """RGB [B,3,size,size] in -1..1 -> features [B,features]. The VAE's encoder stands on one too."""

    def __init__(self, size: int, channels: tuple[int, ...], features: int) -> None:
        super().__init__()
        sides = [SMALLEST * 2**i for i in reversed(range((size // 2 // SMALLEST).bit_length()))]
        widths = channels[len(sides) - 1 :: -1]
        self.from_rgb = nn.ModuleDict({str(s): nn.Conv2d(12, c, 1) for s, c in zip(sides, widths, strict=True)})
        pairs = zip(sides, pairwise(widths), strict=False)
        self.levels = nn.ModuleDict({str(side): CriticLevel(*pair) for side, pair in pairs})
        self.last = nn.Conv2d(channels[0], channels[0], 3, padding=1)
        self.flat = nn.Linear(channels[0] * SMALLEST**2, features)
        for name, layer in self.named_modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                straight = "from_rgb" in name or name.endswith("short")  # no leaky ReLU follows
                nn.init.kaiming_normal_(layer.weight, 1 if straight else LEAK)
                layer.weight.data *= RESIDUE if name.endswith("second") else 1
                nn.init.zeros_(layer.bias) if layer.bias is not None else None

    def forward(self, pictures: Tensor) -> Tensor:
        return self.whole(self.maps(pictures)[SMALLEST])

    def maps(self, pictures: Tensor) -> dict[int, Tensor]:
        """What each level starts from [B,C,side,side], by side: size / 2, ... SMALLEST."""
        found: dict[int, Tensor] = {}
        x = None
        for side, from_rgb in self.from_rgb.items():
            own = from_rgb(F.pixel_unshuffle(pictures, 2))
            x = found[int(side)] = own if x is None else x + own
            if side in self.levels:
                x, pictures = self.levels[side](x), F.avg_pool2d(pictures, 2)
        return found

    def whole(self, smallest: Tensor) -> Tensor:
        """The features of the smallest map."""
        x = F.leaky_relu(self.last(F.leaky_relu(smallest, LEAK)), LEAK)
        return F.leaky_relu(self.flat(x.flatten(1)), LEAK)


class Judge(nn.Module):
    """Features [B,C,...] and the code of conditions -> realism [B,...]."""

    def __init__(self, features: int, conditions: int) -> None:
        super().__init__()
        self.realism = nn.Linear(features, 1)
        self.claim = nn.Linear(2 * conditions, features)

    def forward(self, features: Tensor, code: Tensor) -> Tensor:
        weight = self.realism.weight + self.claim(code) / features.shape[1]
        return torch.einsum("bc...,bc->b...", features, weight) + self.realism.bias


class Critic(nn.Module):
    """Pictures and the code of their conditions -> Verdict."""

    def __init__(self, config: CriticConfig) -> None:
        super().__init__()
        self.config = config
        self.trunk = Trunk(config.size, config.channels, config.features)
        self.judge = Judge(config.features, config.conditions)
        judged = [(side, width) for side, width in zip(reversed(config.sides), config.channels, strict=False)
                  if SMALLEST < side <= config.size // FINEST]  # fmt: skip
        judges = {str(side): Judge(width, config.conditions) for side, width in reversed(judged)}
        self.judges = nn.ModuleDict(judges)
        self.reading = nn.Linear(config.features, config.conditions)

    def forward(self, pictures: Tensor, code: Tensor) -> Verdict:
        """RGB [B,3,size,size] in -1..1 and `ConditionCode`'s output [B,2K]."""
        maps = self.trunk.maps(pictures)
        features = self.trunk.whole(maps[SMALLEST])
        places = [judge(F.leaky_relu(maps[int(side)], LEAK), code).flatten(1) for side, judge in self.judges.items()]
        found = torch.cat(places, dim=1) if places else features.new_zeros(len(features), 0)
        return Verdict(self.judge(features, code), found, self.reading(features))

    @torch.no_grad()
    def grow_from(self, smaller: Critic) -> None:
        """Take over a critic of half the size; this one then judges halved pictures as that one did."""
        self.load_state_dict(self.state_dict() | smaller.state_dict())
        new = self.trunk.levels[str(self.config.sides[0])]
        assert isinstance(new, CriticLevel)
        for layer in (new.second, new.short):
            nn.init.zeros_(layer.weight)
        nn.init.zeros_(new.second.bias) if new.second.bias is not None else None
