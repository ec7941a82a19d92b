"""The encoder of the Studio generator: from a picture to where in the latent space its face lies, and how surely.

A variational autoencoder's other half (Kingma and Welling 2014, arXiv:1312.6114): a normal distribution of z for each
picture, so that faces that look alike lie together and every picture has a place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vchar.models.critic import Trunk

SURE = -8.0  # log-variance: no distribution is narrower
FURTHEST = 4.0  # spreads from the middle of the latent space: one odd picture may not drown a batch


@dataclass(frozen=True)
class FaceEncoderConfig:
    """z_dim, conditions: as many as the generator's.  size: pixels a side that a picture is seen at."""

    z_dim: int
    conditions: int
    size: int = 64
    channels: tuple[int, ...] = (256, 192, 128, 64)  # at 4, 8, ... size / 2 pixels
    features: int = 512

    def __post_init__(self) -> None:
        object.__setattr__(self, "channels", tuple(self.channels))


class Place(NamedTuple):
    """Where pictures lie: z is normal with this mean and log-variance [B,z_dim]; conditions [B,K] in code's units."""

    mean: Tensor
    log_variance: Tensor
    conditions: Tensor

    def float(self) -> Place:
        """The same in float32."""
        return Place(*(part.float() for part in self))

    def draw(self, noise: Tensor) -> Tensor:
        """z [B,z_dim] by normal numbers of that shape, differentiable by mean and variance."""
        return self.mean + noise * (self.log_variance / 2).exp()

    def given(self, known: Tensor) -> Place:
        """The same, but sure of what is known of z [B,z_dim]; NaN where nothing is."""
        mean = torch.where(known.isnan(), self.mean, known)
        return Place(mean, torch.where(known.isnan(), self.log_variance, SURE), self.conditions)

    def price(self, known: Tensor) -> Tensor:
        """How far draws lie from what is `known` of z [B,z_dim], half the square, and the distribution of the rest,
        which is NaN there, from the standard normal prior, in nats; a mean of all numbers of z.
        """
        variance = self.log_variance.exp()
        miss = (known.nan_to_num(0.0) - self.mean).square() + variance
        divergence = self.mean.square() + variance - 1 - self.log_variance
        return torch.where(known.isnan(), divergence, miss).mean() / 2


class FaceEncoder(nn.Module):
    """RGB [B,3,S,S] in -1..1, S at least the config's size -> Place."""

    def __init__(self, config: FaceEncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.trunk = Trunk(config.size, config.channels, config.features)
        self.heads = nn.Linear(config.features, 2 * config.z_dim + config.conditions)

    def forward(self, pictures: Tensor) -> Place:
        step = pictures.shape[-1] // self.config.size
        found = self.heads(self.trunk(F.avg_pool2d(pictures, step) if step > 1 else pictures))
        mean, log_variance, conditions = found.split([self.config.z_dim, self.config.z_dim, self.config.conditions], 1)
        return Place(FURTHEST * (mean / FURTHEST).tanh(), log_variance.clamp(SURE, 1), conditions)
