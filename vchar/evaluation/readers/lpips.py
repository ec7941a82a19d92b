"""LPIPS on AlexNet (Zhang et al. 2018, weights 0.1): how different two pictures look to people.

It scores the refiner. The Studio generator, which it does not score, it also teaches how much texture there is.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from vchar.evaluation.readers import weights
from vchar.evaluation.readers.pickled import numpy_arrays

SHIFT, SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
LAYERS = ((4, 2), (1, 2), (1, 1), (1, 1), (1, 1))  # stride and padding of AlexNet's convolutions
POOLED = (0, 1)  # those followed by pooling
EPSILON = 1e-4  # below which a strength is none
NEAR = (8, 4, 2)  # features a side of a neighbourhood in the first layers: 32 pixels


class Lpips:
    """Pictures [B,3,H,W] in 0..1, twice -> distances [B]: 0 for equal ones."""

    def __init__(self) -> None:
        raw = numpy_arrays((weights.LPIPS.folder() / "alexnet.ckpt").read_bytes())
        net = raw["AlexNet_0"]
        self._filters = [torch.from_numpy(net[f"Conv_{i}"]["kernel"]).permute(3, 2, 0, 1) for i in range(5)]
        self._biases = [torch.from_numpy(net[f"Conv_{i}"]["bias"]) for i in range(5)]
        heads = [raw[f"NetLinLayer_{i}"]["Conv_0"]["kernel"] for i in range(5)]
        self._heads = [torch.from_numpy(head).permute(3, 2, 0, 1) for head in heads]

    @torch.inference_mode()
    def __call__(self, a: Tensor, b: Tensor) -> Tensor:
        return self.distance(a, b)

    def distance(self, a: Tensor, b: Tensor) -> Tensor:
        """The same, differentiable."""
        return self._apart(self._features(a), self._features(b))

    def lesson(self, a: Tensor, b: Tensor) -> dict[str, Tensor]:
        """The same as "lpips", and as "texture" how unlike the strengths of the features are in each neighbourhood [B].

        What can't be foreseen, as hairs, is a blur to the first; the second asks for as many of them, wherever they lie
        (after the texture loss of Sajjadi et al. 2017, arXiv:1612.07919).
        """
        wanted, found = self._features(a), self._features(b)
        strengths = [
            (strength(x, side) - strength(y, side)).abs().mean((1, 2, 3)) / strength(x, side).mean((1, 2, 3))
            for x, y, side in zip(wanted, found, NEAR, strict=False)
        ]
        return {"lpips": self._apart(wanted, found), "texture": torch.stack(strengths).mean(0)}

    def _apart(self, a: list[Tensor], b: list[Tensor]) -> Tensor:
        distances = [
            F.conv2d((F.normalize(x, dim=1) - F.normalize(y, dim=1)).square(), head).mean((1, 2, 3))
            for x, y, head in zip(a, b, self._heads, strict=True)
        ]
        return torch.stack(distances).sum(0)

    def _features(self, x: Tensor) -> list[Tensor]:
        x = (x * 2 - 1 - torch.tensor(SHIFT).view(1, 3, 1, 1)) / torch.tensor(SCALE).view(1, 3, 1, 1)
        found = []
        for i, (stride, padding) in enumerate(LAYERS):
            x = F.relu(F.conv2d(x, self._filters[i], self._biases[i], stride, padding))
            found.append(x)
            if i in POOLED:
                x = F.max_pool2d(x, 3, 2)
        return found


def strength(features: Tensor, side: int) -> Tensor:
    """Root of the mean square [B,C,h,w] of features [B,C,H,W] in neighbourhoods of side x side."""
    return (F.avg_pool2d(features.float().square(), side, ceil_mode=True) + EPSILON).sqrt()
