"""EfficientNet-Lite0's features (Apache-2.0, learnt from ImageNet): how alike two pictures look. May steer."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vchar.evaluation.readers import weights
from vchar.evaluation.readers.faceapi import pad_same
from vchar.evaluation.readers.pickled import torch_tensors

# blocks of one kind: how many, kernel, stride of the first
STAGES = ((1, 3, 1), (2, 3, 2), (2, 5, 2), (3, 3, 2), (3, 5, 1))
TAKEN = (0, 2, 4, 7, 10)  # blocks whose output counts
EPSILON = 1e-3  # of the batch norms


@dataclass(frozen=True)
class _Step:
    block: int
    kernel: int
    stride: int


class Lite0(nn.Module):
    """Frozen; RGB [B,3,H,W] in 0..1 -> features [B,C,h,w] at 1/2, 1/4, 1/8, 1/16 and 1/16 of the side."""

    def __init__(self) -> None:
        super().__init__()
        path = weights.LITE0.folder() / "efficientnet-lite0-57934424.pth"
        self._w = torch_tensors(path.read_bytes())
        strides = chain.from_iterable([(k, s)] + [(k, 1)] * (n - 1) for n, k, s in STAGES)
        self._steps = [_Step(i, k, s) for i, (k, s) in enumerate(strides)]

    def forward(self, x: Tensor) -> list[Tensor]:
        x = F.relu6(self._norm(F.conv2d(pad_same(x * 2 - 1, 3, 2), self._w["_conv_stem.weight"], stride=2), "_bn0"))
        found = []
        for step in self._steps:
            x = self._block(x, step)
            if step.block in TAKEN:
                found.append(x)
        return found

    def _block(self, x: Tensor, step: _Step) -> Tensor:
        """Widen, filter each channel, narrow (MobileNet v2)."""
        at = f"_blocks.{step.block}"
        y, wide = x, f"{at}._expand_conv.weight"
        if wide in self._w:
            y = F.relu6(self._norm(F.conv2d(y, self._w[wide]), f"{at}._bn0"))
        filters = self._w[f"{at}._depthwise_conv.weight"]
        y = F.conv2d(pad_same(y, step.kernel, step.stride), filters, stride=step.stride, groups=len(filters))
        y = F.relu6(self._norm(y, f"{at}._bn1"))
        y = self._norm(F.conv2d(y, self._w[f"{at}._project_conv.weight"]), f"{at}._bn2")
        return x + y if y.shape == x.shape else y

    def _norm(self, x: Tensor, name: str) -> Tensor:
        mean, var, gain, bias = (self._w[f"{name}.{k}"] for k in ("running_mean", "running_var", "weight", "bias"))
        return F.batch_norm(x, mean, var, gain, bias, eps=EPSILON)


def unlikeness(a: list[Tensor], b: list[Tensor]) -> Tensor:
    """Mean squared distance between the directions of features, summed over layers: 0 for equal pictures."""
    parts = [(F.normalize(x, dim=1) - F.normalize(y, dim=1)).square().sum(1).mean() for x, y in zip(a, b, strict=True)]
    return torch.stack(parts).sum()
