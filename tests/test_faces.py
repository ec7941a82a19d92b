"""Finding faces: places come back in the picture's pixels, the largest first, and only where a face is seen twice."""

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from vchar.faces import FaceFinder, Landmarks, overlap
from vchar.models.landmarks import POINTS, FaceNets, Found, LandmarksConfig, Placed

SIZE, CELL = 160, 8


class SquareFinder(torch.nn.Module):
    """Stands in for the finder: a face wherever the picture is red, 1/3 of the picture large, upright."""

    def forward(self, pictures: Tensor) -> Found:
        red = torch.nn.functional.avg_pool2d(pictures[:, 0] - pictures[:, 1], CELL)
        nothing = torch.zeros_like(red)
        down = torch.stack([nothing, nothing + 1], dim=1)
        return Found(red * 20 - 8, down * 0, nothing + float(np.log(SIZE / 3)), down)


class HastyFinder(SquareFinder):
    """At a glance it takes blue for red."""

    def forward(self, pictures: Tensor) -> Found:
        return super().forward(pictures.flip(1) if max(pictures.shape[2:]) <= SIZE else pictures)


class CrossFinder(torch.nn.Module):
    """Stands in for the landmark network: eyes left and right of the red spot, mouth below, jaw round them."""

    def __init__(self, is_face: float = 5.0) -> None:
        super().__init__()
        self.is_face = is_face

    def forward(self, crops: Tensor) -> Placed:
        red = (crops[:, 0] - crops[:, 1]).clamp(min=0) + 1e-6
        line = torch.arange(crops.shape[-1]) + 0.5
        weight = red.sum((1, 2))
        spot = torch.stack([(red.sum(1) * line).sum(1), (red.sum(2) * line).sum(1)], dim=1) / weight[:, None]
        points = spot[:, None].repeat(1, POINTS, 1)
        points[:, 36:42, 0] -= 15
        points[:, 42:48, 0] += 15
        points[:, 48:68, 1] += 30
        points[:, 0:17, 0] += torch.linspace(-30, 30, 17)
        points[:, 8, 1] += 45
        heat = torch.zeros(len(crops), POINTS, 2, 2)
        return Placed(
            points, torch.ones(len(crops), POINTS), torch.where(red.amax((1, 2)) > 0.3, self.is_face, -5.0), heat
        )


def finder(is_face: float = 5.0, first: type[SquareFinder] = SquareFinder) -> FaceFinder:
    nets = FaceNets(LandmarksConfig(widths=(16, 16, 16), finder_widths=(8, 16, 16, 16)))
    nets.add_module("finder", first())
    nets.add_module("landmarks", CrossFinder(is_face))
    return FaceFinder(nets, torch.device("cpu"))


def with_spots(size: tuple[int, int], *spots: tuple[float, float]) -> Image.Image:
    picture = Image.new("RGB", size, "grey")
    radius = max(size) / 20
    for x, y in spots:
        ImageDraw.Draw(picture).ellipse((x - radius, y - radius, x + radius, y + radius), fill="red")
    return picture


@pytest.mark.parametrize("size", [(160, 160), (700, 500), (2000, 3000)])
def test_points_come_back_in_the_pictures_own_pixels(size: tuple[int, int]) -> None:
    x, y = 0.4 * size[0], 0.6 * size[1]
    (face,) = finder().find(with_spots(size, (x, y)))
    np.testing.assert_allclose(face.points[27], (x, y), atol=0.01 * max(size))
    assert face.points.shape == (POINTS, 2)
    assert face.points[36:42, 0].mean() < x < face.points[42:48, 0].mean()


def test_what_the_landmark_network_calls_no_face_is_left_out() -> None:
    assert finder(is_face=-1.0).find(with_spots((300, 300), (150, 150))) == []


def test_an_empty_picture_has_no_face() -> None:
    assert finder().find(Image.new("RGB", (320, 200), "grey")) == []


def test_pictures_of_any_shape_are_searched() -> None:
    for size in ((1, 1), (3, 900), (900, 3)):
        assert finder().find(Image.new("RGB", size)) == []


def test_one_face_is_found_once() -> None:
    assert len(finder().find(with_spots((400, 400), (200, 200)))) == 1


def test_faces_far_apart_are_found_each() -> None:
    assert len(finder().find(with_spots((600, 600), (120, 200), (480, 200)))) == 2


def test_a_mistake_at_a_glance_does_not_hide_a_face_that_a_closer_look_shows() -> None:
    picture = with_spots((400, 400), (120, 200))
    ImageDraw.Draw(picture).ellipse((280, 180, 320, 220), fill="blue")
    (face,) = finder(first=HastyFinder).find(picture)
    np.testing.assert_allclose(face.points[27], (120, 200), atol=4)


def test_overlap_is_the_shared_part_of_the_smaller_box() -> None:
    def box(left: float, top: float, right: float, bottom: float) -> Landmarks:
        points = np.array([[left, top], [right, bottom]], np.float32)
        return Landmarks(points, np.ones(2, np.float32))

    assert overlap(box(0, 0, 4, 2), box(3, 0, 5, 2)) == pytest.approx(1 / 2)
    assert overlap(box(0, 0, 1, 1), box(2, 2, 3, 3)) == 0
