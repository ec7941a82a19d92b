"""Pictures as networks see them, -1..1, and as files hold them, 0..255."""

from __future__ import annotations

import torch
from torch import Tensor


def to_bytes(pictures: Tensor) -> Tensor:
    """RGB [...,3,H,W], nominally in -1..1 -> uint8 [...,H,W,3]; what lies beyond is cut off."""
    levels = ((pictures.float() + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    return levels.movedim(-3, -1).contiguous()


def from_bytes(pictures: Tensor) -> Tensor:
    """uint8 [...,H,W,3] -> RGB [...,3,H,W] in -1..1."""
    return pictures.movedim(-1, -3) / 127.5 - 1
