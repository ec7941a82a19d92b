"""MediaPipe's selfie segmentation (Apache-2.0), run by OpenVINO: where a picture shows a person. May steer."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIZE = 256  # the network's input, pixels
TRANSPOSED = "Convolution2DTransposeBias"  # MediaPipe's own operation


class SelfieReader:
    """RGB uint8 [H,W,3] -> how likely each pixel shows a person [256,256] in 0..1, the mean over the mirror image."""

    def __init__(self, weights: Path) -> None:
        # Reading reports usage over the network by a process per event; without this package it doesn't.
        sys.modules.setdefault("openvino_telemetry", None)  # pyright: ignore[reportArgumentType]
        import openvino
        from openvino import opset13
        from openvino.frontend import ConversionExtension

        core = openvino.Core()
        core.add_extension(ConversionExtension(TRANSPOSED, partial(_upsampling, opset13)))
        settings = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32"}
        self._run = core.compile_model(core.read_model(weights), "CPU", settings)

    def __call__(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        small = Image.fromarray(image).resize((SIZE, SIZE), Image.Resampling.BOX, reducing_gap=2)
        pixels = np.asarray(small, np.float32)[None] / np.float32(255)
        there, back = (next(iter(self._run([p]).values()))[0, ..., 0] for p in (pixels, pixels[:, :, ::-1].copy()))
        return ((there + back[:, ::-1]) / 2).clip(0, 1)


def _upsampling(op, node) -> list:  # noqa: ANN001 (OpenVINO's own types are untyped)
    """A transposed convolution of stride 2 with a bias, in OpenVINO's operations; TensorFlow keeps channels last."""
    pixels, weights, bias = (node.get_input(i) for i in range(3))
    pixels = op.transpose(pixels, op.constant(np.array([0, 3, 1, 2])))
    weights = op.transpose(weights, op.constant(np.array([3, 0, 1, 2])))
    larger = op.convolution_backprop_data(
        pixels, weights, strides=[2, 2], pads_begin=[0, 0], pads_end=[0, 0], dilations=[1, 1]
    )
    return op.add(op.transpose(larger, op.constant(np.array([0, 2, 3, 1]))), bias).outputs()
