"""The networks that see a face: where it is (`FinderNet`), and where its landmarks are (`LandmarkNet`)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

POINTS = 70  # the 68 of iBUG, then the two irises
MIRROR = (
    *range(16, -1, -1),  # jaw
    *range(26, 16, -1),  # brows
    *(27, 28, 29, 30, 35, 34, 33, 32, 31),  # nose
    *(45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40),  # eyes
    *(54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65),  # mouth
    *(69, 68),  # irises
)  # which point each point becomes when the picture is mirrored
MARGIN = 1.3  # side of the crop for the landmarks, in sides of the face
NEAR = 3.0  # crop pixels, about a tenth of the distance between the eyes


@dataclass(frozen=True)
class LandmarksConfig:
    """Both networks; equal to the checkpoint's config.json."""

    crop: int = 96  # pixels a side of the crop in which landmarks are placed
    widths: tuple[int, ...] = (24, 64, 128)  # channels at 1/4, 1/8 ... of the side
    fine: int = 40  # channels from which the points are read, at 1/4 of the side
    picture: int = 160  # pixels of the longer side of the picture in which faces are found
    finder_widths: tuple[int, ...] = (24, 48, 80, 128)

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", tuple(self.widths))
        object.__setattr__(self, "finder_widths", tuple(self.finder_widths))


class Block(nn.Module):
    """Two normalised 3x3 convolutions beside a shortcut: [B,C_in,H,W] -> [B,C_out,H/stride,W/stride]."""

    def __init__(self, inside: int, outside: int, stride: int = 1) -> None:
        super().__init__()
        self.first = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.first_norm = nn.GroupNorm(8, outside)
        self.second = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.second_norm = nn.GroupNorm(8, outside)
        self.short = nn.Identity() if inside == outside else nn.Conv2d(inside, outside, 1)
        self.pool = nn.Identity() if stride == 1 else nn.AvgPool2d(stride)
        nn.init.zeros_(self.second_norm.weight)

    def forward(self, x: Tensor) -> Tensor:
        y = F.silu(self.first_norm(self.first(x)))
        return F.silu(self.second_norm(self.second(y)) + self.short(self.pool(x)))


class Hourglass(nn.Module):
    """From the picture at 1/4 of its side down, then up again to 1/8.

    [B,3,H,W] -> early [B,widths[0],H/4,W/4], fine [B,widths[1],H/8,W/8] and coarse [B,widths[-1],..].
    """

    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__()
        pairs = list(pairwise(widths))
        self.stem = nn.Conv2d(48, widths[0], 3, 1, 1)  # on 4x4 pixels at once
        self.start = Block(widths[0], widths[0])
        self.down = nn.ModuleList(Block(a, b, stride=2) for a, b in pairs)
        self.around = Block(widths[-1], widths[-1])
        self.lift = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in reversed(pairs[1:]))
        self.up = nn.ModuleList(Block(a, a) for a, _ in reversed(pairs[1:]))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = early = self.start(F.silu(self.stem(F.pixel_unshuffle(x - 0.5, 4))))
        levels = []
        for down in self.down:
            x = down(x)
            levels.append(x)
        fine = coarse = self.around(levels.pop())
        for lift, up in zip(self.lift, self.up, strict=True):
            fine = up(levels.pop() + F.interpolate(lift(fine), scale_factor=2.0))
        return early, fine, coarse


class Placed(NamedTuple):
    """What the landmark network says of B crops."""

    points: Tensor  # [B,70,2] crop pixels
    spread: Tensor  # [B,70] expected distance from the truth, crop pixels
    face: Tensor  # [B] log-odds that the crop shows a face
    heat: Tensor  # [B,70,h,w] log-probability that a point lies in a cell

    def mirrored_back(self, size: int) -> Placed:
        """The same of crops of `size` px that were mirrored."""
        order = list(MIRROR)
        points = self.points[:, order] * self.points.new_tensor([-1, 1]) + self.points.new_tensor([size, 0])
        return Placed(points, self.spread[:, order], self.face, self.heat[:, order].flip(3))

    @property
    def confidence(self) -> Tensor:
        """[B,70] probability of being nearer to the truth than NEAR: distances follow a gamma distribution."""
        x = 2 * NEAR / self.spread
        return 1 - (1 + x) * torch.exp(-x)


