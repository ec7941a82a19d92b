"""Teaches `FinderNet`: faces of any size and tilt pasted over backgrounds without faces, and what is no face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from vchar.models.landmarks import FinderNet, Found
from vchar.models.views import Views
from vchar.training.augment import augment

BATCH = 16
LAYERS = (1.0, 0.35, 0.2)  # chance that a picture has a first, second, third thing pasted in
FALSE = 0.3  # share of things that are no face: portraits cut to tiles and shuffled
SIDES = (0.13, 0.9)  # of a face, in shares of the picture's
TILT = 0.6  # radians, standard deviation; a quarter is upright


@dataclass(frozen=True)
class Portraits:
    """M pictures, each with one face."""

    pictures: Tensor  # [M,3,S,S] uint8
    centre: Tensor  # [M,2] pixels
    side: Tensor  # [M] pixels
    roll: Tensor  # [M] radians


@dataclass(frozen=True)
class Scene:
    """Pictures and their faces, up to K each."""

    pictures: Tensor  # [B,3,H,H]
    centre: Tensor  # [B,K,2] pixels
    side: Tensor  # [B,K] pixels; 0 where there is no face
    down: Tensor  # [B,K,2] unit vectors from brow to chin


def compose(portraits: Portraits, backdrops: Tensor, size: int, random: torch.Generator) -> Scene:
    """BATCH pictures of `size` px; backdrops [N,3,h,h] uint8."""

    def uniform(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=random)

    chosen = torch.randint(len(backdrops), (BATCH,), generator=random)
    middle, side = uniform(BATCH, 2) * backdrops.shape[-1], 40 + 150 * uniform(BATCH)
    view = Views.of(middle, side, 6.3 * uniform(BATCH), uniform(BATCH) < 0.5, size)
    canvas = view.see(backdrops[chosen].float() / 255, "reflection")
    centres, sides, downs = torch.zeros(BATCH, 3, 2), torch.zeros(BATCH, 3), torch.zeros(BATCH, 3, 2)
    for layer, chance in enumerate(LAYERS):
        rows = (uniform(BATCH) < chance).nonzero()[:, 0]
        if not len(rows):
            continue
        false = uniform(len(rows)) < FALSE
        side = size * (SIDES[0] * (SIDES[1] / SIDES[0]) ** uniform(len(rows)))
        tilt = torch.randn(len(rows), generator=random) * TILT * (uniform(len(rows)) < 0.75)
        place = size * (0.5 + (uniform(len(rows), 2) - 0.5) * (1.1 - 0.8 * side[:, None] / size))
        pasted, mask = _paste(portraits, place, side, tilt, false, size, random)
        canvas[rows] = canvas[rows].lerp(pasted, mask)
        column, row = centres[rows].long().clamp(0, size - 1).unbind(2)
        hidden = mask[torch.arange(len(rows))[:, None], 0, row, column] > 0.3
        sides[rows] = sides[rows].where(~hidden, 0)  # what is covered now is no face any more
        centres[rows, layer], sides[rows, layer] = place, side.where(~false, 0)
        downs[rows, layer] = torch.stack([-tilt.sin(), tilt.cos()], dim=1)
    return Scene(augment(canvas, random), centres, sides, downs)


def _paste(
    portraits: Portraits, place: Tensor, side: Tensor, tilt: Tensor, false: Tensor, size: int, random: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Portraits [B,3,size,size] with their face at `place`, `side` px large, and their masks [B,1,size,size]."""
    pick = torch.randint(len(portraits.side), (len(side),), generator=random)
    mirrored, kind = torch.rand(2, len(side), generator=random)
    roll = portraits.roll[pick] + tilt * torch.where(mirrored < 0.5, 1, -1)
    view = _placed(portraits.centre[pick], place, portraits.side[pick] / side, roll, mirrored < 0.5, size)
    picture = portraits.pictures[pick].float() / 255
    picture[false] = shuffled(picture[false], random)
    return view.see(picture), view.see(_mask(portraits, pick, kind))


def _placed(centre: Tensor, place: Tensor, zoom: Tensor, roll: Tensor, mirrored: Tensor, size: int) -> Views:
    """Views [size] that show the picture's point `centre` at `place`."""
    view = Views.of(centre, zoom * size, roll, mirrored, size)
    shift = view.to_picture(place[:, None])[:, 0] - centre
    return Views(torch.cat([view.matrix[:, :, :2], (view.matrix[:, :, 2] - shift)[..., None]], dim=2), size)


