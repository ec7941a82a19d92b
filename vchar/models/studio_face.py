"""The Studio generator: faces by identity, expression and view, from a network that ships with its own clean weights.

A style-modulated generator (Karras et al. 2020, arXiv:1912.04958) that is shaped for processors without accelerators:
dense convolutions alone, the wider one of each level before the picture grows, and features never finer than half the
picture, whose pixels come in twos by twos (as wavelets do in SWAGAN, Gal et al. 2021, arXiv:2102.06108). Every level
adds to the picture, so that a trained generator grows by a level that at first adds nothing.

Where the parts of a face are, it is told by a mesh (`vchar.models.studio_head`), whose surface a second, smaller
network colours: a neural texture (Thies et al. 2019, arXiv:1904.12356) that turns with the head.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vchar.models.studio_head import LAYERS, Guide, StudioHead, StudioHeadConfig

LEAK = 0.2  # slope of every leaky ReLU
GAIN = 2**0.5  # that keeps the variance through one
SMALLEST = 4  # pixels a side of the first features
UNTOLD = 1e4  # spread of a condition that tells nothing, so that it counts as average whatever it is
FURTHEST = 5.0  # units of spread from the mean
GUIDED = 64  # pixels a side that the head is drawn at, or more where the features are finer
TEXTURE = 12  # channels of what the surface is coloured with


@dataclass(frozen=True)
class StudioFaceConfig:
    """Equal to the checkpoint's config.json. Conditions are named numbers, such as jawOpen or yaw."""

    size: int  # of the picture, a power of two
    conditions: tuple[str, ...]
    channels: tuple[int, ...] = (256, 192, 128, 96, 64, 32)  # at 4, 8, ... pixels; those finer than size / 2 wait
    texture: tuple[int, ...] = (96, 96, 64, 48, 32, 16)  # channels of the network that colours the surface, likewise
    z_dim: int = 144  # the last head.shapes of them are the shape of the head
    w_dim: int = 160  # of the styles that say who it is, and of those that say what is asked of them
    head: StudioHeadConfig = field(default_factory=StudioHeadConfig)
    licence: str = ""  # of what it makes, as whoever trained it says

    def __post_init__(self) -> None:
        """Accept what JSON gives back; raise ValueError for a size that there are no channels for."""
        head = self.head if isinstance(self.head, StudioHeadConfig) else StudioHeadConfig(**self.head)
        object.__setattr__(self, "head", head)
        for name in ("channels", "texture", "conditions"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if self.size not in [2 * SMALLEST * 2**i for i in range(len(self.channels))]:
            raise ValueError(f"{len(self.channels)} levels can't make pictures of {self.size} px")

    @property
    def sides(self) -> tuple[int, ...]:
        """Of the features of each level: 4, 8, ... size / 2 pixels."""
        return tuple(SMALLEST * 2**i for i in range((self.size // 2 // SMALLEST).bit_length()))

    @property
    def halves(self) -> tuple[int, int]:
        """Sizes of w's two halves: who it is (styles, shape), what is asked of them (styles, the head's numbers)."""
        return self.w_dim + self.head.shapes, self.w_dim + self.head.asked

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
    """Features of one side -> of twice that side, where `beside` [B,C,2H,2W] is seen too."""

    def __init__(self, inside: int, outside: int, w_dim: int, beside: int = 0) -> None:
        super().__init__()
        self.before = ModulatedConv(inside, outside, w_dim)
        self.after = ModulatedConv(outside + beside, outside, w_dim)

    def forward(self, x: Tensor, w: Tensor, beside: Tensor | None = None) -> Tensor:
        x = F.interpolate(self.before(x, w), scale_factor=2.0, mode="bilinear")
        return self.after(x if beside is None else torch.cat([x, beside], dim=1), w)


class Synthesis(nn.Module):
    """Styles -> a picture [B,colours,side,side], to which each level adds; more than one pixel of it for each of the
    features if `pixels` is."""

    def __init__(self, channels: Sequence[int], sides: Sequence[int], w_dim: int, out: Out, beside: int = 0) -> None:
        super().__init__()
        self.pixels = out.pixels
        self.const = nn.Parameter(torch.randn(1, channels[0], SMALLEST, SMALLEST))
        self.start = ModulatedConv(channels[0] + beside, channels[0], w_dim)
        pairs = [(str(side), pair) for side, pair in zip(sides[1:], pairwise(channels), strict=False)]
        self.levels = nn.ModuleDict({side: SynthesisLevel(*pair, w_dim, beside) for side, pair in pairs})
        self.draw = nn.ModuleDict({str(side): out.layer(c) for side, c in zip(sides, channels, strict=False)})

    def forward(self, w: Tensor, beside: Sequence[Tensor] = ()) -> Tensor:
        """w [B,w_dim]; beside: what else each level sees [B,C,side,side], from the smallest."""
        x = self.const.expand(len(w), -1, -1, -1).contiguous(memory_format=torch.channels_last)
        x = self.start(torch.cat([x, beside[0]], dim=1) if beside else x, w)
        picture = self._drawn(x, str(SMALLEST))
        for number, (side, level) in enumerate(self.levels.items(), start=1):
            x = level(x, w, beside[number] if beside else None)
            picture = F.interpolate(picture, scale_factor=2.0, mode="bilinear") + self._drawn(x, side)
        return picture

    def _drawn(self, x: Tensor, side: str) -> Tensor:
        return F.pixel_shuffle(self.draw[side](x), self.pixels)

    @torch.no_grad()
    def grow_from(self, smaller: Synthesis) -> None:
        """Take over one of half the size; this one then makes the same, enlarged."""
        self.load_state_dict(self.state_dict() | smaller.state_dict())
        newest = list(self.draw.values())[-1]
        assert isinstance(newest, nn.Conv2d)
        nn.init.zeros_(newest.weight)
        nn.init.zeros_(newest.bias) if newest.bias is not None else None


class StudioFace(nn.Module):
    """z and conditions -> picture. The two halves of w are never mixed before the styles: who it is stands still.

    Each half ends in numbers for the head: its shape, and what `StudioHead.asked` gives.
    """

    w_avg: Tensor
    people_mean: Tensor
    people_spread: Tensor

    def __init__(self, config: StudioFaceConfig) -> None:
        super().__init__()
        self.config = config
        count, w_dim, sides = len(config.conditions), config.w_dim, config.sides
        self.code = ConditionCode(count)
        self.head = StudioHead(config.head)
        self.person = _mlp(config.z_dim - config.head.shapes, w_dim)
        self.asked = _mlp(2 * count, w_dim)
        self.register_buffer("w_avg", torch.zeros(config.halves[0]))
        self.register_buffer("people_mean", torch.zeros(config.z_dim))
        self.register_buffer("people_spread", torch.eye(config.z_dim))
        self.surface = Synthesis(config.texture, sides, 2 * w_dim, Out(TEXTURE, 1, 1))
        self.picture = Synthesis(config.channels, sides, 2 * w_dim, Out(3, 2, 3), LAYERS + TEXTURE)

    def of_seed(self, seed: int) -> Tensor:
        """The z [1,z_dim] of a seed (0 .. 2**32-1); drawn on the CPU, so the same on every device."""
        normal = torch.randn(1, self.config.z_dim, generator=torch.Generator().manual_seed(seed))
        return self.someone(normal.to(self.w_avg))

    def someone(self, normal: Tensor) -> Tensor:
        """Normal numbers [B,z_dim] -> z [B,z_dim] of people as different as those are that were learnt from."""
        return self.people_mean + normal @ self.people_spread.T

    def w(self, z: Tensor, conditions: Tensor, truncation_psi: float = 1.0) -> Tensor:
        """z [B,z_dim] and conditions [B,K] (NaN: whatever comes) -> w [B,sum(halves)]."""
        person = self.w_avg.lerp(self.person_of(z), truncation_psi)
        asked = self.asked(self.code(conditions)), self.head.asked(conditions, self.config.conditions)
        return torch.cat([person, *asked], dim=1)

    def person_of(self, z: Tensor) -> Tensor:
        """z [B,z_dim] -> who it is, the first half of w [B,halves[0]], without truncation."""
        looks, shape = z.split([self.config.z_dim - self.config.head.shapes, self.config.head.shapes], dim=1)
        return torch.cat([self.person(self.in_units(looks)).to(shape), shape], dim=1)

    @staticmethod
    def in_units(looks: Tensor) -> Tensor:
        """Numbers [B,L] of z that aren't the head's shape, as far from 0 as those of seeds: only their ratio counts."""
        return looks * torch.rsqrt(looks.square().mean(1, keepdim=True) + 1e-8)

    def synthesis(self, w: Tensor) -> Tensor:
        """w [B,sum(halves)] -> RGB [B,3,size,size], nominally in -1..1."""
        w_dim, head = self.config.w_dim, self.config.head
        person, shape, asked, doing = w.split([w_dim, head.shapes, w_dim, head.asked], dim=1)
        guide = self.head(shape, doing, max(GUIDED, self.config.sides[-1]))
        styles = torch.cat([person, asked], dim=1).to(self.picture.const)
        return self.picture(styles, self._beside(guide, self.surface(styles)))

    def _beside(self, guide: Guide, texture: Tensor) -> list[Tensor]:
        """What the levels see of the guide and the texture on it [B,LAYERS+TEXTURE,side,side], from the smallest."""
        layers = guide.layers.to(texture)
        precise = texture.float()  # in bfloat16, grid_sample makes nonsense on processors (torch 2.13)
        colours = F.grid_sample(precise, guide.uv, padding_mode="border", align_corners=False).to(texture)
        found = [torch.cat([layers, colours * layers[:, :1]], dim=1).contiguous(memory_format=torch.channels_last)]
        while found[-1].shape[-1] > SMALLEST:
            found.append(F.avg_pool2d(found[-1], 2))
        return found[: -len(self.config.sides) - 1 : -1]

    def forward(self, z: Tensor, conditions: Tensor, truncation_psi: float = 1.0) -> Tensor:
        """z [B,z_dim], conditions [B,K] -> RGB [B,3,size,size], nominally in -1..1."""
        return self.synthesis(self.w(z, conditions, truncation_psi))

    def painting_in(self, dtype: torch.dtype) -> StudioFace:
        """A copy whose `synthesis` computes in `dtype`, but for the head's places."""
        painter = copy.deepcopy(self)
        for part in (painter.surface, painter.picture):
            part.to(dtype).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        return painter

    def grow_from(self, smaller: StudioFace) -> None:
        """Take over a generator of half the size; this one then makes the same pictures, enlarged."""
        for name, part in self.named_children():
            other = getattr(smaller, name)
            part.grow_from(other) if isinstance(part, Synthesis) else part.load_state_dict(other.state_dict())
        for own, other in zip(self.buffers(recurse=False), smaller.buffers(recurse=False), strict=True):
            own.copy_(other)


class Out(NamedTuple):
    """What a synthesis draws: channels, so many pixels a side for each of its features, through kernels of a size."""

    colours: int
    pixels: int
    kernel: int

    def layer(self, channels: int) -> nn.Conv2d:
        """Features -> pixels, which are alike at first: else they begin as a chequerboard."""
        layer = nn.Conv2d(channels, self.colours * self.pixels**2, self.kernel, padding=self.kernel // 2)
        one = torch.randn(self.colours, channels, self.kernel, self.kernel) / (channels**0.5 * self.kernel)
        layer.weight = nn.Parameter(one.repeat_interleave(self.pixels**2, dim=0))
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
