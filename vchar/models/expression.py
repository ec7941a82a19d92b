"""The emotion recogniser: a small residual network that reads eight emotions from a 48 px grey face."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

EMOTIONS = ("neutral", "happy", "surprised", "sad", "angry", "disgusted", "afraid", "contempt")
SIZE = 48  # pixels, the side of an aligned face
LEAST_SPREAD = 0.02  # below this standard deviation a picture is flat: don't amplify its noise
# Where the centre of the eyes (picture's left, right) and the middle of the mouth's corners stand in an aligned face,
# in pixels. That is their mean in FER pictures: a face mesh placed them on 276 training pictures of faces turned by
# less than 14 degrees (standard deviation 2.2 to 2.8 px); the halves then made symmetric.
EYES_AND_MOUTH = ((14.75, 18.5), (33.25, 18.5), (24.0, 36.7))
GREY = (0.299, 0.587, 0.114)  # shares of red, green and blue


@dataclass(frozen=True)
class EmotionConfig:
    """Shape of the network."""

    widths: tuple[int, ...] = (48, 96, 192)  # channels at 24, 12 and 6 px
    depths: tuple[int, ...] = (1, 2, 2)  # residual units there
    dropout: float = 0.2
    normalised: bool = True  # batch normalisation: while it learns; what ships has it folded into the convolutions

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", tuple(self.widths))
        object.__setattr__(self, "depths", tuple(self.depths))


class EmotionNet(nn.Module):
    """Grey faces framed as by `aligned_face` -> calibrated logits of EMOTIONS.

    In evaluation mode it reads a face and its mirror image and takes the mean.
    """

    temperature: Tensor

    def __init__(self, config: EmotionConfig) -> None:
        super().__init__()
        self.config = config
        layers: list[nn.Module] = [nn.PixelUnshuffle(2)]
        channels, normalised = 4, config.normalised
        for i, (width, depth) in enumerate(zip(config.widths, config.depths, strict=True)):
            layers += [_convolution(channels, width, min(i + 1, 2), normalised)]
            layers += [Residual(width, normalised) for _ in range(depth)]
            channels = width
        self.features = nn.Sequential(*layers)
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(channels, len(EMOTIONS))
        self.register_buffer("temperature", torch.ones(()))

    def forward(self, x: Tensor) -> Tensor:
        """[B,1,H,W] in 0..1, H and W even (made for 48 px) -> logits [B,8]; their softmax is probabilities."""
        if self.training:
            return self._logits(x) / self.temperature
        plain, mirrored = self._logits(torch.cat([x, x.flip(-1)])).chunk(2)
        return (plain + mirrored) / 2 / self.temperature

    def _logits(self, x: Tensor) -> Tensor:
        spread, mean = torch.std_mean(x, dim=(1, 2, 3), keepdim=True)
        features = self.features((x - mean) / spread.clamp(min=LEAST_SPREAD))
        return self.head(self.dropout(features.mean((2, 3))))


class Residual(nn.Module):
    """x + convolution(x)."""

    def __init__(self, channels: int, normalised: bool) -> None:
        super().__init__()
        self.body = _convolution(channels, channels, 1, normalised)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x)


def _convolution(inputs: int, outputs: int, stride: int, normalised: bool) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=not normalised)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs) if normalised else nn.Identity(), nn.ReLU(inplace=True))


def folded(net: EmotionNet) -> EmotionNet:
    """The same network, in evaluation mode, with its batch normalisation folded into the convolutions: faster."""
    plain = EmotionNet(replace(net.config, normalised=False)).eval()
    for new, old in zip(_blocks(plain), _blocks(net.eval()), strict=True):
        new[0] = fuse_conv_bn_eval(old[0], old[1])  # pyright: ignore[reportArgumentType]
    plain.head.load_state_dict(net.head.state_dict())
    plain.temperature.copy_(net.temperature)
    return plain


def _blocks(net: EmotionNet) -> list[nn.Sequential]:
    return [m for m in net.modules() if isinstance(m, nn.Sequential) and isinstance(m[0], nn.Conv2d)]


def aligned_face(picture: Tensor, landmarks: Tensor) -> Tensor:
    """A face cut out grey, upright and framed as FER pictures are; beyond the picture its border goes on.

    picture [3,H,W] in 0..1; landmarks [70,2] (68 suffice) in pixels -> [1,48,48] in 0..1.
    """
    points = torch.stack([landmarks[36:42].mean(0), landmarks[42:48].mean(0), landmarks[[48, 54]].mean(0)])
    scale, shift = similarity(torch.tensor(EYES_AND_MOUTH, device=points.device), points)
    finer = max(1, math.ceil(float(scale.norm())))  # samples a side of each pixel, so that nothing is skipped
    steps = (torch.arange(SIZE * finer, device=points.device) + 0.5) / finer
    y, x = torch.meshgrid(steps, steps, indexing="ij")
    places = torch.stack([scale[0] * x - scale[1] * y, scale[1] * x + scale[0] * y], dim=-1) + shift
    height, width = picture.shape[1:]
    places = places / places.new_tensor([width, height]) * 2 - 1
    grey = (picture * picture.new_tensor(GREY)[:, None, None]).sum(0)
    samples = F.grid_sample(grey[None, None], places[None], padding_mode="border", align_corners=False)
    return F.avg_pool2d(samples, finer)[0]


def similarity(source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Turn, scale and shift that bring points [N,2] nearest to others, in the sense of least squares.

    Returns (a, b) and a shift, [2] each: (x, y) goes to (a x - b y, b x + a y) + shift.
    """
    s, t = source - source.mean(0), target - target.mean(0)
    scale = torch.stack([(s * t).sum(), (s[:, 0] * t[:, 1] - s[:, 1] * t[:, 0]).sum()]) / s.square().sum()
    x, y = source.mean(0)
    moved = torch.stack([scale[0] * x - scale[1] * y, scale[1] * x + scale[0] * y])
    return scale, target.mean(0) - moved
