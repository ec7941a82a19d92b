"""The motion generator: a transformer that makes body motion out of noise, as a sentence asks.

Conditional flow matching (arXiv:2210.02747) on a straight way from noise to data, the network telling the data itself
(arXiv:2511.13720); classifier-free guidance (arXiv:2207.12598); adaLN-zero blocks (arXiv:2212.09748) with rotary
positions (arXiv:2104.09864), so that motions can be joined; a token may also be told how far its motion is by then.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vchar.models import pose
from vchar.models.motion_outline import Outline
from vchar.models.pose import Body


@dataclass(frozen=True)
class MotionConfig:
    """Shape of the network, and the skeleton that it moves."""

    parents: tuple[int, ...]  # of the joints, -1 for the root
    text: int = 384  # numbers of a sentence
    frames: int = 5  # a token
    width: int = 256
    layers: int = 6
    heads: int = 8
    dropout: float = 0.1
    smoothing: int = 96  # channels of the layer that joins the tokens' frames
    phrases: tuple[tuple[str, str], ...] = ()  # what it learnt: the name of an action, and a way to ask for it
    learnt: tuple[str, ...] = ()  # the names of the recorded clips
    outlines: tuple[Outline, ...] = ()  # to begin from, in the order of the checkpoint's tensor

    def __post_init__(self) -> None:
        object.__setattr__(self, "parents", tuple(self.parents))
        object.__setattr__(self, "phrases", tuple((name, phrase) for name, phrase in self.phrases))
        object.__setattr__(self, "learnt", tuple(self.learnt))
        object.__setattr__(self, "outlines", tuple(Outline(*outline) for outline in self.outlines))

    @property
    def features(self) -> int:
        """Of a frame."""
        return pose.width(len(self.parents))


class Wish(nn.Module):
    """What is asked for, [B,width], out of a sentence's vector and an energy; without a sentence, a learnt nothing."""

    mean: Tensor
    spread: Tensor

    def __init__(self, text: int, width: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(text))
        self.register_buffer("spread", torch.ones(text))
        self.text = nn.Sequential(nn.Linear(text, width), nn.SiLU(), nn.Linear(width, width))
        self.energy = nn.Linear(1, width)
        self.nothing = nn.Parameter(torch.zeros(width))

    def forward(self, text: Tensor, energy: Tensor, known: Tensor) -> Tensor:
        """text [B,text]; energy [B], 0 as usual for such a text, 1 a standard deviation livelier; known [B] bool."""
        said = self.text((text - self.mean) / self.spread)
        return torch.where(known[:, None], said, self.nothing) + self.energy(energy[:, None])


class MotionTransformer(nn.Module):
    """Noisy features -> the clean ones that they were probably made of, all in standard units."""

    mean: Tensor
    spread: Tensor

    def __init__(self, config: MotionConfig) -> None:
        super().__init__()
        self.config = config
        self.body = Body(config.parents)
        self.register_buffer("mean", torch.zeros(config.features))
        self.register_buffer("spread", torch.ones(config.features))
        token, width = config.frames * config.features, config.width
        self.wish = Wish(config.text, width)
        self.time = nn.Sequential(nn.Linear(64, width), nn.SiLU(), nn.Linear(width, width))
        self.enter = nn.Linear(token, width)
        self.place = nn.Linear(64, width, bias=False)
        self.blocks = nn.ModuleList(Block(width, config.heads, config.dropout) for _ in range(config.layers))
        self.last = nn.Linear(width, 2 * width)
        self.leave = nn.Linear(width, token)
        self.smooth = nn.Sequential(
            nn.Conv1d(config.features, config.smoothing, 5, padding=2),
            nn.GELU(),
            nn.Conv1d(config.smoothing, config.features, 5, padding=2),
        )
        for module in (self.last, self.leave, self.smooth[2]):
            nn.init.zeros_(module.weight)  # pyright: ignore[reportArgumentType]
        nn.init.normal_(self.place.weight, std=0.1)  # about as strong as a token: from little it would never be heard

    def forward(
        self, x: Tensor, time: Tensor, wish: Tensor, mask: Tensor | None = None, place: Tensor | None = None
    ) -> Tensor:
        """x [B,T,features] with T a multiple of `frames`; time [B], 0 noise .. 1 data; wish [B,width] of `wish`;
        mask [B,T / frames] bool: which tokens belong to the motion (None: all); place [B,T / frames]: how much of the
        motion is over at each, 0..1, NaN where that is open (None: everywhere) -> [B,T,features].
        """
        given = F.silu(wish + self.time(waves(time)))
        tokens = self.enter(x.unflatten(1, (-1, self.config.frames)).flatten(2))
        if place is not None:
            tokens = tokens + self.place(waves(place.nan_to_num())) * ~place.isnan()[..., None]
        rotary = _rotary(tokens.shape[1], self.config.width // self.config.heads, x)
        for block in self.blocks:
            tokens = block(tokens, given, rotary, mask)
        shift, scale = self.last(given)[:, None].chunk(2, -1)
        tokens = F.layer_norm(tokens, tokens.shape[-1:]) * (1 + scale) + shift
        frames = self.leave(tokens).unflatten(2, (self.config.frames, -1)).flatten(1, 2)
        return frames + self.smooth(frames.transpose(1, 2)).transpose(1, 2)


class Block(nn.Module):
    """Attention and a perceptron, each shifted, scaled and gated by what is given."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.given = nn.Linear(width, 6 * width)
        self.attend = nn.Linear(width, 3 * width)
        self.mix = nn.Linear(width, width)
        self.think = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(approximate="tanh"), nn.Linear(4 * width, width)
        )
        self.dropout = nn.Dropout(dropout)
        nn.init.zeros_(self.given.weight)
        nn.init.zeros_(self.given.bias)

    def forward(self, x: Tensor, given: Tensor, rotary: tuple[Tensor, Tensor], mask: Tensor | None) -> Tensor:
        shift, scale, gate, shift2, scale2, gate2 = self.given(given)[:, None].chunk(6, -1)
        h = F.layer_norm(x, x.shape[-1:]) * (1 + scale) + shift
        query, key, value = self.attend(h).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        heard = F.scaled_dot_product_attention(
            _turned(query, rotary), _turned(key, rotary), value, None if mask is None else mask[:, None, None]
        )
        x = x + gate * self.dropout(self.mix(heard.transpose(1, 2).flatten(2)))
        h = F.layer_norm(x, x.shape[-1:]) * (1 + scale2) + shift2
        return x + gate2 * self.dropout(self.think(h))


def waves(time: Tensor) -> Tensor:
    """Times in 0..1 as 64 waves each, [...] -> [...,64]."""
    rates = torch.exp(torch.linspace(0, math.log(100), 32, device=time.device)) * math.pi
    return torch.cat([(time[..., None] * rates).sin(), (time[..., None] * rates).cos()], -1)


def _rotary(count: int, width: int, like: Tensor) -> tuple[Tensor, Tensor]:
    rates = 100.0 ** -torch.linspace(0, 1, width // 2, device=like.device)
    angles = torch.arange(count, device=like.device)[:, None] * rates
    return angles.cos().to(like.dtype), angles.sin().to(like.dtype)


def _turned(x: Tensor, rotary: tuple[Tensor, Tensor]) -> Tensor:
    (a, b), (cos, sin) = x.chunk(2, -1), rotary
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)
