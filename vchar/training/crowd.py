"""How people differ whom an encoder has placed: faces of seeds are drawn from there, not from all latent space."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vchar.training.processes import Processes

LEAST = 1e-3  # weight of a picture that weighs nothing, so that it counts only where all are such


class Crowd(nn.Module):
    """Moving mean and covariance of places in a latent space."""

    weight: Tensor
    total: Tensor
    square: Tensor

    def __init__(self, z_dim: int) -> None:
        super().__init__()
        self.register_buffer("weight", torch.zeros((), dtype=torch.float64))
        self.register_buffer("total", torch.zeros(z_dim, dtype=torch.float64))
        self.register_buffer("square", torch.zeros(z_dim, z_dim, dtype=torch.float64))

    @torch.no_grad()
    def follow(self, z: Tensor, weight: Tensor, decay: float, own: Processes) -> None:
        """Add places [B,z_dim] of all processes, by their weights [B] in 0..1; what was there before decays."""
        z, weight = z.double(), weight.double().clamp(min=LEAST)[:, None]
        sums = torch.cat([weight.sum()[None], (weight * z).sum(0), ((weight * z).T @ z).flatten()])
        sums = own.mean(sums)
        parts = sums[0], sums[1 : 1 + z.shape[1]], sums[1 + z.shape[1] :].view_as(self.square)
        for kept, new in zip((self.weight, self.total, self.square), parts, strict=True):
            kept.mul_(decay).add_(new)

    def spread(self) -> tuple[Tensor, Tensor]:
        """Mean [z_dim] of the places, and what makes normal numbers differ as they do, [z_dim,z_dim]; of a standard
        normal distribution where nobody was placed yet."""
        if self.weight == 0:
            return self.total.float(), torch.eye(len(self.total), device=self.total.device)
        mean = self.total / self.weight
        strength, ways = torch.linalg.eigh(self.square / self.weight - torch.outer(mean, mean))
        root = (ways * strength.clamp(min=0).sqrt()) @ ways.T  # the symmetric one, whatever the signs of the ways
        return mean.float(), root.float()
