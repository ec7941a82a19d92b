"""What critic and generator want: known values, and the penalty that calms a steep critic."""

import math

import pytest
import torch

from vchar.training import adversarial

REAL, FAKE = torch.tensor([2.0, 0.5]), torch.tensor([-1.0, 0.5])


def test_the_nonsaturating_loss_is_the_binary_cross_entropy() -> None:
    expected = torch.nn.functional.binary_cross_entropy_with_logits
    found = adversarial.critic_loss("nonsaturating", REAL, FAKE)
    torch.testing.assert_close(found, expected(REAL, torch.ones(2)) + expected(FAKE, torch.zeros(2)))
    torch.testing.assert_close(adversarial.generator_loss("nonsaturating", REAL, FAKE), expected(FAKE, torch.ones(2)))


def test_the_relativistic_loss_knows_differences_alone() -> None:
    for loss in (adversarial.critic_loss, adversarial.generator_loss):
        torch.testing.assert_close(loss("relativistic", REAL, FAKE), loss("relativistic", REAL + 7, FAKE + 7))
    assert float(adversarial.critic_loss("relativistic", FAKE, FAKE)) == pytest.approx(math.log(2))


def test_the_penalty_is_half_the_squared_slope() -> None:
    pictures = torch.zeros(2, 3, 4, 4, requires_grad=True)
    found = adversarial.gradient_penalty(pictures, (0.5 * pictures).sum((1, 2, 3)))
    assert float(found) == pytest.approx(0.5**2 * 48 / 2)


def test_what_is_unknown_is_not_read() -> None:
    read, code = torch.tensor([[1.0, 9.0]]), torch.tensor([[1.0, 0.0, 1.0, 0.0]])
    assert float(adversarial.reading_loss(read, code)) == 0
    assert float(adversarial.reading_loss(read, torch.tensor([[1.0, 0.0, 1.0, 1.0]]))) > 1
