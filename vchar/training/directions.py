"""From readings to directions: ridge regression in whitened W+, least change under penalties, measured re-mixing.

Letters: A readings, S sliders, P = groups of layers x components, the whitened coordinates of W+.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from vchar.models.face import SynthesisNetwork


@dataclass(frozen=True)
class Whitening:
    """W in uncorrelated coordinates of unit variance, the weakest of them left out."""

    basis: Tensor  # [w_dim, K]
    scale: Tensor  # [K] standard deviations

    @classmethod
    def of(cls, offsets: Tensor, components: int) -> Whitening:
        """From offsets [M, w_dim] from the average w."""
        vectors, variances, _ = torch.linalg.svd(offsets.T @ offsets / len(offsets))
        return cls(vectors[:, :components], variances[:components].sqrt())

    def flatten(self, codes: Tensor) -> Tensor:
        """Offsets per group [M, G, w_dim] -> coordinates [M, P]."""
        return (codes @ self.basis / self.scale).flatten(1)

    def codes(self, coordinates: Tensor) -> Tensor:
        """Coordinates [M, P] -> offsets per group [M, G, w_dim]."""
        return coordinates.unflatten(1, (-1, len(self.scale))) * self.scale @ self.basis.T

    def readers(self, gradients: Tensor) -> Tensor:
        """Gradients by coordinate [M, P] -> by code [M, G, w_dim]."""
        return gradients.unflatten(1, (-1, len(self.scale))) / self.scale @ self.basis.T


def ridge(x: Tensor, y: Tensor, strength: float) -> tuple[Tensor, Tensor]:
    """x [M, P], y [M, A] -> gradients [A, P] and offsets [A] of the linear fit."""
    x1 = torch.cat([x, torch.ones(len(x), 1)], dim=1).double()
    penalty = torch.full((x1.shape[1],), strength, dtype=torch.float64)
    penalty[-1] = 1e-6
    solution = torch.linalg.solve(x1.T @ x1 + penalty.diag(), x1.T @ y.double()).float()
    return solution[:-1].T.contiguous(), solution[-1]


def best_ridge(x: Tensor, y: Tensor, strengths: tuple[float, ...]) -> tuple[float, Tensor]:
    """The strength with the best mean R2 on every tenth row, and the R2 of each column [A] there."""
    held = torch.arange(len(x)) % 10 == 0
    scores = []
    for strength in strengths:
        gradients, offsets = ridge(x[~held], y[~held], strength)
        error = (x[held] @ gradients.T + offsets - y[held]).square().mean(0)
        scores.append(1 - error / y[held].var(0))
    best = max(range(len(strengths)), key=lambda i: float(scores[i].mean()))
    return strengths[best], scores[best]


def least_change(gradient: Tensor, leaks: Tensor, leak_weights: Tensor, identity: Tensor, weight: float) -> Tensor:
    """The smallest step [P] that raises one reading by 1 while the penalised ones stay.

    gradient [P]; leaks [A, P] with weights [A]; identity [I, P], all with one weight.
    """
    metric = torch.eye(len(gradient)).double()
    metric += leaks.double().T @ (leak_weights.double()[:, None] * leaks.double())
    metric += weight * identity.double().T @ identity.double()
    step = torch.linalg.solve(metric, gradient.double())
    return (step / (step @ gradient.double())).float()


def remix(
    effects: Tensor, steps: Tensor, start: int, wanted: Tensor, weights: Tensor, shyness: tuple[float, float]
) -> Tensor:
    """Shares [D] of the steps [D, P] whose measured effects [D, A] add up to `wanted` [A], under weights [A].

    `shyness` keeps the mix near the step it starts from: in whitened length, and in shares.
    """
    lengths, shares = shyness
    held = lengths * (steps @ steps.T).double() + shares * torch.eye(len(steps)).double()
    weighted = (effects * weights.sqrt()).double()
    return torch.linalg.solve(
        weighted @ weighted.T + held, weighted @ (wanted * weights.sqrt()).double() + held[start]
    ).float()


def to_styles(synthesis: SynthesisNetwork, changes: Tensor) -> Tensor:
    """Changes of ws [M, L, w_dim] -> the changes of the styles [M, sum(style_dims)] that they cause."""
    parts = [changes[:, i] @ affine.weight.T for i, affine in enumerate(synthesis.affine)]  # type: ignore[union-attr]
    return torch.cat(parts, dim=1)
