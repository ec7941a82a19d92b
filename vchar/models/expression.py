"""The emotion recogniser: a small residual network that reads eight emotions from a 48 px grey face."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

EMOTIONS = ("neutral", "happy", "surprised", "sad", "angry", "disgusted", "afraid", "contempt")
SIZE = 48  # pixels, the side of an aligned face
LEAST_SPREAD = 0.02  # below this standard deviation a picture is flat: don't amplify its noise


@dataclass(frozen=True)
class EmotionConfig:
    """Shape of the network."""

    widths: tuple[int, ...] = (48, 96, 192)  # channels at 24, 12 and 6 px
    depths: tuple[int, ...] = (1, 2, 2)  # residual units there
    dropout: float = 0.3

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", tuple(self.widths))
        object.__setattr__(self, "depths", tuple(self.depths))


class EmotionNet(nn.Module):
    """Grey faces framed as by `aligned_face` -> calibrated logits of EMOTIONS."""

    temperature: Tensor

    def __init__(self, config: EmotionConfig) -> None:
        super().__init__()
        self.config = config
        layers: list[nn.Module] = [nn.PixelUnshuffle(2)]
        channels = 4
        for i, (width, depth) in enumerate(zip(config.widths, config.depths, strict=True)):
            layers += [_convolution(channels, width, stride=min(i + 1, 2)), *(Residual(width) for _ in range(depth))]
            channels = width
        self.features = nn.Sequential(*layers)
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(channels, len(EMOTIONS))
        self.register_buffer("temperature", torch.ones(()))

    def forward(self, x: Tensor) -> Tensor:
        """[B,1,H,W] in 0..1, H and W even (made for 48 px) -> logits [B,8]; their softmax is probabilities."""
        spread, mean = torch.std_mean(x, dim=(1, 2, 3), keepdim=True)
        features = self.features((x - mean) / spread.clamp(min=LEAST_SPREAD))
        return self.head(self.dropout(features.mean((2, 3)))) / self.temperature


class Residual(nn.Module):
    """x + convolution(x)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = _convolution(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x)


def _convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )
