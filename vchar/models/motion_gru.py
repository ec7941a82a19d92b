"""The recurrent baseline: a conditional variational autoencoder that goes on token by token (arXiv:2007.15240)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vchar.models import pose
from vchar.models.motion import Wish
from vchar.models.pose import Body


@dataclass(frozen=True)
class MotionGRUConfig:
    """Shape of the network, and the skeleton that it moves."""

    parents: tuple[int, ...]
    text: int = 384
    frames: int = 5  # a token
    width: int = 320
    layers: int = 2
    latent: int = 32
    dropout: float = 0.1

    def __post_init__(self) -> None:
        object.__setattr__(self, "parents", tuple(self.parents))

    @property
    def features(self) -> int:
        """Of a frame."""
        return pose.width(len(self.parents))


class MotionGRU(nn.Module):
    """A sentence and a latent vector -> tokens of motion one after another, in standard units."""

    mean: Tensor
    spread: Tensor

    def __init__(self, config: MotionGRUConfig) -> None:
        super().__init__()
        self.config = config
        self.body = Body(config.parents)
        self.register_buffer("mean", torch.zeros(config.features))
        self.register_buffer("spread", torch.ones(config.features))
        token, width = config.frames * config.features, config.width
        self.wish = Wish(config.text, width)
        self.reader = nn.GRU(token, width // 2, batch_first=True, bidirectional=True)
        self.posterior = nn.Linear(2 * width, 2 * config.latent)
        self.enter = nn.Linear(token + width + config.latent + 1, width)
        self.recur = nn.GRU(width, width, config.layers, batch_first=True, dropout=config.dropout)
        self.leave = nn.Linear(width, token)

    def encode(self, data: Tensor, mask: Tensor, wish: Tensor) -> tuple[Tensor, Tensor]:
        """Motions [B,T,F] and which tokens belong to them [B,N] -> mean and log variance of the latent [B,latent]."""
        read, _ = self.reader(self.tokens(data))
        share = mask[..., None].to(read.dtype)
        read = (read * share).sum(1) / share.sum(1)
        mean, spread = self.posterior(torch.cat([read, wish], -1)).chunk(2, -1)
        return mean, spread.clamp(-8, 4)

    def forward(self, before: Tensor, latent: Tensor, wish: Tensor) -> Tensor:
        """The tokens before each one [B,N,token] (the first after nothing: zeros) -> the motion [B,T,F]."""
        return self._go_on(before, latent, wish, None, 0)[0].unflatten(2, (self.config.frames, -1)).flatten(1, 2)

    @torch.inference_mode()
    def sample(self, text: Tensor, energy: Tensor, tokens: int, random: torch.Generator) -> Tensor:
        """text [B,text], energy [B] -> features [B,T,F] in their own units, T `tokens` times the frames of one."""
        wish = self.wish(text, energy, torch.ones(len(text), dtype=torch.bool))
        latent = torch.randn(len(text), self.config.latent, generator=random)
        token, state, made = wish.new_zeros(len(text), 1, self.leave.out_features), None, []
        for i in range(tokens):
            token, state = self._go_on(token, latent, wish, state, i)
            made.append(token)
        frames = torch.cat(made, 1).unflatten(2, (self.config.frames, -1)).flatten(1, 2)
        return frames * self.spread + self.mean

    def tokens(self, data: Tensor) -> Tensor:
        """[B,T,F] -> [B,N,token]."""
        return data.unflatten(1, (-1, self.config.frames)).flatten(2)

    def before(self, tokens: Tensor) -> Tensor:
        """What stands before each token: zeros before the first."""
        return F.pad(tokens[:, :-1], (0, 0, 1, 0))

    def _go_on(
        self, before: Tensor, latent: Tensor, wish: Tensor, state: Tensor | None, first: int
    ) -> tuple[Tensor, Tensor | None]:
        count = before.shape[1]
        given = torch.cat([wish, latent], -1)[:, None].expand(-1, count, -1)
        when = (torch.arange(first, first + count, device=before.device) / 60)[None, :, None]
        x = torch.cat([before, given, when.expand(len(before), -1, -1)], -1)
        x, state = self.recur(F.gelu(self.enter(x)), state)
        return self.leave(x), state
