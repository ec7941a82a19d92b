"""Teaches `LandmarkNet` from marked faces, and lets it mark faces that nobody marked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from vchar.models.landmarks import MARGIN, MIRROR, POINTS, LandmarkNet, Placed, frames
from vchar.models.views import Views
from vchar.training.augment import augment

BATCH = 96
BLUR = 1.0  # cells: how far around a point the cells should vote for it
ODD = 4  # of them show no face, or one far out of the frame
FINE = (0.04, 0.06, 0.1)  # standard deviations: shift in sides, logarithm of the size, tilt in radians
COARSE, OFTEN = (0.09, 0.15, 0.4), 0.25  # what the finder's squares may be off by, and their share of the batch
RIPPLE = 0.014, 0.7  # standard deviations: height of a wave in sides of the crop, waves a side along each axis
LOOKS = 8  # views of a face that must agree
AGREEMENT = 0.025  # of the looks at a face: mean deviation in sides from which it's left out
CLOSE, CLOSE_SIZE = 1.9, 160  # side of a close-up in sides of the face, and in pixels
DOUBT = 1.6  # a point that deviates so many times more than its like is left out


@dataclass(frozen=True)
class Marked:
    """M pictures, each with one face whose landmarks are known."""

    pictures: Tensor  # [M,3,S,S] uint8
    points: Tensor  # [M,70,2] pixels
    known: Tensor  # [M,70] weight of each point, 0 where it's unknown

    @classmethod
    def join(cls, *parts: Marked) -> Marked:
        return cls(*(torch.cat(part) for part in zip(*((p.pictures, p.points, p.known) for p in parts), strict=True)))

    def close_up(self) -> Marked:
        """The faces and their surroundings alone, CLOSE_SIZE px a side."""
        parts = []
        for start in range(0, max(1, len(self.points)), 200):
            pictures, points = self.pictures[start : start + 200], self.points[start : start + 200]
            centre, side, _ = frames(points)
            upright = torch.zeros(len(side))
            view = Views.of(centre, side * CLOSE, upright, upright > 0, CLOSE_SIZE)
            seen = (view.see(pictures.float()) + 0.5).byte()
            parts.append(Marked(seen, view.to_view(points), self.known[start : start + 200]))
        return Marked.join(*parts)


Squares = tuple[Tensor, Tensor, Tensor]  # of B faces: centre [B,2] and side [B] in pixels, roll [B] in radians


def jitter(
    squares: Squares, size: int, random: torch.Generator, deviations: tuple[float, float, float] = FINE
) -> Views:
    """Views of `size` px of faces, not quite centred; half are mirrored."""
    (centre, side, roll), (shift, scale, tilt) = squares, deviations
    centre = centre + side[:, None] * shift * torch.randn(len(side), 2, generator=random)
    side = side * MARGIN * torch.exp(scale * torch.randn(len(side), generator=random))
    roll = roll + tilt * torch.randn(len(roll), generator=random)
    return Views.of(centre, side, roll, torch.rand(len(side), generator=random) < 0.5, size)


def _views(points: Tensor, size: int, random: torch.Generator) -> Views:
    """Views to learn from: mostly fine, some coarse, the first ODD ones so far out that they show no face."""
    squares = frames(points)
    fine, coarse = jitter(squares, size, random), jitter(squares, size, random, COARSE)
    rough = torch.rand(len(points), generator=random) < OFTEN
    matrix = torch.where(rough[:, None, None], coarse.matrix, fine.matrix)
    centre, side = squares[0][:ODD], squares[1][:ODD]
    angle = torch.rand(ODD, generator=random) * 6.2832
    away = side[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1) * 0.8
    zoom = 0.3 * 2 ** torch.rand(ODD, generator=random)
    matrix[:ODD] = Views.of(centre + away, side * MARGIN * zoom, angle, angle < 3.14, size).matrix
    return Views(matrix, size).rippled(_waves(len(points), size, random))


def _waves(count: int, size: int, random: torch.Generator) -> Tensor:
    """Three waves a view: faces then have any proportions, and a point must be seen to be placed."""
    waves = torch.randn(count, 3, 5, generator=random)
    waves[..., :2] *= RIPPLE[0] * size
    waves[..., 2:4] *= RIPPLE[1] * 6.2832 / size
    waves[..., 4] *= 6.2832
    return waves


def mirrored(view: Views) -> Tensor:
    """Which views [B] show their picture mirrored."""
    return torch.linalg.det(view.matrix[:, :, :2]) < 0


def swap(values: Tensor, which: Tensor) -> Tensor:
    """Values of the 70 points [B,70,...] in the order that mirrored pictures have, where `which` [B] says so."""
    return torch.where(which.view(-1, *[1] * (values.ndim - 1)), values[:, list(MIRROR)], values)


def placing_loss(
    net: LandmarkNet, sources: tuple[Marked, ...], backdrops: Tensor, size: int
) -> Callable[[int, torch.Generator], Tensor]:
    """The loss of one step, for the training loop: as many faces from each source that has any, and ODD others."""
    weights, sources = _importance(), tuple(source for source in sources if len(source.points))

    def loss(_: int, random: torch.Generator) -> Tensor:
        parts = []
        for source in sources:
            pick = torch.randint(len(source.points), (BATCH // len(sources),), generator=random)
            parts.append(Marked(source.pictures[pick], source.points[pick], source.known[pick]))
        batch = Marked.join(*parts)
        order = torch.randperm(len(batch.points), generator=random)
        points, known = batch.points[order], batch.known[order]
        view = _views(points, size, random)
        padding = "border" if torch.rand((), generator=random) < 0.5 else "zeros"
        crops = view.see(batch.pictures[order].float() / 255, padding)
        plain = torch.randint(len(backdrops), (ODD // 2,), generator=random)
        crops[: ODD // 2] = F.interpolate(backdrops[plain].float() / 255, (size, size), mode="bilinear")
        crops = augment(crops, random).to(memory_format=torch.channels_last)
        flipped = mirrored(view)
        truth, trust = swap(view.to_view(points), flipped), swap(known, flipped) * weights
        return _loss(net(crops), truth, trust)

    return loss


def _loss(placed: Placed, truth: Tensor, trust: Tensor) -> Tensor:
    """Distances of the points of all but the first ODD crops, how well their spread is known, and face or not."""
    far = (placed.points[ODD:] - truth[ODD:]).square().sum(2).add(1e-4).sqrt()
    spread, trust = placed.spread[ODD:], trust[ODD:]
    honest = 2 * far.detach() / spread + 2 * spread.log()  # negative log-likelihood of a gamma distribution
    unsure = _cross_entropy(placed.heat[ODD:], truth[ODD:])
    is_face = torch.ones_like(placed.face)
    is_face[:ODD] = 0
    judged = F.binary_cross_entropy_with_logits(placed.face, is_face)
    return ((far + 0.2 * honest + 0.5 * unsure) * trust).sum() / trust.sum() + 2 * judged


def _cross_entropy(heat: Tensor, truth: Tensor) -> Tensor:
    """How badly the cells [B,N,h,w] know where the points [B,N,2] are: [B,N]."""
    height, width = heat.shape[2:]
    cells = truth / LandmarkNet.cell - 0.5
    x = torch.arange(width) - cells[..., :1]
    y = torch.arange(height) - cells[..., 1:]
    near = torch.exp(-(x[..., None, :].square() + y[..., None].square()) / (2 * BLUR**2))
    return -(near / (near.sum((2, 3), keepdim=True) + 1e-6) * heat).sum((2, 3))


def _importance() -> Tensor:
    """[70]: eyes and lips count more than the outline, which nobody can place along itself."""
    weights = torch.ones(POINTS)
    weights[:17] = 0.5
    weights[36:68] = 1.3
    return weights


@torch.inference_mode()
def mark(net: LandmarkNet, pictures: Tensor, guess: Squares, size: int, random: torch.Generator) -> Marked:
    """What the network finds in unmarked pictures [B,3,S,S], one face each, about where the guess is.

    Only the faces on which LOOKS views agree are kept, and of them the points that don't waver.
    """
    source = pictures.float() / 255
    looks, faces, squares = [], [], guess
    for look in range(2 + LOOKS):
        view = jitter(squares, size, random)
        crops = view.see(source)
        crops = augment(crops, random) if look % 2 else crops
        placed = net(crops.contiguous(memory_format=torch.channels_last))
        looks.append(view.to_picture(swap(placed.points, mirrored(view))))
        faces.append(placed.face)
        squares = frames(torch.stack(looks[-2:]).mean(0)) if look < 2 else squares
    points = torch.stack(looks[2:]).median(0).values
    spread = (torch.stack(looks[2:]) - points).norm(dim=3).mean(0) / frames(points)[1][:, None]
    good = (spread[:, 17:].mean(1) < AGREEMENT) & (torch.stack(faces[2:]).mean(0) > 0)
    usual = spread.median(0).values.clamp(min=0.01)
    return Marked(pictures[good], points[good], (spread < DOUBT * usual).float()[good])
