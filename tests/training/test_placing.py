"""Learning landmarks: marks follow the picture through every view, and unmarked faces need agreement."""

import pytest
import torch
from torch import Tensor

from vchar.models.landmarks import POINTS, Placed
from vchar.training import placing
from vchar.training.placing import Marked, mark, placing_loss

SIZE, CROP = 128, 96
GROUNDS = torch.zeros(1, 3, 96, 96, dtype=torch.uint8)


def marked(count: int) -> Marked:
    """Faces of which only the nose's root, point 27, is known and seen: a bright spot."""
    torch.manual_seed(0)
    points = torch.full((count, POINTS, 2), 64.0)
    points[:, :17, 0] = torch.linspace(30, 98, 17)
    points[:, 36:48, 1], points[:, 48:68, 1], points[:, 8, 1] = 50, 85, 100
    points[:, 27] = 55 + 18 * torch.rand(count, 2)
    line = torch.arange(SIZE) + 0.5
    x, y = points[:, 27, :1] - line, points[:, 27, 1:] - line
    spot = torch.exp(-(x[:, None] ** 2 + y[:, :, None] ** 2) / 8)
    known = torch.zeros(count, POINTS)
    known[:, 27] = 1
    return Marked((spot * 255).byte()[:, None].expand(-1, 3, -1, -1), points, known)


class SpotNet(torch.nn.Module):
    """Says that every point is where the crop is brightest, give or take `noise` pixels."""

    def __init__(self, noise: float = 0) -> None:
        super().__init__()
        self.noise = noise

    def forward(self, crops: Tensor) -> Placed:
        weight = crops.mean(1) ** 4
        line = torch.arange(crops.shape[-1]) + 0.5
        total = weight.sum((1, 2)) + 1e-9
        spot = torch.stack([(weight.sum(1) * line).sum(1), (weight.sum(2) * line).sum(1)], dim=1) / total[:, None]
        points = spot[:, None] + self.noise * torch.randn(len(crops), POINTS, 2)
        heat = torch.zeros(len(crops), POINTS, CROP // 4, CROP // 4)
        return Placed(points, torch.ones(len(crops), POINTS), torch.full((len(crops),), 20.0), heat)


@pytest.fixture(autouse=True)
def _no_accidents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "augment", lambda pictures, _: pictures)


def loss_of(net: torch.nn.Module, faces: Marked) -> float:
    return float(placing_loss(net, (faces,), GROUNDS, CROP)(0, torch.manual_seed(3)))  # pyright: ignore[reportArgumentType]


def test_a_network_that_sees_the_mark_has_next_to_no_error_in_any_view() -> None:
    # what remains: the share of crops without a face that a network sure of faces gets wrong, and half a pixel
    assert loss_of(SpotNet(), marked(8)) < loss_of(SpotNet(noise=3), marked(8)) - 2


def test_close_ups_keep_the_marks_on_the_picture() -> None:
    faces = marked(5).close_up()
    assert faces.pictures.shape[-1] == placing.CLOSE_SIZE
    brightest = faces.pictures[:, 0].flatten(1).float().argmax(1)
    seen = torch.stack([brightest % placing.CLOSE_SIZE, brightest // placing.CLOSE_SIZE], dim=1) + 0.5
    torch.testing.assert_close(seen, faces.points[:, 27], atol=1.5, rtol=0)


def test_faces_on_which_views_agree_are_marked() -> None:
    faces = marked(4)
    squares = torch.full((4, 2), 64.0), torch.full((4,), 70.0), torch.zeros(4)
    random = torch.Generator().manual_seed(0)
    found = mark(FaceNet(), faces.pictures, squares, CROP, random)  # pyright: ignore[reportArgumentType]
    torch.testing.assert_close(found.points[:, 27], faces.points[:, 27], atol=0.7, rtol=0)
    assert (found.known[:, 27] == 1).all()
    assert not len(mark(FaceNet(noise=20), faces.pictures, squares, CROP, random).points)  # pyright: ignore[reportArgumentType]


class FaceNet(SpotNet):
    """Puts a face of fixed shape round the spot."""

    def forward(self, crops: Tensor) -> Placed:
        placed = super().forward(crops)
        shape = marked(1).points[0] * 0.8
        shape[27] = torch.tensor([51.2, 51.2])
        return placed._replace(points=placed.points + shape - 51.2)
