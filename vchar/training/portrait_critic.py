"""A critic of what the refiner paints where nothing is known: there a mean of all that might stand is a blur."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from vchar.models.portrait import PortraitNet

WIDTHS = (48, 96, 128)  # channels at 1/2, 1/4, 1/8 of the side
LEAK = 0.2
LEAST = 0.02  # share of a place that must be hidden for its verdict to count


class Rivals(nn.Module):
    """The refiner and its critic, in one module so that one optimiser teaches and one snapshot holds both."""

    def __init__(self, net: PortraitNet) -> None:
        super().__init__()
        self.net = net
        self.critic = PatchCritic()


class PatchCritic(nn.Module):
    """RGB [B,3,H,W] in 0..1 and where it may be painted [B,1,H,W] -> realism [B,1,H/8,W/8], place by place.

    After Isola et al. 2017, arXiv:1611.07004.
    """

    def __init__(self) -> None:
        super().__init__()
        first, middle, last = WIDTHS
        self.layers = nn.Sequential(
            nn.Conv2d(16, first, 3, padding=1),
            nn.LeakyReLU(LEAK),
            nn.Conv2d(first, middle, 4, 2, 1),
            nn.LeakyReLU(LEAK),
            nn.Conv2d(middle, last, 4, 2, 1),
            nn.LeakyReLU(LEAK),
            nn.Conv2d(last, 1, 3, padding=1),
        )

    def forward(self, pictures: Tensor, hidden: Tensor) -> Tensor:
        return self.layers(F.pixel_unshuffle(torch.cat([pictures - 0.5, hidden], 1), 2))


def contest(critic: PatchCritic, painted: Tensor, target: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
    """What the critic pays for not telling painted from real, and the refiner for being told; two scalars.

    painted, target: RGB [B,3,H,W] in 0..1.  hidden [B,1,H,W]: where they may differ; elsewhere the target is shown.
    Each teaches its own side alone, so that their sum can be minimised at once.
    """
    shown = torch.lerp(target, painted, hidden)
    places = F.avg_pool2d(hidden, 8)
    places = places * (places > LEAST)
    share = places / places.sum().clamp(min=1e-6)
    real, fake = critic(target, hidden), critic(shown.detach(), hidden)
    frozen = {name: weight.detach() for name, weight in critic.named_parameters()}
    believed = functional_call(critic, frozen, (shown, hidden))
    found = (share * F.softplus(fake - real)).sum()
    return found, (share * F.softplus(real.detach() - believed)).sum()
