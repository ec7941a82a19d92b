"""Pictures of networks and of files are the same pictures."""

import torch

from vchar.models.pixels import from_bytes, to_bytes


def test_every_level_comes_back() -> None:
    levels = torch.arange(256, dtype=torch.uint8).reshape(1, 16, 16, 1).repeat(2, 1, 1, 3)
    seen = from_bytes(levels)
    assert (tuple(seen.shape), seen.min(), seen.max()) == ((2, 3, 16, 16), -1, 1)
    assert torch.equal(to_bytes(seen), levels)
    assert torch.equal(to_bytes(seen[0]), levels[0])


def test_what_is_beyond_black_and_white_is_cut_off() -> None:
    assert to_bytes(torch.tensor([-1.5, 0.0, 1.5]).reshape(3, 1, 1)).flatten().tolist() == [0, 128, 255]
