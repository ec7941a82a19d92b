"""What a step of the Studio generator's training sees: pictures, what they show, and numbers to invent others from.

All of it follows from the seed and the place of a picture in the run, whatever process asks for it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from vchar.data.conditions import ATTRIBUTES, mirrored
from vchar.data.face_shards import FaceShards
from vchar.models.pixels import from_bytes
from vchar.models.studio_face import UNTOLD
from vchar.training import disturb
from vchar.training.loop import batch_indices
from vchar.training.processes import Processes

ANSWERS = len(ATTRIBUTES)  # conditions that may stay unasked
RECALLED = slice(None, None, 2)  # of a batch, the pictures that an encoder has to bring back


class Batch(NamedTuple):
    """B pictures [B,3,S,S] in -1..1 with their conditions [B,K]; and for as many inventions: z, and what is asked.

    twins [B/2,3,S,S]: other pictures of the people that RECALLED ones show, or the same where there are none, with
    their conditions of_twins [B/2,K].  noise [B/2,z_dim]: normal numbers.  shape [B,S]: of the heads shown, NaN where
    unknown.  asked [B,K]: the conditions, with some attributes unknown.  normal [B,z_dim]: numbers to make z of.
    chances [B,2,...]: numbers for `disturb`, the first for real pictures.
    """

    pictures: Tensor
    twins: Tensor
    noise: Tensor
    shape: Tensor
    conditions: Tensor
    of_twins: Tensor
    asked: Tensor
    normal: Tensor
    chances: Tensor

    @property
    def known(self) -> Tensor:
        """What is known of the pictures' own z, [B,z_dim]: of heads' shapes, which are its last numbers; NaN else."""
        return F.pad(self.shape, (self.normal.shape[1] - self.shape.shape[1], 0), value=torch.nan)


class Shapes(NamedTuple):
    """The shapes of pictures' heads, of [N,S], NaN where unknown; and what a mirror multiplies them by, mirror [S]."""

    of: Tensor
    mirror: Tensor


class Batches:
    """Batches by number, from shards of faces, whose heads have known `shapes` [N,S] or NaN."""

    def __init__(self, shards: FaceShards, shapes: Shapes, size: int, batch: int, z_dim: int, seed: int) -> None:
        self.shards, self.size, self.batch, self.z_dim, self.seed = shards, size, batch, z_dim, seed
        self.shapes = shapes

    def __call__(self, step: int, own: Processes) -> Batch:
        """This process's share of the batch of `step`."""
        share = own.share(self.batch)
        index = batch_indices(step, len(self.shards) // self.batch * self.batch, self.batch, self.seed)
        index = index[share.start : share.stop].numpy()
        normal, uniform = self._numbers(range(step * self.batch + share.start, step * self.batch + share.stop))
        flips = (uniform[:, 0] < 0.5).numpy()
        pictures = self._shown(index, flips)
        other = self.shards.twins(index, uniform[:, 2].numpy())
        twins = self._shown(other[RECALLED], flips[RECALLED])
        conditions, of_others = self._told(index, flips), self._told(other, flips)
        asked = conditions.clone()
        asked[:, :ANSWERS][uniform[:, 3 : 3 + ANSWERS] > uniform[:, 1:2]] = torch.nan
        chances = uniform[:, 3 + ANSWERS :].unflatten(1, (2, disturb.NUMBERS))
        shape = self.shapes.of[index] * torch.where(uniform[:, :1] < 0.5, self.shapes.mirror, 1.0)
        noise, drawn = normal[RECALLED, self.z_dim :], normal[:, : self.z_dim]
        found = Batch(pictures, twins, noise, shape, conditions, of_others[RECALLED], asked, drawn, chances)
        return Batch(*(part.to(own.device) for part in found))

    def _shown(self, index: NDArray[np.int64], flips: NDArray[np.bool_]) -> Tensor:
        """Pictures by their places, some of them mirrored, [n,3,S,S] in -1..1."""
        pictures = self.shards.pictures(index, self.size)
        pictures = np.where(flips[:, None, None, None], pictures[:, :, ::-1], pictures)
        return from_bytes(torch.from_numpy(pictures))

    def _told(self, index: NDArray[np.int64], flips: NDArray[np.bool_]) -> Tensor:
        """Their conditions [n,K]."""
        rows = self.shards.conditions[index]
        return torch.from_numpy(np.where(flips[:, None], mirrored(rows), rows))

    def _numbers(self, places: range) -> tuple[Tensor, Tensor]:
        """Normal and uniform numbers for each place in the run, from a generator of its own."""
        normal, uniform = [], []
        for place in places:
            random = torch.Generator().manual_seed(self.seed * 2**40 + place)
            normal.append(torch.randn(2 * self.z_dim, generator=random))
            uniform.append(torch.rand(3 + ANSWERS + 2 * disturb.NUMBERS, generator=random))
        return torch.stack(normal), torch.stack(uniform)


def units(shards: FaceShards) -> tuple[Tensor, Tensor]:
    """Mean and spread [K] of the conditions, in a mirror too.

    The spread is UNTOLD where they tell nothing, as they are unknown or always alike.
    """
    rows = np.concatenate([shards.conditions, mirrored(shards.conditions)])
    known = ~np.isnan(rows)
    count = known.sum(0).clip(min=1)
    mean = np.where(known, rows, 0).sum(0) / count
    spread = np.sqrt((np.where(known, rows - mean, 0) ** 2).sum(0) / count)
    spread = np.where(spread > 0, spread.clip(min=LEAST_SPREAD), UNTOLD)
    return torch.from_numpy(mean.astype(np.float32)), torch.from_numpy(spread.astype(np.float32))


LEAST_SPREAD = 0.05  # of a condition's unit
