"""The judge: sentences and motions as points that lie near when they belong together (arXiv:2103.00020).

It only measures; the generator never sees it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class MotionEvaluatorConfig:
    """Shape of the network."""

    features: int  # of a frame, without the contacts
    text: int = 384
    width: int = 192
    layers: int = 2
    heads: int = 4
    embedding: int = 128
    dropout: float = 0.2


class MotionEvaluator(nn.Module):
    """Motions and sentences -> unit vectors [B,embedding]."""

    mean: Tensor
    spread: Tensor

    def __init__(self, config: MotionEvaluatorConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.register_buffer("mean", torch.zeros(config.features))
        self.register_buffer("spread", torch.ones(config.features))
        self.frames = nn.Sequential(
            nn.Conv1d(config.features, width, 5, 2, 2), nn.GELU(), nn.Conv1d(width, width, 5, 2, 2), nn.GELU()
        )
        layer = nn.TransformerEncoderLayer(
            width, config.heads, 2 * width, config.dropout, "gelu", batch_first=True, norm_first=True
        )
        self.context = nn.TransformerEncoder(layer, config.layers, enable_nested_tensor=False)
        self.motion_head = nn.Linear(2 * width, config.embedding)
        self.text_head = nn.Sequential(
            nn.Dropout(config.dropout), nn.Linear(config.text, width), nn.GELU(), nn.Linear(width, config.embedding)
        )
        self.sharpness = nn.Parameter(torch.tensor(2.3))

    def motion(self, features: Tensor, frames: Tensor) -> Tensor:
        """features [B,T,F] in their own units (contacts may stand at the end, unused); frames [B] that count."""
        inside = torch.arange(features.shape[1], device=features.device)[None] < frames[:, None]
        x = (features[..., : self.config.features] - self.mean) / self.spread * inside[..., None]
        x = self.frames(x.transpose(1, 2)).transpose(1, 2)
        inside = inside[:, ::4]
        x = self.context(x, src_key_padding_mask=~inside)
        share = inside[..., None].to(x.dtype)
        mean = (x * share).sum(1) / share.sum(1)
        most = x.masked_fill(~inside[..., None], -torch.inf).amax(1)
        return F.normalize(self.motion_head(torch.cat([mean, most], -1)), dim=-1)

    def text(self, vectors: Tensor) -> Tensor:
        """Vectors of sentences [B,text]."""
        return F.normalize(self.text_head(vectors), dim=-1)
