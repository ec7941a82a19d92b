"""face-api's small networks (MIT): age, gender and seven emotions out of a 112 px crop. They score only."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from vchar.evaluation.readers.tfjs import read_tfjs

SIZE = 112  # the networks' input, pixels
MEAN_RGB = (122.782, 117.001, 104.298)
EMOTIONS = ("neutral", "happiness", "sadness", "anger", "fear", "disgust", "surprise")


def _conv(x: Tensor, w: dict[str, Tensor], name: str, stride: int) -> Tensor:
    filters = w[f"{name}/filters"].permute(3, 2, 0, 1)
    return F.conv2d(pad_same(x, filters.shape[-1], stride), filters, w[f"{name}/bias"], stride=stride)


def pad_same(x: Tensor, kernel: int, stride: int, value: float = 0.0) -> Tensor:
    """Pad as TensorFlow does: the odd pixel goes to the right and the bottom."""
    size = x.shape[-1]
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    before, after = total // 2, total - total // 2
    return F.pad(x, (before, after, before, after), value=value)


def _separable(x: Tensor, w: dict[str, Tensor], name: str, stride: int = 1) -> Tensor:
    depthwise = w[f"{name}/depthwise_filter"].permute(2, 3, 0, 1)
    x = F.conv2d(pad_same(x, 3, stride), depthwise, stride=stride, groups=len(depthwise))
    return F.conv2d(x, w[f"{name}/pointwise_filter"].permute(3, 2, 0, 1), w[f"{name}/bias"])


def _normalised(rgb: Tensor) -> Tensor:
    return (rgb - torch.tensor(MEAN_RGB).view(1, 3, 1, 1)) / 255


class AgeGender:
    """RGB [B,3,112,112] in 0..255 -> age in years [B], gender as a logit [B] (positive: male)."""

    def __init__(self, folder: Path) -> None:
        self._w = read_tfjs(folder / "age_gender_model-weights_manifest.json", folder / "age_gender_model.bin")

    def __call__(self, rgb: Tensor) -> tuple[Tensor, Tensor]:
        w = self._w
        x = F.relu(_conv(_normalised(rgb), w, "entry_flow/conv_in", 2))
        x = self._reduce(x, "entry_flow/reduction_block_0")
        x = self._reduce(F.relu(x), "entry_flow/reduction_block_1", x)
        for i in range(2):
            inner = x
            for k in range(3):
                inner = _separable(F.relu(inner), w, f"middle_flow/main_block_{i}/separable_conv{k}")
            x = x + inner
        x = self._reduce(F.relu(x), "exit_flow/reduction_block", x)
        x = F.relu(_separable(x, w, "exit_flow/separable_conv")).mean((2, 3))
        gender = x @ w["fc/gender/weights"] + w["fc/gender/bias"]
        return (x @ w["fc/age/weights"] + w["fc/age/bias"])[:, 0], gender[:, 0] - gender[:, 1]

    def _reduce(self, x: Tensor, name: str, skip: Tensor | None = None) -> Tensor:
        inner = _separable(x, self._w, f"{name}/separable_conv0")
        inner = _separable(F.relu(inner), self._w, f"{name}/separable_conv1")
        inner = F.max_pool2d(pad_same(inner, 3, 2, value=float("-inf")), 3, 2)
        return inner + _conv(x if skip is None else skip, self._w, f"{name}/expansion_conv", 2)


class Emotions:
    """RGB [B,3,112,112] in 0..255 -> log-probabilities [B,7] in the order of EMOTIONS."""

    def __init__(self, folder: Path) -> None:
        manifest = folder / "face_expression_model-weights_manifest.json"
        self._w = read_tfjs(manifest, folder / "face_expression_model.bin")

    def __call__(self, rgb: Tensor) -> Tensor:
        w, x = self._w, _normalised(rgb)
        for i in range(4):
            name = f"dense{i}/conv"
            first = F.relu(_conv(x, w, f"{name}0", 2) if i == 0 else _separable(x, w, f"{name}0", 2))
            x = first + _separable(first, w, f"{name}1")
            for k in (2, 3):
                x = x + _separable(F.relu(x), w, f"{name}{k}")
            x = F.relu(x)
        return (x.mean((2, 3)) @ w["fc/weights"] + w["fc/bias"]).log_softmax(1)
