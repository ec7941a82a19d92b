"""The matte: how far each pixel of a portrait shows the person, and how far hair.

A small U-Net looks at the picture at some 256 px; a guided filter on the picture's own colours (He, Sun and Tang 2013,
its fast form 2015) carries what it says to the picture's resolution, so that edges of hair are as sharp as the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vchar.models.landmarks import Block, Hourglass

DEEPEST = 32  # sides that the network sees are multiples of it
WINDOW, SMOOTH = 4, 3e-4  # of the guided filter: radius in pixels the network sees; variance of colour that is no edge
BORDER = 7  # pixels the network sees: how far about an edge the picture's colours have a say
DOUBT = 0.25  # likelihood up to which nobody is seen, as haze is worse than a hard edge; likewise from 1 downwards
SURE = 0.04  # what lies this near to 0 or 1 is meant to be that


@dataclass(frozen=True)
class MatteConfig:
    """Equal to the checkpoint's config.json."""

    side: int = 256  # pixels of the picture's longer side as the network sees it
    widths: tuple[int, ...] = (24, 48, 80, 128)  # channels at 1/4, 1/8, ... of the side, as of the finder of faces
    fine: int = 32  # channels at 1/4 of the side from which the mattes are read
    finest: int = 16  # at 1/2 of it

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", tuple(self.widths))


class MatteNet(nn.Module):
    """Pictures [B,3,H,W] in 0..1, sides multiples of 32 -> log-odds [B,2,H,W] of showing the person, and hair."""

    def __init__(self, config: MatteConfig) -> None:
        super().__init__()
        self.config = config
        self.trunk = Hourglass(config.widths)
        self.near = nn.Conv2d(config.widths[0], config.fine, 1)
        self.far = nn.Conv2d(config.widths[1], config.fine, 1)
        self.join = Block(config.fine, config.fine)
        self.widen = nn.Conv2d(config.fine, 4 * config.finest, 1)
        self.detail = nn.Conv2d(config.finest + 12, config.finest, 3, 1, 1)
        self.head = nn.Conv2d(config.finest, 8, 3, 1, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        early, deep, _ = self.trunk(pictures)
        x = self.join(self.near(early) + F.interpolate(self.far(deep), scale_factor=2.0))
        x = torch.cat([F.pixel_shuffle(self.widen(x), 2), F.pixel_unshuffle(pictures - 0.5, 2)], dim=1)
        return F.pixel_shuffle(self.head(F.silu(self.detail(x))), 2)

    @torch.no_grad()
    def cut(self, picture: Tensor) -> Tensor:
        """One picture [1,3,H,W] in 0..1 of any size -> how far it shows the person, and hair: [1,2,H,W] in 0..1."""
        share = self.config.side / max(picture.shape[2:])
        height, width = (max(1, round(share * side)) for side in picture.shape[2:])
        small = F.interpolate(picture, (height, width), mode="bilinear", antialias=True).clamp(0, 1)
        padded = F.pad(small, (0, -width % DEEPEST, 0, -height % DEEPEST), mode="replicate")
        likely = self(padded.contiguous(memory_format=torch.channels_last))[:, :, :height, :width].sigmoid()
        return sharpened(((likely - DOUBT) / (1 - 2 * DOUBT)).clamp(0, 1), small, picture)


def sharpened(coarse: Tensor, small: Tensor, picture: Tensor) -> Tensor:
    """Mattes [B,K,h,w] of the small pictures [B,3,h,w], at the resolution of the same pictures [B,3,H,W].

    Near edges a matte becomes a linear function of colour that fits it best thereabouts; elsewhere it stays.
    """
    size = picture.shape[2:]
    slope, offset = _fit(coarse, small)
    slope = F.interpolate(slope.flatten(1, 2), size, mode="bilinear").unflatten(1, slope.shape[1:3])
    guided = (slope * picture[:, None]).sum(2) + F.interpolate(offset, size, mode="bilinear")
    reach = 2 * BORDER + 1
    differs = F.max_pool2d(coarse, reach, 1, BORDER) + F.max_pool2d(-coarse, reach, 1, BORDER)
    near = F.interpolate(((differs - 0.2) / 0.4).clamp(0, 1), size, mode="bilinear")
    plain = F.interpolate(coarse, size, mode="bilinear")
    return ((plain + near * (guided - plain) - SURE) / (1 - 2 * SURE)).clamp(0, 1)


def _fit(matte: Tensor, colour: Tensor) -> tuple[Tensor, Tensor]:
    """The linear function of colour in the window round each pixel: slopes [B,K,3,h,w] and offsets [B,K,h,w]."""
    red, green, blue = colour.split(1, dim=1)
    products = torch.cat([red * red, red * green, red * blue, green * green, green * blue, blue * blue], dim=1)
    mean, square, value = _average(colour), _average(products), _average(matte)
    rr, rg, rb, gg, gb, bb = square.split(1, dim=1)
    r, g, b = mean.split(1, dim=1)
    rr, gg, bb = rr - r * r + SMOOTH, gg - g * g + SMOOTH, bb - b * b + SMOOTH
    rg, rb, gb = rg - r * g, rb - r * b, gb - g * b
    inverse = [gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb, rr * bb - rb * rb, rg * rb - rr * gb]
    inverse.append(rr * gg - rg * rg)
    determinant = rr * inverse[0] + rg * inverse[1] + rb * inverse[2]
    with_colour = [_average(matte * channel) - value * m for channel, m in ((red, r), (green, g), (blue, b))]
    rows = ((0, 1, 2), (1, 3, 4), (2, 4, 5))
    slopes = [sum(inverse[i] * c for i, c in zip(row, with_colour, strict=True)) / determinant for row in rows]
    slope = torch.stack([torch.as_tensor(part) for part in slopes], dim=2)
    offset = value - (slope * mean[:, None]).sum(2)
    shape = slope.shape
    return _average(slope.flatten(1, 2)).view(shape), _average(offset)


def _average(layers: Tensor) -> Tensor:
    """The mean over the window round each pixel, of what of it lies in the picture."""
    return F.avg_pool2d(layers, 2 * WINDOW + 1, 1, WINDOW, count_include_pad=False)
