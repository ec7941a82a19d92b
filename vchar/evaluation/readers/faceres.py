"""HSE-FaceRes (Apache-2.0; as packed by @vladmandic/human, MIT): age, gender and a face descriptor. May steer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from vchar.evaluation.readers.openvino import compiled
from vchar.evaluation.readers.tfjs import read_tfjs

STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)  # of MobileNet's 13 depthwise convolutions
SMALL = 144  # pixels a side that still tell people apart, in less than half the time
CROP = (0.16, 0.16, 0.84, 0.84)  # left, top, right, bottom of the face in an FFHQ-aligned picture


class FaceResReader:
    """A MobileNet over the middle of an FFHQ-aligned picture."""

    names = ("age", "gender")

    def __init__(self, model: Path) -> None:
        self._w = read_tfjs(model, model.with_suffix(".bin"))
        self._features = compiled(MobileNet(self._w), torch.zeros(1, 3, 224, 224))

    def __call__(self, image: NDArray[np.uint8]) -> dict[str, float]:
        """RGB [H,H,3] -> age in years, gender as a logit (positive: male)."""
        return self.read(image)[0]

    def read(self, image: NDArray[np.uint8]) -> tuple[dict[str, float], NDArray[np.float32]]:
        """RGB [H,H,3] -> readings, and the descriptor [1024] of unit length."""
        size = image.shape[0]
        x0, y0, x1, y1 = (round(c * size) for c in CROP)
        x = torch.from_numpy(image[y0:y1, x0:x1].copy()).float().permute(2, 0, 1)[None]
        crop = F.interpolate(x, (224, 224), mode="bilinear", align_corners=False)
        features = torch.from_numpy(self._features(crop)[0])
        w = self._w
        hidden = F.relu(features @ w["feats/kernel"] + w["feats/bias"])
        ages = (hidden @ w["age_pred/kernel"] + w["age_pred/bias"]).softmax(1)[0]
        gender = hidden @ w["gender_pred/kernel"] + w["gender_pred/bias"]
        years = float(ages @ torch.arange(1, len(ages) + 1, dtype=torch.float32))
        return {"age": years, "gender": float(gender)}, F.normalize(features)[0].numpy()


class FaceResLikeness:
    """Whether two pictures show faces alike: of one person, age and sex. It teaches the Studio generator."""

    def __init__(self, model: Path) -> None:
        self._net = MobileNet(read_tfjs(model, model.with_suffix(".bin")))

    def lesson(self, a: Tensor, b: Tensor) -> dict[str, Tensor]:
        """`distance` as "resemble"."""
        return {"resemble": self.distance(a, b)}

    def distance(self, a: Tensor, b: Tensor) -> Tensor:
        """FFHQ-aligned RGB [B,3,S,S] in 0..1, twice -> 1 less the cosine between descriptors [B], differentiable by b.

        Of one person about 0.17, of strangers 0.6.
        """
        with torch.no_grad():
            wanted = self._described(a)
        return 1 - F.cosine_similarity(wanted, self._described(b))

    def _described(self, pictures: Tensor) -> Tensor:
        x0, y0, x1, y1 = (round(c * pictures.shape[-1]) for c in CROP)
        crop = F.interpolate(pictures[..., y0:y1, x0:x1], (SMALL, SMALL), mode="bilinear", align_corners=False)
        return self._net(255 * crop.contiguous(memory_format=torch.channels_last)).float()


class MobileNet(nn.Module):
    """RGB [B,3,224,224] in 0..255 -> pooled features [B,1024]."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        super().__init__()
        self._w = weights

    def forward(self, x: Tensor) -> Tensor:
        w = self._w
        x = _conv_same(x, w["conv1/convolution/merged_input"].permute(3, 2, 0, 1), 2, 1)
        x = (x + w["conv1_bn/batchnorm_1/sub"].view(1, -1, 1, 1)).clamp(0, 6)
        for i, stride in enumerate(STRIDES, start=1):
            depthwise = w[f"conv_dw_{i}/depthwise_kernel"].permute(2, 3, 0, 1)
            x = _conv_same(x, depthwise, stride, x.shape[1]) * w[f"conv_dw_{i}_bn/batchnorm_1/mul"].view(1, -1, 1, 1)
            x = (x + w[f"conv_dw_{i}_bn/batchnorm_1/sub"].view(1, -1, 1, 1)).clamp(0, 6)
            x = F.conv2d(x, w[f"conv_pw_{i}/convolution/merged_input"].permute(3, 2, 0, 1))
            x = (x + w[f"conv_pw_{i}_bn/batchnorm_1/sub"].view(1, -1, 1, 1)).clamp(0, 6)
        return x.mean((2, 3))


def _conv_same(x: Tensor, weight: Tensor, stride: int, groups: int) -> Tensor:
    """3x3 convolution padded as TensorFlow does: the odd pixel goes to the right and the bottom."""
    before = 1 if stride == 1 else 0
    return F.conv2d(F.pad(x, (before, 1, before, 1)), weight, stride=stride, groups=groups)
