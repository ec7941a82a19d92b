"""The refiner's network."""

import torch

from vchar.models.portrait import PortraitConfig, PortraitNet

CONFIG = PortraitConfig(widths=(8, 16, 16, 24), style=16)


def inputs(size: int = 64) -> tuple[torch.Tensor, ...]:
    random = torch.Generator().manual_seed(0)
    pictures = torch.rand(2, 2, 3, size, size, generator=random)
    guide = torch.rand(2, CONFIG.guides, size // 2, size // 2, generator=random)
    return pictures[0], pictures[1], guide, torch.randn(2, CONFIG.changes, generator=random)


def test_before_it_has_learnt_anything_most_of_the_warp_shows() -> None:
    warped, *rest = inputs()
    content, share = PortraitNet(CONFIG)(warped, *rest)
    assert content.shape == warped.shape
    assert share.shape == warped[:, :1].shape
    assert 0 < share.min() <= share.max() < 0.2


def test_a_pixel_is_treated_alike_in_a_cut_and_in_the_whole() -> None:
    torch.manual_seed(0)
    net = PortraitNet(CONFIG)
    warped, source, guide, change = inputs(256)
    whole = net(warped, source, guide, change).content[..., 96:160, 96:160]
    cut = slice(32, 224), slice(32, 224)
    halves = slice(16, 112), slice(16, 112)
    part = net(warped[(..., *cut)], source[(..., *cut)], guide[(..., *halves)], change).content[..., 64:128, 64:128]
    torch.testing.assert_close(part, whole, atol=1e-3, rtol=1e-3)


def test_every_input_has_a_say() -> None:
    torch.manual_seed(0)
    net = PortraitNet(CONFIG)
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    given = inputs()
    plain = net(*given).over(given[0])
    for i in range(len(given)):
        other = list(given)
        other[i] = other[i].flip(0)
        change = (net(*other).over(other[0]) - plain).abs().mean()
        assert change > 1e-4


def test_it_learns_to_paint_what_the_guide_marks() -> None:
    torch.manual_seed(0)
    net = PortraitNet(CONFIG)
    warped, source, guide, change = inputs(32)
    marked = guide[:, 1:2].round().repeat_interleave(2, 2).repeat_interleave(2, 3)
    target = torch.lerp(warped, torch.tensor([0.9, 0.2, 0.1]).view(1, 3, 1, 1), marked)
    guide[:, 1:2] = guide[:, 1:2].round()
    optimiser = torch.optim.Adam(net.parameters(), 3e-3)
    losses = []
    for _ in range(80):
        value = (net(warped, source, guide, change).over(warped) - target).abs().mean()
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        losses.append(value.item())
    assert losses[-1] < 0.5 * losses[0]
