"""Whether faces are alike, as FaceRes sees them; with numbers of chance for its weights, which come from elsewhere."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from vchar.evaluation.readers import faceres
from vchar.evaluation.readers.faceres import FaceResLikeness

WIDTHS = (8, 8, 16, 16, 16, 16, 24, 24, 24, 24, 24, 24, 32, 32)


@pytest.fixture
def likeness(monkeypatch: pytest.MonkeyPatch) -> FaceResLikeness:
    random = torch.Generator().manual_seed(0)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=random)

    weights = {"conv1/convolution/merged_input": normal(3, 3, 3, 8) / 250, "conv1_bn/batchnorm_1/sub": normal(8) / 9}
    for i, (inside, outside) in enumerate(pairwise(WIDTHS), start=1):
        weights |= {
            f"conv_dw_{i}/depthwise_kernel": normal(3, 3, inside, 1) / 2,
            f"conv_dw_{i}_bn/batchnorm_1/mul": torch.ones(inside),
            f"conv_dw_{i}_bn/batchnorm_1/sub": normal(inside) / 9,
            f"conv_pw_{i}/convolution/merged_input": normal(1, 1, inside, outside) * (2 / inside) ** 0.5,
            f"conv_pw_{i}_bn/batchnorm_1/sub": normal(outside) / 9,
        }
    monkeypatch.setattr(faceres, "read_tfjs", lambda *_: weights)
    return FaceResLikeness(Path("faceres.json"))


def pictures(seed: int) -> Tensor:
    coarse = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(seed))
    return F.interpolate(coarse, (64, 64), mode="bilinear")


def test_a_picture_is_no_distance_from_itself_and_some_from_another(likeness: FaceResLikeness) -> None:
    assert likeness.distance(pictures(0), pictures(0)).abs().max() < 1e-5
    assert likeness.distance(pictures(0), pictures(1)).min() > 1e-4


def test_the_second_picture_is_told_how_to_come_nearer(likeness: FaceResLikeness) -> None:
    wanted, found = pictures(0), pictures(1).requires_grad_()
    before = likeness.distance(wanted, found).sum()
    before.backward()
    assert found.grad is not None
    nearer = found.detach() - 0.05 * found.grad / found.grad.abs().max()
    assert likeness.distance(wanted, nearer).sum() < before


def test_what_lies_beside_the_face_does_not_count(likeness: FaceResLikeness) -> None:
    other = pictures(0)
    other[..., :9] = 0
    assert likeness.distance(pictures(0), other).abs().max() < 1e-5