def _mask(portraits: Portraits, pick: Tensor, kind: Tensor) -> Tensor:
    """[B,1,S,S]: the whole picture, or an ellipse round the head with a soft or hard edge."""
    size = portraits.pictures.shape[-1]
    line = torch.arange(size) + 0.5
    x = (line - portraits.centre[pick, :1]) / portraits.side[pick, None]
    y = (line - portraits.centre[pick, 1:]) / portraits.side[pick, None]
    far = (x[:, None] / 0.75).square() + ((y[:, :, None] + 0.2) / 1.0).square()
    softness = torch.where(kind < 0.6, 0.02, 0.3)[:, None, None]
    ellipse = torch.sigmoid((1 - far) / softness)
    return torch.where((kind < 0.3)[:, None, None], 1.0, ellipse)[:, None]


def shuffled(pictures: Tensor, random: torch.Generator, tiles: int = 5) -> Tensor:
    """The same material without a face: [B,3,S,S] cut to tiles and put together at random."""
    size = pictures.shape[-1]
    grid = F.interpolate(pictures, (size // tiles * tiles,) * 2).unflatten(3, (tiles, -1)).unflatten(2, (tiles, -1))
    pieces = grid.transpose(3, 4).flatten(2, 3)
    order = torch.rand(len(pictures), tiles * tiles, generator=random).argsort(1)
    pieces = pieces.gather(2, order[:, None, :, None, None].expand_as(pieces))
    whole = pieces.unflatten(2, (tiles, tiles)).transpose(3, 4).flatten(4).flatten(2, 3)
    return F.interpolate(whole, (size, size))


def finding_loss(found: Found, scene: Scene, cell: int) -> Tensor:
    """Penalty-reduced focal loss for where faces are, absolute errors for their place, size and tilt."""
    height, width = found.face.shape[1:]
    line = torch.arange(max(height, width)) + 0.5
    y, x = torch.meshgrid(line[:height], line[:width], indexing="ij")
    centre, side = scene.centre / cell, scene.side / cell
    dx, dy = centre[:, :, 0, None, None] - x, centre[:, :, 1, None, None] - y  # [B,K,h,w]
    near = torch.exp(-(dx**2 + dy**2) / (2 * (0.12 * side[..., None, None]).clamp(min=0.5) ** 2))
    heat, owner = (near * (side > 0)[..., None, None]).max(1)
    heat = (
        torch.where((dx.abs() <= 0.5) & (dy.abs() <= 0.5) & (side > 0)[..., None, None], 1.0, 0.0).amax(1).maximum(heat)
    )
    probability = found.face.sigmoid()
    surprise = torch.where(
        heat > 0.7,
        -F.logsigmoid(found.face) * (1 - probability) ** 2,
        -F.logsigmoid(-found.face) * probability**2 * (1 - heat) ** 2,
    ).sum()

    truth = torch.cat([scene.down, scene.side.clamp(min=1).log()[..., None]], dim=2)  # [B,K,3]
    truth = torch.cat([truth[..., None, None].expand(-1, -1, -1, height, width), torch.stack([dx, dy], dim=2)], dim=2)
    truth = truth.gather(1, owner[:, None, None].expand(-1, 1, 5, -1, -1))[:, 0]
    said = torch.cat([found.down, found.size[:, None], found.offset * 0.3], dim=1)
    wrong = (said - truth * truth.new_tensor([1, 1, 1, 0.3, 0.3])[:, None, None]).abs().sum(1)
    weight = (heat > 0.3) * heat
    return surprise / (side > 0).sum().clamp(min=1) + (wrong * weight).sum() / weight.sum().clamp(min=1)


def finder_loss(
    net: FinderNet, portraits: Portraits, backdrops: Tensor, size: int
) -> Callable[[int, torch.Generator], Tensor]:
    """The loss of one step, for the training loop."""

    def loss(_: int, random: torch.Generator) -> Tensor:
        scene = compose(portraits, backdrops, size, random)
        pictures = scene.pictures.to(memory_format=torch.channels_last)
        return finding_loss(net(pictures), scene, net.cell)

    return loss
