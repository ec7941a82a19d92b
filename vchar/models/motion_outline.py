"""Outlines of recorded motions: coarsely what is done, for the generator to begin from.

Noise alone seldom becomes what only few recordings show. Begun at an outline under more noise than outline it does, and
otherwise each time (SDEdit, Meng et al. 2022, arXiv:2108.01073; retrieval as in Zhang et al. 2023, arXiv:2304.01116).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from vchar.models import pose

STRETCH = 1.35  # times as fast or slow as recorded, at most


class Outline(NamedTuple):
    """Of what action, how many tokens long, and the tokens [first, end) after which it may start over (0, 0: never)."""

    action: str
    tokens: int
    first: int = 0
    end: int = 0


class Outlines:
    """Read-only, so safe to share between threads."""

    def __init__(self, table: Sequence[Outline], features: Tensor) -> None:
        """features [M,F]: one token's mean frame after the other, of one outline after the other."""
        self._table, self._parts = table, features.split([outline.tokens for outline in table])

    def draw(self, action: str, tokens: int, random: torch.Generator, lap: bool = False) -> Tensor | None:
        """One of the action's outlines by chance, fitted to so many tokens [tokens,F]; None where there is none.

        lap: one that starts over, from somewhere in it to there again.
        """
        known = [i for i, one in enumerate(self._table) if one.action == action and (one.end > one.first or not lap)]
        if not known:
            return None
        which = known[int(torch.randint(len(known), (1,), generator=random))]
        return _fitted(self._parts[which], self._table[which], tokens, lap)


def coarse(features: Tensor, frames: int) -> Tensor:
    """Features [T,F] -> the mean of every `frames` [T / frames,F]."""
    count = len(features) // frames
    return features[: count * frames].unflatten(0, (count, frames)).mean(1)


def fine(outline: Tensor, frames: int) -> Tensor:
    """[tokens,F] -> [tokens * frames,F]."""
    return F.interpolate(outline.T[None], len(outline) * frames, mode="linear", align_corners=False)[0].T


def _fitted(features: Tensor, outline: Outline, tokens: int, lap: bool) -> Tensor:
    first, end = outline.first, outline.end
    if lap:
        laps = max(1, round(tokens / (end - first)))
        return _sped(features[first:end].repeat(laps, 1), tokens)
    if end > first and len(features) < tokens:
        laps = -(-(tokens - end) // (end - first))
        return torch.cat([features[:end], features[first:end].repeat(laps, 1)])[:tokens]
    shortest, longest = len(features) / STRETCH, len(features) * STRETCH
    features = _sped(features, max(2, round(min(max(tokens, shortest), longest))))
    still = features[-1:].clone()
    still[:, pose.TURN], still[:, pose.STEP] = 0, 0
    return torch.cat([features[:tokens], still.expand(max(0, tokens - len(features)), -1)])


def _sped(features: Tensor, tokens: int) -> Tensor:
    """As many tokens, in which as much is turned and stepped."""
    speed = len(features) / tokens
    found = F.interpolate(features.T[None], tokens, mode="linear", align_corners=True)[0].T.clone()
    found[:, pose.TURN.start : pose.STEP.stop] *= speed
    return found
