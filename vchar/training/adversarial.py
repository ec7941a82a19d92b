"""What a critic and a generator want of each other, and what both say of a picture that is to come out again.

"nonsaturating": logistic loss (Goodfellow et al. 2014, arXiv:1406.2661), for the critic the binary cross-entropy.
"relativistic": each fake is compared with a real picture that is said to show the same (Jolicoeur-Martineau 2018,
arXiv:1807.00734; with both gradient penalties it converges, Huang et al. 2024, arXiv:2501.05441).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

LOSSES = ("nonsaturating", "relativistic")


def critic_loss(kind: str, real: Tensor, fake: Tensor) -> Tensor:
    """Of the realism [B] of real and of fake pictures; scalar."""
    if kind == "relativistic":
        return F.softplus(fake - real).mean()
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def generator_loss(kind: str, real: Tensor, fake: Tensor) -> Tensor:
    """Of the realism [B] of real pictures, a constant, and of fake ones; scalar."""
    return F.softplus((real.detach() - fake) if kind == "relativistic" else -fake).mean()


def lead(kind: str, real: Tensor, fake: Tensor) -> Tensor:
    """How sure the critic is of pictures it learns from, -1..1; near 1 it knows them by heart (r_t of ADA)."""
    return ((real - fake) if kind == "relativistic" else real).detach().sign().mean()


def gradient_penalty(pictures: Tensor, realism: Tensor) -> Tensor:
    """Half the mean squared gradient of realism [B] by the pictures [B,3,H,W]: R1 on real ones, R2 on fake ones."""
    (gradient,) = torch.autograd.grad(realism.sum(), pictures, create_graph=True)
    return gradient.square().sum((1, 2, 3)).mean() / 2


def reading_loss(read: Tensor, code: Tensor) -> Tensor:
    """How far conditions [B,K] read off pictures are from those of their code [B,2K]; 0 where these are unknown.

    A mean over all of them, known or not, so that many processes' mean is that of the whole batch.
    """
    wanted, known = code.chunk(2, dim=1)
    return (F.smooth_l1_loss(read, wanted, reduction="none") * known).mean()


def unlike(a: Tensor, b: Tensor, sizes: int = 3) -> Tensor:
    """Mean absolute difference of pictures [B,3,S,S], summed over so many sizes, each half the last; scalar."""
    found = F.l1_loss(a, b)
    for _ in range(sizes - 1):
        a, b = F.avg_pool2d(a, 2), F.avg_pool2d(b, 2)
        found = found + F.l1_loss(a, b)
    return found
