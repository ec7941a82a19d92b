"""The critic of what the refiner paints where nothing is known."""

import torch
from torch import Tensor

from vchar.training.portrait_critic import PatchCritic, contest


def pictures(seed: int) -> Tensor:
    return torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(seed))


def hidden_half() -> Tensor:
    hidden = torch.zeros(2, 1, 32, 32)
    hidden[..., 16:] = 1
    return hidden


def test_each_side_pays_for_itself_alone() -> None:
    critic, painted = PatchCritic(), pictures(0).requires_grad_()
    told, telling = contest(critic, painted, pictures(1), hidden_half())
    told.backward(retain_graph=True)
    assert painted.grad is None
    assert all(weight.grad is not None for weight in critic.parameters())
    critic.zero_grad()
    telling.backward()
    assert painted.grad is not None
    assert all(weight.grad is None for weight in critic.parameters())


def test_what_is_known_is_not_judged() -> None:
    critic, painted = PatchCritic(), pictures(0).requires_grad_()
    _, telling = contest(critic, painted, pictures(1), hidden_half())
    telling.backward()
    assert painted.grad is not None
    assert not painted.grad[..., :16].any()
    assert painted.grad[..., 16:].any()


def test_it_learns_to_tell_flat_paint_from_the_real_thing() -> None:
    torch.manual_seed(0)
    critic = PatchCritic()
    optimiser, told = torch.optim.Adam(critic.parameters(), 2e-3), torch.ones(())
    for step in range(40):
        target = pictures(step)
        told, _ = contest(critic, target.mean((2, 3), keepdim=True).expand_as(target), target, hidden_half())
        optimiser.zero_grad()
        told.backward()
        optimiser.step()
    assert told < 0.1
