"""Accidents change how a picture looks, never where things are."""

import pytest
import torch

from vchar.training.augment import ACCIDENTS, augment, compress, grey

PICTURES = torch.rand(6, 3, 48, 48, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("accident", [accident for _, accident in ACCIDENTS], ids=lambda a: a.__name__)
def test_every_accident_changes_pictures_and_keeps_their_shape(accident) -> None:  # noqa: ANN001
    changed = accident(PICTURES, torch.Generator().manual_seed(1))
    assert changed.shape == PICTURES.shape
    assert changed.isfinite().all()
    assert not torch.allclose(changed, PICTURES)


def test_augmented_pictures_stay_pictures() -> None:
    changed = augment(PICTURES, torch.Generator().manual_seed(2))
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert torch.equal(changed, augment(PICTURES, torch.Generator().manual_seed(2)))


def test_compression_of_a_plain_picture_is_harmless() -> None:
    plain = torch.full((2, 3, 16, 16), 0.5)
    torch.testing.assert_close(compress(plain, torch.Generator().manual_seed(0)), plain, atol=0.03, rtol=0)


def test_grey_of_white_is_white() -> None:
    torch.testing.assert_close(grey(torch.ones(1, 3, 2, 2)), torch.ones(1, 1, 2, 2))
