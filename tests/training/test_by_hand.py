"""Portraits marked by hand."""

import pytest
import torch
from torch import Tensor

from vchar.errors import VcharError
from vchar.models.landmarks import MIRROR, POINTS, Placed, frames
from vchar.training import by_hand
from vchar.training.by_hand import marked_by_hand, read_marks, settle


class Centred(torch.nn.Module):
    """Sees the same face in the middle of every crop."""

    def forward(self, crops: Tensor) -> Placed:
        _, points, _ = read_marks()
        face = points[0] - points[0, 36:68].mean(0) + 48
        face[:36] = 48
        face[0:17, 0] = torch.linspace(10, 86, 17)
        count = len(crops)
        ones = torch.ones(count, POINTS)
        return Placed(face.expand(count, -1, -1), ones, torch.ones(count), torch.zeros(count, POINTS, 24, 24))


def test_marks_lie_in_the_portrait_with_the_pictures_left_first() -> None:
    numbers, points, marked = read_marks()
    assert len(set(numbers)) == len(numbers) >= 8
    assert ((points[marked] > 50) & (points[marked] < 220)).all()
    mirrored = points[:, list(MIRROR)]
    for left in (36, 39, 68):
        assert (points[:, left, 0] < mirrored[:, left, 0]).all()
    assert (points[:, 41, 1] > points[:, 37, 1]).all()  # lower lid below the upper one


def test_only_unmarked_points_come_from_the_network() -> None:
    numbers, points, marked = read_marks()
    portraits = torch.zeros(max(numbers) + 1, 3, 256, 256, dtype=torch.uint8)
    count = len(portraits)
    squares = torch.full((count, 2), 128.0), torch.full((count,), 140.0), torch.zeros(count)
    faces = marked_by_hand(Centred(), portraits, squares, 96)  # pyright: ignore[reportArgumentType]
    assert torch.equal(faces.points[marked], points[marked])
    assert (faces.known[marked] == 1).all()
    assert (faces.known[~marked] == by_hand.WEAK).all()


def test_too_few_portraits_to_hold_the_marked_ones_are_refused() -> None:
    squares = torch.full((4, 2), 128.0), torch.full((4,), 140.0), torch.zeros(4)
    with pytest.raises(VcharError, match="only 4; generate more"):
        marked_by_hand(Centred(), torch.zeros(4, 3, 256, 256, dtype=torch.uint8), squares, 96)  # pyright: ignore[reportArgumentType]


def test_each_look_is_framed_by_the_last_one() -> None:
    squares = torch.full((2, 2), 128.0), torch.full((2,), 140.0), torch.zeros(2)
    pictures = torch.zeros(2, 3, 256, 256, dtype=torch.uint8)
    once = settle(Centred(), pictures, squares, 96, looks=1)  # pyright: ignore[reportArgumentType]
    twice = settle(Centred(), pictures, squares, 96, looks=2)  # pyright: ignore[reportArgumentType]
    torch.testing.assert_close(twice, settle(Centred(), pictures, frames(once), 96, looks=1))  # pyright: ignore[reportArgumentType]
