"""The recipe of the matte: what is not known doesn't count, and what is known is learnt."""

import torch

from vchar.models.matte import MatteConfig, MatteNet
from vchar.training.cutouts import Cutouts
from vchar.training.matte import difference, matte_loss

TINY = MatteConfig(side=64, widths=(8, 16, 24, 32), fine=8, finest=8)


def cutouts(*, exact: bool, hair: bool) -> Cutouts:
    """Bright people before dark grounds, whose right half is hair."""
    mattes = torch.zeros(6, 2, 96, 96, dtype=torch.uint8)
    mattes[:, 0, 20:, 20:76] = 255
    mattes[:, 1, 20:, 48:76] = 255
    pictures = mattes[:, [0, 1, 0]] // 2 + 60
    return Cutouts(pictures, mattes, exact, hair)


def test_unknown_hair_does_not_count() -> None:
    truth, odds = torch.zeros(1, 2, 8, 8), torch.full((1, 2, 8, 8), 3.0)
    known = torch.ones_like(truth)
    known[:, 1] = 0
    there = difference(odds, truth, known)
    odds[:, 1] = -9
    assert difference(odds, truth, known) == there
    assert difference(odds, truth, torch.ones_like(known)) != there


def test_some_steps_of_the_recipe_learn_simple_pictures() -> None:
    torch.manual_seed(0)
    net = MatteNet(TINY)
    loss = matte_loss(net, [cutouts(exact=True, hair=True), cutouts(exact=False, hair=False)])
    optimiser = torch.optim.AdamW(net.parameters(), 5e-3)
    values = []
    for step in range(8):
        value = loss(step, torch.Generator().manual_seed(step))
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        values.append(value.item())
    assert sum(values[-3:]) < 0.85 * sum(values[:3])
