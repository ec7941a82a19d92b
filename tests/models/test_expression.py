"""The recogniser, and the crop that it reads."""

import math

import pytest
import torch
from torch import Tensor

from vchar.models.expression import (
    EMOTIONS,
    EYES_AND_MOUTH,
    EmotionConfig,
    EmotionNet,
    aligned_face,
    folded,
    similarity,
)

SMALL = EmotionConfig(widths=(8, 8), depths=(1, 0))


def small_net() -> EmotionNet:
    torch.manual_seed(0)
    return EmotionNet(SMALL).eval()


def faces(count: int) -> Tensor:
    return torch.rand(count, 1, 48, 48, generator=torch.Generator().manual_seed(1))


def landmarks_at(points: Tensor) -> Tensor:
    """Landmarks [70,2] whose eyes and mouth corners are centred on `points` [3,2]."""
    landmarks = torch.full((70, 2), math.nan)
    landmarks[36:42], landmarks[42:48] = points[0], points[1]
    landmarks[48], landmarks[54] = points[2] - torch.tensor([5.0, 0.0]), points[2] + torch.tensor([5.0, 0.0])
    return landmarks


def moved(points: Tensor, degrees: float, scale: float, shift: tuple[float, float]) -> Tensor:
    angle = math.radians(degrees)
    turn = torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return scale * points @ turn.T + torch.tensor(shift)


def test_logits_stand_for_the_eight_emotions() -> None:
    assert small_net()(faces(3)).shape == (3, len(EMOTIONS))


def test_a_mirrored_face_reads_the_same() -> None:
    net, x = small_net(), faces(2)
    torch.testing.assert_close(net(x), net(x.flip(-1)))


def test_brighter_or_flatter_light_does_not_matter_and_a_blank_picture_gives_numbers() -> None:
    net, x = small_net(), faces(2)
    torch.testing.assert_close(net(0.5 * x + 0.2), net(x), rtol=1e-3, atol=1e-4)
    assert net(torch.full((1, 1, 48, 48), 0.5)).isfinite().all()


def test_temperature_makes_it_less_sure_of_the_same_answer() -> None:
    net, x = small_net(), faces(4)
    before = net(x).softmax(1)
    net.temperature.fill_(3)
    after = net(x).softmax(1)
    assert torch.equal(before.argmax(1), after.argmax(1))
    assert bool((after.amax(1) < before.amax(1)).all())


def test_folding_the_normalisation_changes_no_reading() -> None:
    net = small_net().train()
    for _ in range(5):
        net(faces(8))  # moves the running statistics
    net.temperature.fill_(2)
    plain = folded(net)
    assert not plain.config.normalised
    assert not any("running" in name for name in plain.state_dict())
    torch.testing.assert_close(plain(faces(3)), net.eval()(faces(3)), rtol=1e-4, atol=1e-5)


def test_a_config_survives_json_whose_tuples_are_lists() -> None:
    assert EmotionConfig(widths=[8, 8], depths=[1, 0]) == SMALL  # pyright: ignore[reportArgumentType]


def test_similarity_finds_a_known_turn_scale_and_shift() -> None:
    points = torch.tensor(EYES_AND_MOUTH)
    scale, shift = similarity(points, moved(points, 30, 4, (100, 50)))
    torch.testing.assert_close(scale, 4 * torch.tensor([math.cos(math.pi / 6), math.sin(math.pi / 6)]))
    torch.testing.assert_close(shift, torch.tensor([100.0, 50.0]))


@pytest.mark.parametrize(("degrees", "scale"), [(0, 1.0), (25, 3.7), (-40, 0.6)])
def test_eyes_and_mouth_land_in_their_places(degrees: float, scale: float) -> None:
    places = moved(torch.tensor(EYES_AND_MOUTH), degrees, scale, (60, 70))
    y, x = torch.meshgrid(torch.arange(260) + 0.5, torch.arange(260) + 0.5, indexing="ij")
    for place, wanted in zip(places, EYES_AND_MOUTH, strict=True):
        spot = torch.exp(-((x - place[0]) ** 2 + (y - place[1]) ** 2) / (2 * (2 * scale) ** 2))
        crop = aligned_face(spot.expand(3, -1, -1), landmarks_at(places))
        assert crop.shape == (1, 48, 48)
        line = torch.arange(48) + 0.5
        centre = torch.stack([(crop[0].sum(0) * line).sum(), (crop[0].sum(1) * line).sum()]) / crop.sum()
        torch.testing.assert_close(centre, torch.tensor(wanted), rtol=0, atol=0.3)


def test_a_face_at_the_picture_s_edge_is_continued_by_its_border() -> None:
    places = moved(torch.tensor(EYES_AND_MOUTH), 0, 1, (-20, -20))
    crop = aligned_face(torch.full((3, 30, 30), 0.6), landmarks_at(places))
    torch.testing.assert_close(crop, torch.full((1, 48, 48), 0.6))


def test_fine_stripes_average_out_instead_of_aliasing() -> None:
    stripes = (torch.arange(480) % 2).float().expand(3, 480, 480)
    crop = aligned_face(stripes, landmarks_at(10 * torch.tensor(EYES_AND_MOUTH)))
    assert float((crop - 0.5).abs().max()) < 0.02
