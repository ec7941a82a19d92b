"""Disturbances: none without a chance, differentiable, and a chance that follows the critic's lead."""

import pytest
import torch

from vchar.training.disturb import CLIMB, NUMBERS, adapted, disturb, nudged

RANDOM = torch.Generator().manual_seed(0)
PICTURES, CHANCES = torch.rand(6, 3, 16, 16, generator=RANDOM) * 2 - 1, torch.rand(6, NUMBERS, generator=RANDOM)


def test_without_a_chance_nothing_happens() -> None:
    assert disturb(PICTURES, CHANCES, 0.0) is PICTURES


def test_each_picture_is_disturbed_by_its_own_numbers_alone() -> None:
    together = disturb(PICTURES, CHANCES, 0.7)
    alone = torch.cat([disturb(PICTURES[i : i + 1], CHANCES[i : i + 1], 0.7) for i in range(6)])
    torch.testing.assert_close(together, alone)
    assert (together != PICTURES).flatten(1).any(1).any()


def test_gradients_reach_the_pictures() -> None:
    pictures = PICTURES.clone().requires_grad_()
    disturb(pictures, CHANCES, 1.0).sum().backward()
    assert pictures.grad is not None
    assert (pictures.grad.flatten(1).abs().sum(1) > 0).all()


def test_the_chance_rises_while_the_critic_leads_and_falls_when_it_doesnt() -> None:
    assert adapted(0.5, 0.9, CLIMB // 10) == pytest.approx(0.6)
    assert adapted(0.5, 0.2, CLIMB // 10) == pytest.approx(0.4)
    assert (adapted(0.0, 0.1, 1000), adapted(1.0, 1.0, 1000)) == (0.0, 1.0)


def test_four_steps_move_pictures_in_four_ways_by_no_more_than_a_pixel() -> None:
    picture = torch.arange(16.0).view(1, 1, 4, 4).expand(1, 3, 4, 4)
    moved = [nudged(picture, number)[0, 0] for number in range(4)]
    assert torch.equal(moved[0], picture[0, 0])
    assert torch.equal(moved[1][:, 1:], picture[0, 0, :, :3])
    assert torch.equal(moved[2][1:], picture[0, 0, :3])
    assert torch.equal(moved[3][1:, 1:], picture[0, 0, :3, :3])
    assert torch.equal(nudged(picture, 7), nudged(picture, 3))
