"""The motion generator's network and sampling, small and untrained."""

import pytest
import torch

from vchar.models import motion_sampling
from vchar.models.motion import MotionConfig, MotionTransformer
from vchar.models.motion_sampling import Part, sample
from vchar.rig.skeleton import Skeleton

SKELETON = Skeleton.body()


@pytest.fixture(scope="module")
def net() -> MotionTransformer:
    """Small, and shaken so that nothing of it is zero."""
    torch.manual_seed(0)
    net = MotionTransformer(MotionConfig(SKELETON.parents, text=8, width=32, layers=2, heads=4, smoothing=16)).eval()
    for parameter in net.parameters():
        parameter.data += 0.1 * torch.randn(parameter.shape)
    return net.requires_grad_(False)


def part(tokens: int, seed: int = 0, energy: float = 0.0) -> Part:
    return Part(torch.randn(8, generator=torch.Generator().manual_seed(seed)), energy, tokens)


def made(net: MotionTransformer, *parts: Part, seed: int = 0, ring: bool = False) -> torch.Tensor:
    return sample(net, parts, torch.Generator().manual_seed(seed), ring=ring, steps=3)


def test_a_motion_has_the_frames_asked_for_and_depends_on_seed_words_and_energy(net: MotionTransformer) -> None:
    motion = made(net, part(6))
    assert motion.shape == (30, net.config.features)
    assert torch.equal(motion, made(net, part(6)))
    for other in (made(net, part(6), seed=1), made(net, part(6, seed=1)), made(net, part(6, energy=1))):
        assert not torch.allclose(motion, other, atol=1e-3)


def test_words_pull_only_until_the_details_come(net: MotionTransformer, monkeypatch: pytest.MonkeyPatch) -> None:
    def pulled(by: float) -> torch.Tensor:
        return sample(net, [part(6)], torch.Generator().manual_seed(0), steps=3, guidance=by)

    assert not torch.allclose(pulled(1.0), pulled(4.0), atol=1e-3)
    monkeypatch.setattr(motion_sampling, "GUIDED", 0.0)
    assert torch.equal(pulled(1.0), pulled(4.0))


def test_frames_beyond_a_motions_end_change_nothing(net: MotionTransformer) -> None:
    x = torch.randn(1, 40, net.config.features, generator=torch.Generator().manual_seed(0))
    wish, time = net.wish(part(1).text[None], torch.zeros(1), torch.ones(1) > 0), torch.tensor([0.5])
    padded = torch.cat([x, torch.randn(1, 20, net.config.features)], 1)
    mask = torch.arange(12)[None] < 8
    whole, cut = net(x, time, wish), net(padded, time, wish, mask)
    assert torch.allclose(whole[:, :36], cut[:, :36], atol=1e-4)  # the layer that joins frames sees a few further


def test_a_motion_begun_at_an_outline_is_another_than_from_noise_alone_and_with_each_seed(
    net: MotionTransformer,
) -> None:
    outline = torch.linspace(-30, 30, 30)[:, None] * net.spread + net.mean

    def begun(seed: int) -> torch.Tensor:
        return sample(net, [part(6)], torch.Generator().manual_seed(seed), outline=outline, steps=1)

    assert not torch.allclose(begun(0), begun(1), atol=1e-3)
    assert not torch.allclose(begun(0), made(net, part(6)), atol=1e-3)


def test_a_token_may_be_told_how_much_is_over(net: MotionTransformer) -> None:
    x = torch.randn(1, 40, net.config.features, generator=torch.Generator().manual_seed(0))
    wish, time = net.wish(part(1).text[None], torch.zeros(1), torch.ones(1) > 0), torch.tensor([0.5])
    untold, early, late = (net(x, time, wish, None, torch.full((1, 8), over)) for over in (torch.nan, 0.1, 0.9))
    assert torch.equal(untold, net(x, time, wish))
    assert not torch.allclose(untold, early, atol=1e-3)
    assert not torch.allclose(early, late, atol=1e-3)


def test_only_neighbours_tell_a_token_its_place_where_nobody_else_does(net: MotionTransformer) -> None:
    x = torch.randn(1, 5, net.config.features, generator=torch.Generator().manual_seed(0)).repeat(1, 8, 1)
    found = net(x, torch.tensor([0.5]), net.wish(part(1).text[None], torch.zeros(1), torch.ones(1) > 0))
    tokens = found.unflatten(1, (8, 5))[:, 1:-1]
    assert torch.allclose(tokens, tokens[:, :1].expand_as(tokens), atol=1e-4)


def test_a_ring_has_no_beginning(net: MotionTransformer) -> None:
    """Shifted noise gives the shifted motion: no place in it is special."""
    one, shift = part(8), 15
    plain = made(net, one, ring=True)
    noise = torch.randn(8, 5, net.config.features, generator=torch.Generator().manual_seed(0))
    rolled = noise.flatten(0, 1).roll(shift, 0).unflatten(0, (8, 5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "randn", lambda *_shape, **_options: rolled)
        moved = made(net, one, ring=True)
    apart = (moved - plain.roll(shift, 0)).abs().mean() / (plain - plain.roll(shift, 0)).abs().mean()
    assert apart < 0.35


def test_parts_become_one_motion_and_know_their_neighbours(net: MotionTransformer) -> None:
    both = made(net, part(6), part(8, seed=1))
    assert both.shape == (70, net.config.features)
    other = made(net, part(6), part(8, seed=2))
    assert (both[:5] - other[:5]).abs().mean() < (both[-5:] - other[-5:]).abs().mean()


def test_the_network_says_how_far_it_has_got(net: MotionTransformer) -> None:
    told: list[float] = []
    sample(net, [part(3)], torch.Generator().manual_seed(0), steps=4, progress=told.append)
    assert told == pytest.approx([0.25, 0.5, 0.75, 1.0])
