"""Where a portrait shows the person, and where hair, with the network of checkpoints/matte."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from vchar import checkpoint
from vchar.models.matte import MatteConfig, MatteNet

Floats = NDArray[np.float32]
LARGEST = 2048  # pixels of the longer side at which edges are still sharpened


@dataclass(frozen=True)
class Matte:
    """How far each pixel shows the person, and hair: [H,W] in 0..1 each."""

    person: Floats
    hair: Floats


class Matter:
    """Makes mattes; read-only, so safe to share between threads."""

    def __init__(self, net: MatteNet, device: torch.device) -> None:
        self._net = net.to(device).to(memory_format=torch.channels_last).eval().requires_grad_(False)  # pyright: ignore[reportCallIssue]
        self._device = device

    @classmethod
    def load(cls, device: str | torch.device = "cpu") -> Matter:
        """The shipped network; VcharError if it is missing or damaged."""
        net = checkpoint.load_network(checkpoint.shipped("matte"), MatteNet, MatteConfig)
        return cls(net, torch.device(device))

    @torch.inference_mode()
    def matte(self, picture: Image.Image) -> Matte:
        """The mattes of an RGB picture."""
        small = picture.copy()
        small.thumbnail((LARGEST, LARGEST))
        pixels = torch.from_numpy(np.array(small)).to(self._device).permute(2, 0, 1)[None] / 255
        cut = self._net.cut(pixels)
        if small.size != picture.size:
            cut = torch.nn.functional.interpolate(cut, picture.size[::-1], mode="bilinear")
        person, hair = cut[0].cpu().numpy()
        return Matte(person, hair)
