"""How much texture there is near each place, by the strengths of features."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from vchar.evaluation.readers.lpips import strength


def hairs(count: int) -> torch.Tensor:
    """Features [1,4,32,32] of strands a feature wide."""
    x = torch.zeros(1, 4, 32, 32)
    x[..., :: 32 // count] = 1
    return x


def test_strands_moved_aside_are_as_strong_as_before() -> None:
    torch.testing.assert_close(strength(hairs(8).roll(2, dims=3), 8), strength(hairs(8), 8))


def test_a_blur_of_strands_is_weaker_than_they_are() -> None:
    blurred = F.avg_pool2d(hairs(8), (1, 5), 1, (0, 2))
    assert (strength(blurred, 8) < 0.7 * strength(hairs(8), 8)).all()


def test_where_strands_are_few_only_they_are_missed() -> None:
    half = hairs(8)
    half[..., 16:] = 0
    apart = strength(hairs(8), 8) - strength(half, 8)
    assert apart[..., :2].abs().max() < 1e-6
    assert apart[..., 2:].min() > 0.3
