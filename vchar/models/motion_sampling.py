"""From noise to motion: one sentence or several, in a line or round in a ring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor

from vchar.models.motion import MotionTransformer

STEPS = 12
GUIDANCE = 4.0  # how much further than without words the words pull
GUIDED = 0.7  # the time until which they do: then the details come, which only suffer from it (arXiv:2404.07724)
OUTLINED = 0.2  # the time at which a motion begins that has an outline: so much of it is outline, the rest noise
GENTLY = 2.0  # how far the words pull then: what is done is clear
OVERLAP = 4  # tokens that a part reaches into its neighbours


class Part(NamedTuple):
    """What to do for how long: text [384], an energy (0 as usual, 1 livelier), tokens."""

    text: Tensor
    energy: float
    tokens: int


class _Windows(NamedTuple):
    """Which tokens of the whole motion each part sees [W,L], how much it has to say about them, 0 beyond its end, and
    how much of the part is over by then, 0..1, NaN in a lap that begins nowhere."""

    places: Tensor
    weights: Tensor
    over: Tensor


@torch.no_grad()
def sample(
    net: MotionTransformer,
    parts: Sequence[Part],
    random: torch.Generator,
    *,
    ring: bool = False,
    outline: Tensor | None = None,
    steps: int = STEPS,
    guidance: float | None = None,
    progress: Callable[[float], object] = lambda _share: None,
) -> Tensor:
    """Features [T,F] in their own units, T all parts' tokens times the frames of one.

    Parts overlap and are blended in every step, so that one becomes the other (arXiv:2302.08113); in a `ring` the last
    part becomes the first. outline [T,F]: what to begin from instead of noise alone. guidance: GUIDANCE, or GENTLY with
    an outline. The same generator state gives the same motion.
    """
    windows = _windows([part.tokens for part in parts], ring)
    device = net.mean.device
    text = torch.stack([part.text for part in parts]).to(device)
    energy = torch.tensor([float(part.energy) for part in parts], device=device)
    yes = torch.ones(len(parts), dtype=torch.bool, device=device)
    wishes = torch.cat([net.wish(text, energy, yes), net.wish(text, energy, ~yes)])
    total = int(windows.places.max()) + 1
    x = torch.randn(total, net.config.frames, net.config.features, generator=random).to(device)
    begin, usual = (0.0, GUIDANCE) if outline is None else (OUTLINED, GENTLY)
    guidance = usual if guidance is None else guidance
    if outline is not None:
        coarse = ((outline.to(device) - net.mean) / net.spread).unflatten(0, (total, -1))
        x = begin * coarse + (1 - begin) * x
    times = torch.linspace(begin, 1, steps + 1).tolist()
    for time, following in pairwise(times):
        found = _found(net, x, time, wishes, windows, guidance if time < GUIDED else 1.0)
        x = x + (following - time) / (1 - time) * (found - x)
        progress(following)
    return x.flatten(0, 1) * net.spread + net.mean


def _found(net: MotionTransformer, x: Tensor, time: float, wishes: Tensor, parts: _Windows, guidance: float) -> Tensor:
    """The clean motion that all parts together see behind x, [N,frames,F]; wishes: with words, then without."""
    seen, mask, over = x[parts.places].flatten(1, 2), parts.weights > 0, parts.over
    if guidance == 1.0:
        wishes = wishes[: len(seen)]
    else:
        seen, mask, over = seen.repeat(2, 1, 1), mask.repeat(2, 1), over.repeat(2, 1)
    times = torch.full((len(seen),), time, device=x.device)
    asked, *free = (
        net(seen, times, wishes, mask, over).unflatten(1, (*parts.places.shape[1:], -1)).split(len(parts.places))
    )
    guided = free[0] + guidance * (asked - free[0]) if free else asked
    share = parts.weights[..., None, None]
    summed = torch.zeros_like(x).index_add(0, parts.places.flatten(), (guided * share).flatten(0, 1))
    weight = torch.zeros(len(x), 1, 1, device=x.device).index_add(0, parts.places.flatten(), share.flatten(0, 1))
    return summed / weight


def _windows(tokens: Sequence[int], ring: bool) -> _Windows:
    total, starts = sum(tokens), [sum(tokens[:i]) for i in range(len(tokens))]
    places, weights, over = [], [], []
    for i, (start, count) in enumerate(zip(starts, tokens, strict=True)):
        before = OVERLAP if ring or i > 0 else 0
        after = OVERLAP if ring or i + 1 < len(tokens) else 0
        seen = torch.arange(start - before, start + count + after)
        if not ring:
            seen = seen[(seen >= 0) & (seen < total)]
        rising = (seen - (start - before) + 0.5) / max(2 * before, 1e-6)
        falling = (start + count + after - seen - 0.5) / max(2 * after, 1e-6)
        places.append(seen % total)
        begins = not ring or len(tokens) > 1
        over.append(((seen - start + 0.5) / count).clamp(0, 1) if begins else torch.full((len(seen),), torch.nan))
        weights.append(torch.minimum(rising, falling).clamp(0, 1))
    return _Windows(*(torch.nn.utils.rnn.pad_sequence(rows, batch_first=True) for rows in (places, weights, over)))
