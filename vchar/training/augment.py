"""What can happen to a picture without moving anything in it: light, colour, blur, noise, compression, covering."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

GREY = (0.299, 0.587, 0.114)


def augment(pictures: Tensor, random: torch.Generator) -> Tensor:
    """Pictures [B,3,H,W] in 0..1 -> as many, each with its own accidents; H and W multiples of 8."""
    for chance, accident in ACCIDENTS:
        chosen = torch.rand(len(pictures), generator=random) < chance
        if chosen.any():
            pictures = pictures.clone()
            pictures[chosen] = accident(pictures[chosen], random).clamp(0, 1)
    return pictures


def _uniform(like: Tensor, low: float, high: float, random: torch.Generator, channels: int = 1) -> Tensor:
    return low + (high - low) * torch.rand(len(like), channels, 1, 1, generator=random)


def grey(pictures: Tensor) -> Tensor:
    """[B,3,H,W] -> luma [B,1,H,W]."""
    return (pictures * pictures.new_tensor(GREY)[:, None, None]).sum(1, keepdim=True)


def colour(x: Tensor, random: torch.Generator) -> Tensor:
    """Exposure, white balance, contrast, saturation."""
    x = x.clamp(min=1e-3) ** _uniform(x, -0.5, 0.5, random).exp() * _uniform(x, -0.2, 0.2, random, 3).exp()
    middle = x.mean((1, 2, 3), keepdim=True)
    x = middle + (x - middle) * _uniform(x, 0.6, 1.4, random)
    return grey(x).lerp(x, _uniform(x, 0, 1.8, random)) + _uniform(x, -0.12, 0.12, random)


def bleach(x: Tensor, random: torch.Generator) -> Tensor:
    """No colour at all, or a tint."""
    return grey(x) * _uniform(x, 0.8, 1.1, random, 3)


def shade(x: Tensor, random: torch.Generator) -> Tensor:
    """A soft shadow from one side."""
    height, width = x.shape[2:]
    y, along = torch.linspace(-1, 1, height)[:, None], torch.linspace(-1, 1, width)
    angle = _uniform(x, 0, 6.2832, random)
    depth = (angle.cos() * along + angle.sin() * y + _uniform(x, -0.7, 0.7, random)) * _uniform(x, 1, 8, random)
    return x * torch.sigmoid(depth).lerp(torch.ones(()), _uniform(x, 0.2, 0.9, random, 3))


def blur(x: Tensor, random: torch.Generator) -> Tensor:
    """A box filter, twice."""
    width = int(torch.randint(1, 3, (), generator=random)) * 2 + 1
    soft = F.avg_pool2d(F.avg_pool2d(x, width, 1, width // 2), 3, 1, 1, count_include_pad=False)
    return x.lerp(soft, _uniform(x, 0.3, 1, random))


def shrink(x: Tensor, random: torch.Generator) -> Tensor:
    """Fewer pixels, enlarged again."""
    share = float(0.3 + 0.5 * torch.rand((), generator=random))
    small = F.interpolate(x, scale_factor=share, mode="bilinear", antialias=True)
    return F.interpolate(small, x.shape[2:], mode="bilinear")


def noise(x: Tensor, random: torch.Generator) -> Tensor:
    """A sensor's noise."""
    return x + torch.randn(x.shape, generator=random) * _uniform(x, 0.01, 0.08, random)


def compress(x: Tensor, random: torch.Generator) -> Tensor:
    """As JPEG does it: blocks of 8x8 pixels, coarser for higher frequencies."""
    n = torch.arange(8, dtype=torch.float32)
    dct = torch.cos(torch.pi / 8 * (n + 0.5) * n[:, None]) / 2
    dct[0] /= 2**0.5
    step = (1 + n + n[:, None]) * _uniform(x, 0.01, 0.05, random)[..., None, None]
    blocks = x.unflatten(3, (-1, 8)).unflatten(2, (-1, 8)).transpose(3, 4)  # [B,3,h,w,8,8]
    waves = (dct @ blocks @ dct.T / step).round() * step
    return (dct.T @ waves @ dct).transpose(3, 4).flatten(4).flatten(2, 3)


def draw(x: Tensor, random: torch.Generator) -> Tensor:
    """Flat colours and dark lines."""
    levels = _uniform(x, 3, 8, random).round()
    flat = (F.avg_pool2d(x, 3, 1, 1, count_include_pad=False) * levels).round() / levels
    light = grey(x)
    edges = (F.max_pool2d(light, 3, 1, 1) + F.max_pool2d(-light, 3, 1, 1)) * _uniform(x, 0, 5, random)
    paper = _uniform(x, -0.5, 1, random).clamp(0, 1)  # 1: a line drawing on white
    return flat.lerp(torch.ones(()), paper * 0.9) - edges


def cover(x: Tensor, random: torch.Generator) -> Tensor:
    """An ellipse or bar in front, plain or a piece of another picture."""
    height, width = x.shape[2:]
    y, along = torch.linspace(-1, 1, height)[:, None], torch.linspace(-1, 1, width)
    angle = _uniform(x, 0, 3.1416, random)
    along, y = along - _uniform(x, -0.9, 0.9, random), y - _uniform(x, -0.9, 0.9, random)
    far = torch.stack([angle.cos() * along + angle.sin() * y, angle.cos() * y - angle.sin() * along])
    far = far / torch.stack([_uniform(x, 0.1, 0.9, random), _uniform(x, 0.05, 0.35, random)])
    inside = torch.where(_uniform(x, 0, 1, random) < 0.5, far.square().sum(0), far.abs().amax(0)) < 1
    plain = _uniform(x, 0, 1, random, 3).expand_as(x)
    other = torch.where(_uniform(x, 0, 1, random) < 0.5, plain, x.flip(0, 2))
    return torch.where(inside, other, x)


ACCIDENTS: tuple[tuple[float, Callable[[Tensor, torch.Generator], Tensor]], ...] = (
    (0.15, cover),
    (0.25, shade),
    (0.7, colour),
    (0.08, bleach),
    (0.05, draw),
    (0.15, blur),
    (0.1, shrink),
    (0.12, noise),
    (0.1, compress),
)
