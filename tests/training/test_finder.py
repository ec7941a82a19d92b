"""Learning to find faces: scenes know where their faces are, and the loss knows when they are found."""

import torch

from vchar.models.landmarks import FinderNet, Found
from vchar.training.finder import Portraits, Scene, compose, finding_loss, shuffled

SIZE, CELL = 160, FinderNet.cell


def portraits() -> Portraits:
    """Grey pictures whose face, 40 px large, has a bright middle."""
    pictures = torch.full((3, 3, 80, 80), 90, dtype=torch.uint8)
    pictures[:, :, 36:44, 36:44] = 255
    return Portraits(pictures, torch.full((3, 2), 40.0), torch.full((3,), 40.0), torch.zeros(3))


def scene(side: float) -> Scene:
    """One face in the middle of an empty picture, or none where side is 0."""
    return Scene(
        torch.zeros(1, 3, SIZE, SIZE),
        torch.tensor([[[82.0, 80.0]]]),
        torch.tensor([[side]]),
        torch.tensor([[[0.0, 1.0]]]),
    )


def found(side: float) -> Found:
    """Exactly that."""
    line = (torch.arange(SIZE // CELL) + 0.5) * CELL
    x, y = (82 - line).expand(20, 20), (80 - line)[:, None].expand(20, 20)
    inside = (x**2 + y**2 < (0.1 * side) ** 2) & (side > 0)
    down = torch.stack([torch.zeros(20, 20), torch.ones(20, 20)])
    size = torch.full((20, 20), max(side, 1.0)).log()
    return Found(torch.where(inside, 9.0, -9.0)[None], torch.stack([x, y])[None] / CELL, size[None], down[None])


def test_faces_of_a_scene_are_where_they_are_said_to_be() -> None:
    scenes = compose(portraits(), torch.zeros(4, 3, 96, 96, dtype=torch.uint8), SIZE, torch.Generator().manual_seed(1))
    assert scenes.pictures.shape[1:] == (3, SIZE, SIZE)
    faces = scenes.side > 0
    assert 4 < faces.sum() < 30
    assert (scenes.side[faces] < SIZE).all()
    torch.testing.assert_close(scenes.down.norm(dim=2)[faces], torch.ones(int(faces.sum())))


def test_the_same_generator_makes_the_same_scene() -> None:
    def pictures() -> torch.Tensor:
        grounds = torch.zeros(4, 3, 96, 96, dtype=torch.uint8)
        return compose(portraits(), grounds, SIZE, torch.Generator().manual_seed(5)).pictures

    assert torch.equal(pictures(), pictures())


def test_finding_the_face_costs_little_and_missing_or_inventing_it_much() -> None:
    right, missed = finding_loss(found(60), scene(60), CELL), finding_loss(found(0), scene(60), CELL)
    invented, nothing = finding_loss(found(60), scene(0), CELL), finding_loss(found(0), scene(0), CELL)
    assert right < 0.5 < missed
    assert nothing < 0.01 < invented


def test_shuffling_keeps_the_material_and_loses_the_order() -> None:
    picture = torch.rand(1, 3, 80, 80)
    mixed = shuffled(picture, torch.Generator().manual_seed(0))
    torch.testing.assert_close(mixed.flatten().sort().values, picture.flatten().sort().values)
    assert not torch.equal(mixed, picture)