class LandmarkNet(nn.Module):
    """Landmarks of one roughly upright, centred face: crops [B,3,crop,crop] in 0..1 -> Placed.

    Every cell of 4 px votes where each point is; a softmax over the cells says whose vote counts.
    """

    cell = 4  # pixels

    def __init__(self, config: LandmarksConfig) -> None:
        super().__init__()
        self.trunk = Hourglass(config.widths)
        self.near = nn.Conv2d(config.widths[0], config.fine, 1)
        self.far = nn.Conv2d(config.widths[1], config.fine, 1)
        self.join = Block(config.fine, config.fine)
        self.votes = nn.Conv2d(config.fine, 3 * POINTS, 1)
        self.doubt = nn.Linear(config.widths[-1], POINTS)
        self.face = nn.Linear(config.widths[-1], 1)
        nn.init.zeros_(self.doubt.weight)

    def forward(self, crops: Tensor) -> Placed:
        early, fine, coarse = self.trunk(crops)
        joined = self.join(self.near(early) + F.interpolate(self.far(fine), scale_factor=2.0))
        share, offset = self.votes(joined).split((POINTS, 2 * POINTS), dim=1)
        cells = torch.stack(torch.meshgrid(*(_centres(n, share) for n in share.shape[:1:-1]), indexing="xy"))
        votes = cells + offset.unflatten(1, (POINTS, 2))  # [B,70,2,h,w] in cells
        heat = share.flatten(2).log_softmax(2)
        points = (heat.exp()[:, :, None] * votes.flatten(3)).sum(3) * self.cell
        pooled = coarse.mean((2, 3))
        spread = F.softplus(self.doubt(pooled)) + 0.1
        return Placed(points, spread, self.face(pooled)[:, 0], heat.view_as(share))


def _centres(count: int, like: Tensor) -> Tensor:
    return torch.arange(count, device=like.device, dtype=like.dtype) + 0.5


class Found(NamedTuple):
    """What the finder says of B pictures, cell by cell of 8 pixels a side."""

    face: Tensor  # [B,h,w] log-odds that a face is centred here
    offset: Tensor  # [B,2,h,w] from the cell's middle to the face's centre, cells
    size: Tensor  # [B,h,w] natural logarithm of the face's side in pixels
    down: Tensor  # [B,2,h,w] the direction (x, y) from the brow to the chin


class FinderNet(nn.Module):
    """Faces of a picture: [B,3,H,W] in 0..1, H and W multiples of 32 -> Found."""

    cell = 8  # pixels

    def __init__(self, config: LandmarksConfig) -> None:
        super().__init__()
        self.trunk = Hourglass(config.finder_widths)
        self.maps = nn.Conv2d(config.finder_widths[1], 6, 1)

    def forward(self, pictures: Tensor) -> Found:
        maps = self.maps(self.trunk(pictures)[1])
        return Found(maps[:, 0] - 3, maps[:, 1:3], maps[:, 3] + 4, maps[:, 4:6])


def frames(points: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Landmarks [B,70,2] -> centre [B,2], side [B], roll [B] (clockwise, radians) of the upright square round each."""
    down = points[:, 48:68].mean(1) - points[:, 36:48].mean(1)
    roll = torch.atan2(-down[:, 0], down[:, 1])
    turn = torch.stack([roll.cos(), roll.sin(), -roll.sin(), roll.cos()], dim=1).unflatten(1, (2, 2))
    upright = points[:, :68] @ turn.mT
    low, high = upright.amin(1), upright.amax(1)
    centre = torch.einsum("bij,bi->bj", turn, (low + high) / 2)
    return centre, (high - low).amax(1), roll


class FaceNets(nn.Module):
    """Both networks, as they ship."""

    def __init__(self, config: LandmarksConfig) -> None:
        super().__init__()
        self.config = config
        self.finder = FinderNet(config)
        self.landmarks = LandmarkNet(config)
