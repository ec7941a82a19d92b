"""The Studio generator: faces by identity, expression and view, from a network that ships with its own clean weights.

A style-modulated generator (Karras et al. 2020, arXiv:1912.04958) that is shaped for processors without accelerators:
dense convolutions alone, the wider one of each level before the picture grows, and features never finer than half the
picture, whose pixels come in twos by twos (as wavelets do in SWAGAN, Gal et al. 2021, arXiv:2102.06108). Every level
adds to the picture, so that a trained generator grows by a level that at first adds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LEAK = 0.2  # slope of every leaky ReLU
GAIN = 2**0.5  # that keeps the variance through one
SMALLEST = 4  # pixels a side of the first features
FURTHEST = 5.0  # units of spread from the mean


@dataclass(frozen=True)
class StudioFaceConfig:
    """Equal to the checkpoint's config.json. Conditions are named numbers, such as jawOpen or yaw."""

    size: int  # of the picture, a power of two
    conditions: tuple[str, ...]
    channels: tuple[int, ...] = (256, 192, 128, 96, 64, 32)  # at 4, 8, ... pixels; those finer than size / 2 wait
    z_dim: int = 128
    w_dim: int = 160  # of each half: who it is, and what is asked of them

    def __post_init__(self) -> None:
        """Accept the lists that JSON gives back; raise ValueError for a size that there are no channels for."""
        object.__setattr__(self, "channels", tuple(self.channels))
        object.__setattr__(self, "conditions", tuple(self.conditions))
        if self.size not in [2 * SMALLEST * 2**i for i in range(len(self.channels))]:
            raise ValueError(f"{len(self.channels)} levels can't make pictures of {self.size} px")

    @property
    def sides(self) -> tuple[int, ...]:
        """Of the features of each level: 4, 8, ... size / 2 pixels."""
        return tuple(SMALLEST * 2**i for i in range((self.size // 2 // SMALLEST).bit_length()))

    def grown(self) -> StudioFaceConfig:
        """The same at twice the size."""
        return replace(self, size=2 * self.size)


class ConditionCode(nn.Module):
    """Conditions [B,K], NaN where unknown -> [B,2K]: in units of their spread, 0 where unknown; and which are known.

    Rare conditions have a small spread, so that units are cut off at FURTHEST.
    """

    mean: Tensor
    spread: Tensor

    def __init__(self, conditions: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(conditions))
        self.register_buffer("spread", torch.ones(conditions))

    def forward(self, conditions: Tensor) -> Tensor:
        known = ~conditions.isnan()
        units = ((conditions - self.mean) / self.spread).nan_to_num(0.0).clamp(-FURTHEST, FURTHEST)
        return torch.cat([units, known.to(conditions)], dim=1)


class ModulatedConv(nn.Module):
    """x [B,C_in,H,W] and w [B,W] -> [B,C_out,H,W]: scaled by a style, convolved, brought back to unit variance.

    StyleGAN2's demodulation of weights, done to what goes in and comes out, so that one kernel serves the whole batch.
    """

    def __init__(self, inside: int, outside: int, w_dim: int) -> None:
        super().__init__()
        self.affine = nn.Linear(w_dim, inside)
        nn.init.normal_(self.affine.weight, 0, w_dim**-0.5)
        nn.init.ones_(self.affine.bias)
        self.weight = nn.Parameter(torch.randn(outside, inside, 3, 3) / (9 * inside) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(outside))

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        style = self.affine(w)
        strength = torch.rsqrt(style.square() @ self.weight.square().sum((2, 3)).T + 1e-8)
        x = F.conv2d(x * style[..., None, None], self.weight, padding=1)
        return F.leaky_relu(torch.addcmul(self.bias[:, None, None], x, GAIN * strength[..., None, None]), LEAK)


class SynthesisLevel(nn.Module):
    """Features of one side -> of twice that side, and what they add to a picture of four times it."""

    def __init__(self, inside: int, outside: int, w_dim: int) -> None:
        super().__init__()
        self.before = ModulatedConv(inside, outside, w_dim)
        self.after = ModulatedConv(outside, outside, w_dim)
        self.to_rgb = _to_rgb(outside)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        return self.after(F.interpolate(self.before(x, w), scale_factor=2.0, mode="bilinear"), w)


class StudioFace(nn.Module):
    """z and conditions -> picture. The two halves of w are never mixed before the styles: who it is stands still."""

    w_avg: Tensor

    def __init__(self, config: StudioFaceConfig) -> None:
        super().__init__()
        self.config = config
        count, w_dim, first = len(config.conditions), config.w_dim, config.channels[0]
        self.code = ConditionCode(count)
        self.person = _mlp(config.z_dim, w_dim)
        self.asked = _mlp(2 * count, w_dim)
        self.register_buffer("w_avg", torch.zeros(w_dim))
        self.const = nn.Parameter(torch.randn(1, first, SMALLEST, SMALLEST))
        self.start = ModulatedConv(first, first, 2 * w_dim)
        self.start_to_rgb = _to_rgb(first)
        pairs = zip(config.sides[1:], pairwise(config.channels), strict=False)
        self.levels = nn.ModuleDict({str(side): SynthesisLevel(*widths, 2 * w_dim) for side, widths in pairs})

    def of_seed(self, seed: int) -> Tensor:
        """The z [1,z_dim] of a seed (0 .. 2**32-1); drawn on the CPU, so the same on every device."""
        return torch.randn(1, self.config.z_dim, generator=torch.Generator().manual_seed(seed)).to(self.w_avg)

    def w(self, z: Tensor, conditions: Tensor, truncation_psi: float = 1.0) -> Tensor:
        """z [B,z_dim] and conditions [B,K] (NaN: whatever comes) -> w [B,2*w_dim]."""
        z = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
        person = self.w_avg.lerp(self.person(z).to(self.w_avg), truncation_psi)
        return torch.cat([person, self.asked(self.code(conditions))], dim=1)

    def synthesis(self, w: Tensor) -> Tensor:
        """w [B,2*w_dim] -> RGB [B,3,size,size], nominally in -1..1."""
        x = self.const.expand(len(w), -1, -1, -1).contiguous(memory_format=torch.channels_last)
        x = self.start(x, w)
        picture = F.pixel_shuffle(self.start_to_rgb(x), 2)
        for level in self.levels.values():
            x = level(x, w)
            add = F.pixel_shuffle(level.to_rgb(x), 2)  # pyright: ignore[reportCallIssue]
            picture = F.interpolate(picture, scale_factor=2.0, mode="bilinear") + add
        return picture

    def forward(self, z: Tensor, conditions: Tensor, truncation_psi: float = 1.0) -> Tensor:
        """z [B,z_dim], conditions [B,K] -> RGB [B,3,size,size], nominally in -1..1."""
        return self.synthesis(self.w(z, conditions, truncation_psi))

    @torch.no_grad()
    def grow_from(self, smaller: StudioFace) -> None:
        """Take over a generator of half the size; this one then makes the same pictures, enlarged."""
        self.load_state_dict(self.state_dict() | smaller.state_dict())
        new = self.levels[str(self.config.sides[-1])]
        assert isinstance(new, SynthesisLevel)
        nn.init.zeros_(new.to_rgb.weight)
        nn.init.zeros_(new.to_rgb.bias) if new.to_rgb.bias is not None else None


def _to_rgb(channels: int) -> nn.Conv2d:
    """Features -> two by two pixels, which are alike at first: else they begin as a chequerboard."""
    layer = nn.Conv2d(channels, 12, 1)
    pixel = torch.randn(3, channels, 1, 1) / channels**0.5
    layer.weight = nn.Parameter(pixel.repeat_interleave(4, dim=0))
    assert layer.bias is not None
    nn.init.zeros_(layer.bias)
    return layer


def _mlp(inside: int, outside: int) -> nn.Sequential:
    """Two layers that keep the variance, so that people differ from the first step on."""
    first, second = nn.Linear(inside, outside), nn.Linear(outside, outside)
    for layer, slope in ((first, LEAK), (second, 1.0)):
        nn.init.kaiming_normal_(layer.weight, slope)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(first, nn.LeakyReLU(LEAK), second)
