"""Outlines that the motion generator begins from."""

import pytest
import torch

from vchar.models.motion_outline import Outline, Outlines, coarse, fine

FEATURES = 7
WAVE, TURN = Outline("wave", 6, 1, 5), Outline("turn around", 10)


@pytest.fixture
def outlines() -> Outlines:
    numbers = torch.arange(16.0)[:, None].repeat(1, FEATURES)
    numbers[6:, 0] = 3  # degrees, say, that each token turns
    return Outlines((WAVE, TURN), numbers)


def drawn(outlines: Outlines, action: str, tokens: int, lap: bool = False) -> torch.Tensor:
    found = outlines.draw(action, tokens, torch.Generator().manual_seed(0), lap)
    assert found is not None
    assert found.shape == (tokens, FEATURES)
    return found


def test_what_repeats_goes_on_as_long_as_asked(outlines: Outlines) -> None:
    assert drawn(outlines, "wave", 6)[:, 3].tolist() == [0, 1, 2, 3, 4, 5]
    assert drawn(outlines, "wave", 15)[:, 3].tolist() == [0, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2]


def test_what_happens_once_is_done_a_little_slower_and_then_the_body_stands(outlines: Outlines) -> None:
    found = drawn(outlines, "turn around", 20)
    assert float(found[:, 0].sum()) == pytest.approx(30, rel=0.05)  # it turns as far as before
    assert not found[14:, :3].any()
    assert torch.equal(found[14], found[19])


def test_a_lap_is_of_what_repeats_alone_and_ends_before_it_begins(outlines: Outlines) -> None:
    found = drawn(outlines, "wave", 8, lap=True)[:, 3].tolist()
    assert found == [1, 2, 3, 4, 1, 2, 3, 4]
    assert outlines.draw("turn around", 8, torch.Generator(), lap=True) is None


def test_an_unknown_action_has_none(outlines: Outlines) -> None:
    assert outlines.draw("fly", 8, torch.Generator()) is None


def test_coarse_and_fine_again_is_about_the_same() -> None:
    features = torch.linspace(0, 1, 50)[:, None].repeat(1, FEATURES)
    again = fine(coarse(features, 5), 5)
    assert again.shape == features.shape
    assert (again - features).abs().max() < 0.05
