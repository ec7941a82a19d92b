"""Disturbances of pictures that keep what they show, so that a critic can't learn few pictures by heart.

Differentiable, on real and generated pictures alike (Karras et al. 2020, arXiv:2006.06676: each with a chance that
adapts; Zhao et al. 2020, arXiv:2006.10738: always). Nothing turns or mirrors a picture: its conditions would change.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

KINDS = ("none", "ada", "diffaugment")
NUMBERS = 12  # uniform ones that a picture's disturbance is drawn from
SHIFT, SCALE, LIGHT, HOLE = 0.125, 0.2, 0.4, 0.5  # the most: shares of the side, of the size, of the range, of the side
TARGET = 0.6  # lead of the critic that ADA aims at
CLIMB = 500_000  # pictures in which ADA's chance goes from 0 to 1


def disturb(pictures: Tensor, numbers: Tensor, chance: float) -> Tensor:
    """RGB [B,3,S,S] in -1..1 and uniform numbers [B,NUMBERS] -> as many, each disturbance with this chance."""
    if chance == 0:
        return pictures
    happens = (numbers[:, :3] < chance).to(pictures)
    amounts = numbers[:, 3:].to(pictures) * 2 - 1
    pictures = _colour(pictures, amounts[:, :3] * happens[:, :1])
    pictures = _move(pictures, amounts[:, 3:6] * happens[:, 1:2])
    return pictures * (1 - _hole(pictures, amounts[:, 6:8]) * happens[:, 2, None, None, None])


def nudged(pictures: Tensor, number: int, ways: int = 2) -> Tensor:
    """Pictures [B,3,S,S] moved by 0 .. ways - 1 pixels to the right and down, another way in each of ways**2 steps.

    Generator and critic both see pixels in twos by twos, other judges every fourth; else the seams between these would
    be nobody's business.
    """
    right, down = number % ways, number // ways % ways
    side, most = pictures.shape[-1], ways - 1
    wide = F.pad(pictures, (most, 0, most, 0), mode="replicate")
    return wide[..., most - down : most - down + side, most - right : most - right + side]


def adapted(chance: float, lead: float, pictures: int) -> float:
    """ADA's chance after so many more pictures with this lead of the critic."""
    return min(1.0, max(0.0, chance + math.copysign(pictures / CLIMB, lead - TARGET)))


def _colour(x: Tensor, amounts: Tensor) -> Tensor:
    """Brightness, contrast, saturation; amounts [B,3] in -1..1."""
    light, contrast, saturation = amounts[..., None, None, None].unbind(1)
    x = x + LIGHT * light
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * (1 + saturation)
    middle = x.mean((1, 2, 3), keepdim=True)
    return middle + (x - middle) * (1 + contrast / 2)


def _move(x: Tensor, amounts: Tensor) -> Tensor:
    """Shifted and scaled; amounts [B,3] in -1..1. What comes in from outside is the mirrored border."""
    zoom = torch.exp2(-SCALE * amounts[:, 2])
    view = torch.zeros(len(x), 2, 3, dtype=x.dtype, device=x.device)
    view[:, 0, 0], view[:, 1, 1], view[:, :, 2] = zoom, zoom, 2 * SHIFT * amounts[:, :2]
    grid = F.affine_grid(view, list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, padding_mode="reflection", align_corners=False)


def _hole(x: Tensor, amounts: Tensor) -> Tensor:
    """1 inside a square round a point, 0 elsewhere [B,1,S,S]; amounts [B,2] in -1..1."""
    line = torch.linspace(-1, 1, x.shape[-1], device=x.device, dtype=x.dtype)
    inside = (line - amounts[..., None]).abs() < HOLE  # [B,2,S]
    return (inside[:, 1, None, :, None] & inside[:, 0, None, None, :]).to(x)
