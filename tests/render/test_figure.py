"""The clothed figure: never naked, in the colours asked for, standing in its picture."""

import numpy as np
import pytest

from vchar.character import Body
from vchar.dressing import Wardrobe
from vchar.errors import VcharError
from vchar.render import stage
from vchar.render.fabric import Unrolled, paint
from vchar.render.figure import Dresser, Piece, sole_thickness
from vchar.rig import rotation
from vchar.rig.clip import Clip
from vchar.rig.figure import Shape
from vchar.rig.garment import Garment, Pattern
from vchar.rig.skeleton import Skeleton, standing_height
from vchar.rig.wardrobe import KINDS, Wear

OUTFIT = Body().outfit


@pytest.fixture(scope="module")
def dresser(wardrobe: Wardrobe) -> Dresser:
    return wardrobe.dresser


@pytest.fixture(scope="module")
def shape(dresser: Dresser) -> Shape:
    return dresser.model.shape({"gender": -1})


@pytest.fixture(scope="module")
def pieces(dresser: Dresser, shape: Shape) -> list[Piece]:
    return dresser.dress(shape, OUTFIT)


def standing(shape: Shape) -> np.ndarray:
    skeleton = Skeleton.body()
    root = np.array([[0, standing_height(skeleton), 0]], np.float32)
    clip = Clip.without_contacts(skeleton, 30, root, rotation.identity(1, len(skeleton.names)))
    return shape.moves(shape.follow(clip, sole_thickness(OUTFIT)))[0]


def test_the_body_below_clothes_is_left_out(pieces: list[Piece]) -> None:
    (skin,) = (piece for piece in pieces if piece.name == "Skin")
    x, y, _ = skin.vertices.T
    assert not ((np.abs(x) < 0.2) & (y < 0.35) & (y > -0.75)).any()


def test_pieces_are_whole_meshes(pieces: list[Piece]) -> None:
    assert [piece.name for piece in pieces] == ["Skin", "Eyes", "T-shirt", "Jeans", "Sneakers", "Soles"]
    for piece in pieces:
        assert np.array_equal(np.unique(piece.faces), np.arange(len(piece.vertices)))
        assert np.allclose(piece.bone_weight.sum(1), 1, atol=2e-3)
        assert (piece.uv is None) == (piece.texture is None)


@pytest.mark.parametrize("outfit", [(), OUTFIT[:2], (*OUTFIT, Wear("boots")), (OUTFIT[0], OUTFIT[0], OUTFIT[2])])
def test_half_an_outfit_is_refused(dresser: Dresser, shape: Shape, outfit: tuple[Wear, ...]) -> None:
    with pytest.raises(VcharError, match="one garment for each of top, bottom, shoes"):
        dresser.dress(shape, outfit)


def test_skin_takes_the_asked_for_tone(dresser: Dresser, shape: Shape) -> None:
    light, dark = (dresser.dress(shape, OUTFIT, tone)[0] for tone in ("#e8c4b0", "#5c3a28"))
    assert np.median(light.colour[:, 0]) > 3 * np.median(dark.colour[:, 0])


def test_the_figure_stands_whole_in_its_picture_on_a_shadow(shape: Shape, pieces: list[Piece]) -> None:
    moves = standing(shape)
    view = stage.camera(*stage.bounds(pieces, moves), 160, 120)
    bare, shaded = (stage.draw(pieces, moves, view, 160, 120, shadow) for shadow in (False, True))
    alpha = bare[..., 3]
    assert max(alpha[0].max(), alpha[-1].max(), alpha[:, 0].max(), alpha[:, -1].max()) == 0
    rows, columns = np.nonzero(alpha > 0.5)
    assert max(np.ptp(rows) / 160, np.ptp(columns) / 120) > 0.75
    assert shaded[..., 3].sum() > alpha.sum() + 10
    assert np.abs(shaded[: rows.max() // 2] - bare[: rows.max() // 2]).mean() < 0.002  # feet and ground alone darken


def flat(kind: str, dresser: Dresser) -> Unrolled:
    return Unrolled.of(sewn(kind, dresser), KINDS[kind].slot)


def sewn(kind: str, dresser: Dresser) -> Garment:
    neutral = dresser.model.shape({})
    return Garment.sewn(Pattern.of(neutral, getattr(dresser.model, KINDS[kind].pattern)), neutral, KINDS[kind].cut)


@pytest.fixture(scope="module")
def shirt(dresser: Dresser) -> Unrolled:
    return flat("t_shirt", dresser)


@pytest.mark.parametrize("kind", ["trousers", "skirt"])
def test_a_plain_garment_is_mostly_of_its_colour_and_lies_within_its_picture(dresser: Dresser, kind: str) -> None:
    at = flat(kind, dresser)
    picture = paint(at, Wear(kind, "#4060a0"))
    assert np.abs(np.median(picture.reshape(-1, 3), 0) - [0x40, 0x60, 0xA0]).max() < 6
    assert at.uv.min() >= 0
    assert at.uv.max() <= 1


@pytest.mark.parametrize("pattern", ["stripes", "pinstripes", "checks", "two_tone"])
def test_patterns_show_the_second_colour(shirt: Unrolled, pattern: str) -> None:
    picture = paint(shirt, Wear("t_shirt", "#000000", pattern, "#ffffff")).astype(int)
    assert 0.03 < np.mean(picture.mean(-1) > 90) < 0.9
