"""The networks that see a face: their geometry, and what they promise about their outputs."""

import math

import torch
from torch import Tensor

from vchar.models.landmarks import MIRROR, POINTS, FinderNet, LandmarkNet, LandmarksConfig, Placed, frames
from vchar.models.views import Views

SMALL = LandmarksConfig(crop=32, widths=(16, 16, 16), fine=16, picture=64, finder_widths=(8, 16, 16, 16))


def face() -> Tensor:
    """Points [1,70,2] of an upright face about (50, 60): eyes above mouth, jaw round both."""
    points = torch.full((1, POINTS, 2), 50.0)
    angle = torch.linspace(0, math.pi, 17)
    points[0, :17] = torch.stack([50 - 30 * angle.cos(), 55 + 35 * angle.sin()], dim=1)
    points[0, 17:27, 1] = 30
    points[0, 36:42], points[0, 42:48] = torch.tensor([35.0, 45.0]), torch.tensor([65.0, 45.0])
    points[0, 48:68, 1] = 75
    return points


def turned(points: Tensor, angle: float) -> Tensor:
    cos, sin = math.cos(angle), math.sin(angle)
    return points @ torch.tensor([[cos, sin], [-sin, cos]])  # clockwise in the picture


def test_mirroring_twice_is_nothing() -> None:
    assert [MIRROR[i] for i in MIRROR] == list(range(POINTS))


def test_mirrored_predictions_come_back_to_where_they_were() -> None:
    placed = Placed(torch.rand(2, POINTS, 2) * 32, torch.rand(2, POINTS), torch.zeros(2), torch.rand(2, POINTS, 4, 4))
    again = placed.mirrored_back(32).mirrored_back(32)
    torch.testing.assert_close(again.points, placed.points)
    torch.testing.assert_close(again.spread, placed.spread)
    torch.testing.assert_close(again.heat, placed.heat)


def test_points_are_more_certain_the_smaller_their_spread() -> None:
    confidence = Placed(
        torch.zeros(1, 3, 2), torch.tensor([[0.1, 2.0, 50.0]]), torch.zeros(1), torch.zeros(1)
    ).confidence[0]
    assert confidence[0] > 0.99 > confidence[1] > 0.1 > confidence[2] > 0


def test_landmark_network_answers_in_crop_pixels() -> None:
    torch.manual_seed(0)
    placed = LandmarkNet(SMALL)(torch.rand(2, 3, 32, 32))
    assert placed.points.shape == (2, POINTS, 2)
    assert ((placed.points > -16) & (placed.points < 48)).all()
    assert (placed.spread > 0).all()


def test_finder_answers_cell_by_cell_of_any_picture() -> None:
    found = FinderNet(SMALL)(torch.rand(1, 3, 64, 96))
    assert found.face.shape == found.size.shape == (1, 8, 12)
    assert found.offset.shape == found.down.shape == (1, 2, 8, 12)


def test_frame_turns_and_moves_with_the_face() -> None:
    centre, side, roll = frames(face())
    moved_centre, moved_side, moved_roll = frames(turned(face(), 0.5) + 7)
    torch.testing.assert_close(moved_centre, turned(centre, 0.5) + 7)
    torch.testing.assert_close(moved_side, side)
    torch.testing.assert_close(moved_roll - roll, torch.tensor([0.5]))


def test_view_of_a_frame_shows_the_face_upright_in_its_middle() -> None:
    centre, side, roll = frames(turned(face(), 0.8))
    view = Views.of(centre, side, roll, torch.tensor([False]), 100)
    seen = view.to_view(turned(face(), 0.8))[0, :68]
    torch.testing.assert_close((seen.amin(0) + seen.amax(0)) / 2, torch.tensor([50.0, 50.0]))
    assert seen[48:68, 1].mean() > seen[36:48, 1].mean() + 30


def test_views_map_points_there_and_back() -> None:
    view = Views.of(torch.tensor([[40.0, 30.0]]), torch.tensor([20.0]), torch.tensor([0.3]), torch.tensor([True]), 16)
    points = torch.rand(1, 5, 2) * 64
    torch.testing.assert_close(view.to_picture(view.to_view(points)), points, rtol=1e-4, atol=1e-3)


def test_view_shows_a_picture_where_its_points_say() -> None:
    picture = torch.zeros(1, 1, 64, 64)
    picture[0, 0, 20, 41] = 1  # the pixel whose centre is (41.5, 20.5)
    view = Views.of(torch.tensor([[40.0, 22.0]]), torch.tensor([16.0]), torch.tensor([0.4]), torch.tensor([True]), 64)
    x, y = view.to_view(torch.tensor([[[41.5, 20.5]]]))[0, 0].tolist()
    brightest = int(view.see(picture).argmax())
    assert abs(brightest % 64 + 0.5 - x) <= 1
    assert abs(brightest // 64 + 0.5 - y) <= 1
