"""The Studio generator and its critic: shapes, growth that changes nothing at first, what stays when one asks."""

import pytest
import torch
import torch.nn.functional as F

from vchar.models.critic import Critic, CriticConfig
from vchar.models.face_encoder import FaceEncoder, FaceEncoderConfig
from vchar.models.studio_face import ConditionCode, ModulatedConv, StudioFace, StudioFaceConfig

NAMES = ("yaw", "jawOpen", "age")
SMALL = StudioFaceConfig(16, NAMES, channels=(16, 12, 8, 8), texture=(8, 8, 8, 8), z_dim=8, w_dim=12)
SMALL_CRITIC = CriticConfig(16, len(NAMES), channels=(16, 12, 8, 8), features=12)


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def test_the_shipped_shape_is_small_enough_and_makes_256_px() -> None:
    net = StudioFace(StudioFaceConfig(256, tuple(map(str, range(72)))))
    assert sum(p.numel() for p in net.parameters()) * 2 < 30e6  # bytes in half precision
    with torch.no_grad():
        assert net(noise(1, 144), torch.zeros(1, 72)).shape == (1, 3, 256, 256)


def test_a_generator_that_has_grown_makes_the_same_pictures_enlarged() -> None:
    small = StudioFace(SMALL)
    large = StudioFace(SMALL.grown())
    large.grow_from(small)
    z, conditions = noise(2, 8), noise(2, 3, seed=1)
    expected = F.interpolate(small(z, conditions), scale_factor=2.0, mode="bilinear")
    torch.testing.assert_close(large(z, conditions), expected)


def test_a_critic_that_has_grown_judges_halved_pictures_as_before() -> None:
    small = Critic(SMALL_CRITIC)
    large = Critic(SMALL_CRITIC.grown())
    large.grow_from(small)
    pictures, code = noise(2, 3, 32, 32), noise(2, 6, seed=1)
    before, after = small(F.avg_pool2d(pictures, 2), code), large(pictures, code)
    torch.testing.assert_close(after.realism, before.realism)
    torch.testing.assert_close(after.conditions, before.conditions)


def test_a_critic_judges_each_place_by_what_lies_near_it() -> None:
    critic, code = Critic(CriticConfig(128, 3, (8,) * 6, 8)), noise(1, 6)
    pictures = noise(1, 3, 128, 128)
    spoilt = pictures.clone()
    spoilt[..., :8, :8] = 1
    before, after = critic(pictures, code).places[0], critic(spoilt, code).places[0]
    fine, coarse = (before != after).split([16 * 16, 8 * 8])
    assert fine.view(16, 16)[:3, :3].any()
    assert not fine.view(16, 16)[6:].any()
    assert coarse.view(8, 8)[0, 0]


def test_places_are_judged_against_what_is_said_to_be_shown() -> None:
    critic, pictures = Critic(CriticConfig(64, 3, (8,) * 6, 8)), noise(1, 3, 64, 64)
    assert not torch.equal(critic(pictures, noise(1, 6)).places, critic(pictures, noise(1, 6, seed=1)).places)


def test_seeds_are_drawn_from_people_such_as_were_learnt_from() -> None:
    net = StudioFace(SMALL)
    usual = net.of_seed(3)
    net.people_mean.fill_(2)
    net.people_spread.mul_(0.5)
    torch.testing.assert_close(net.of_seed(3), 2 + usual / 2)


def test_a_new_level_learns_although_it_begins_with_nothing() -> None:
    net, critic = StudioFace(SMALL.grown()), Critic(SMALL_CRITIC.grown())
    net.grow_from(StudioFace(SMALL))
    critic.grow_from(Critic(SMALL_CRITIC))
    critic(net(noise(2, 8), noise(2, 3)), noise(2, 6)).realism.sum().backward()
    learning = dict([*net.named_parameters(), *critic.named_parameters()])
    for name in ("picture.draw.16.weight", "trunk.levels.16.second.weight"):
        gradient = learning[name].grad
        assert gradient is not None
        assert gradient.abs().sum() > 0


def test_unknown_conditions_are_told_from_average_ones() -> None:
    code = ConditionCode(2)
    code.mean.fill_(3)
    code.spread.fill_(2)
    found = code(torch.tensor([[3.0, torch.nan], [7.0, 1e6]]))
    assert found.tolist() == [[0, 0, 1, 0], [2, 5, 1, 1]]


def test_who_it_is_stays_the_same_half_of_w_whatever_is_asked() -> None:
    net = StudioFace(SMALL)
    z = net.of_seed(7)
    one, other = (net.w(z, torch.tensor([[value, 0.0, torch.nan]])) for value in (-1.0, 1.0))
    torch.testing.assert_close(one[:, :12], other[:, :12])
    assert (one[:, 12:] != other[:, 12:]).any()


def test_truncation_pulls_people_to_the_average_one() -> None:
    net = StudioFace(SMALL)
    net.w_avg.fill_(0.3)
    w = net.w(noise(4, 8), torch.zeros(4, 3), truncation_psi=0.0)
    torch.testing.assert_close(w[:, :12], torch.full((4, 12), 0.3))


def test_the_features_keep_their_size_however_strong_the_style() -> None:
    x, w = noise(2, 16, 4, 4, seed=2), noise(2, 24)
    with torch.no_grad():
        start = ModulatedConv(16, 16, 24)
        start.affine.weight.mul_(1000)
        strong = start(x, w)
    assert 0.1 < strong.std() < 3


def test_a_size_without_channels_is_refused() -> None:
    with pytest.raises(ValueError, match="can't make pictures of 64 px"):
        StudioFaceConfig(64, NAMES, channels=(8, 8))


def test_the_encoder_gives_every_picture_a_place_and_its_draws_spread_round_it() -> None:
    encoder = FaceEncoder(FaceEncoderConfig(4, 3, 16, (8, 8), 8))
    place = encoder(noise(2, 3, 32, 32))
    assert (place.mean.shape, place.conditions.shape) == ((2, 4), (2, 3))
    draws = torch.stack([place.draw(noise(2, 4, seed=i)) for i in range(300)])
    torch.testing.assert_close(draws.mean(0), place.mean, atol=0.3, rtol=0.2)
    unknown = torch.full_like(place.mean, torch.nan)
    assert place.price(unknown) >= 0
    assert place.price(place.mean) < place.price(place.mean + 1)
