"""The sentence encoder: six transformer layers that turn words into one vector of meaning (MiniLM, arXiv:2002.10957).

The names of its parts are those of the published weights (BERT, arXiv:1810.04805), so that they load strictly.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class SentenceConfig:
    """Shape of the network."""

    vocabulary: int = 30522
    width: int = 384
    layers: int = 6
    heads: int = 12
    hidden: int = 1536
    longest: int = 512  # positions that it knows


class SentenceEncoder(nn.Module):
    """Word pieces -> a unit vector; sentences that mean alike lie near each other."""

    def __init__(self, config: SentenceConfig) -> None:
        super().__init__()
        self.config = config
        self.embeddings = nn.ModuleDict({
            "word_embeddings": nn.Embedding(config.vocabulary, config.width),
            "position_embeddings": nn.Embedding(config.longest, config.width),
            "token_type_embeddings": nn.Embedding(2, config.width),
            "LayerNorm": nn.LayerNorm(config.width, eps=1e-12),
        })  # fmt: skip
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(_Layer(config) for _ in range(config.layers))})

    def forward(self, pieces: Tensor, mask: Tensor) -> Tensor:
        """Word pieces [B,L] int64 and which of them count [B,L] bool -> unit vectors [B,width]."""
        places = torch.arange(pieces.shape[1], device=pieces.device)
        parts = self.embeddings
        x = parts["word_embeddings"](pieces) + parts["position_embeddings"](places)
        x = parts["LayerNorm"](x + parts["token_type_embeddings"](torch.zeros_like(pieces)))
        layers = self.encoder["layer"]
        assert isinstance(layers, nn.ModuleList)
        for layer in layers:
            x = layer(x, mask)
        share = mask[..., None].to(x.dtype)
        return F.normalize((x * share).sum(1) / share.sum(1), dim=-1)


class _Layer(nn.Module):
    def __init__(self, config: SentenceConfig) -> None:
        super().__init__()
        self.heads = config.heads

        def linear(inputs: int, outputs: int) -> nn.ModuleDict:
            return nn.ModuleDict({"dense": nn.Linear(inputs, outputs)})

        def back(inputs: int) -> nn.ModuleDict:
            return nn.ModuleDict({
                "dense": nn.Linear(inputs, config.width), "LayerNorm": nn.LayerNorm(config.width, eps=1e-12)
            })  # fmt: skip

        self.attention = nn.ModuleDict({
            "self": nn.ModuleDict({name: nn.Linear(config.width, config.width) for name in ("query", "key", "value")}),
            "output": back(config.width),
        })  # fmt: skip
        self.intermediate = linear(config.width, config.hidden)
        self.output = back(config.hidden)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        projections, mixed = self.attention["self"], self.attention["output"]
        assert isinstance(projections, nn.ModuleDict)
        assert isinstance(mixed, nn.ModuleDict)
        query, key, value = (
            projections[name](x).unflatten(-1, (self.heads, -1)).transpose(1, 2) for name in ("query", "key", "value")
        )
        heard = F.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None])
        x = mixed["LayerNorm"](x + mixed["dense"](heard.transpose(1, 2).flatten(2)))
        hidden = F.gelu(self.intermediate["dense"](x))
        return self.output["LayerNorm"](x + self.output["dense"](hidden))
