"""Clothes: they cover, they stay outside the skin whatever the shape and the pose, and their hems are smooth."""

import numpy as np
import pytest
from scipy.spatial import KDTree

from vchar.rig import rotation
from vchar.rig.body import PARTS, vertex_normals
from vchar.rig.clip import Clip
from vchar.rig.figure import BodyModel, Shape
from vchar.rig.garment import SOLE, Garment, Pattern
from vchar.rig.skeleton import Skeleton, standing_height
from vchar.rig.skinning import skin
from vchar.rig.wardrobe import CHEST, KINDS

SKELETON = Skeleton.body()
SHAPES = ({"gender": 1, "weight": 1}, {"gender": -1, "bust": 1, "weight": 0.5}, {"weight": -1, "height": 1})


@pytest.fixture(scope="module")
def body() -> BodyModel:
    return BodyModel.load()


@pytest.fixture(scope="module")
def neutral(body: BodyModel) -> Shape:
    return body.shape({})


@pytest.fixture(scope="module")
def garments(body: BodyModel, neutral: Shape) -> dict[str, Garment]:
    patterns = {name: Pattern.of(neutral, getattr(body, name)) for name in ("tights", "skirt")}
    return {name: Garment.sewn(patterns[kind.pattern], neutral, kind.cut) for name, kind in KINDS.items()}


def sitting() -> Clip:
    """Arms down and forward, hips and knees bent by 80 degrees."""
    turned = rotation.identity(1, len(SKELETON.names))
    for side, sign in (("Left", 1), ("Right", -1)):
        turned[0, SKELETON.index(f"{side}Arm")] = rotation.from_axis([0, 0, 1], -60 * sign)
        turned[0, SKELETON.index(f"{side}ForeArm")] = rotation.from_axis([0, 1, 0], -70 * sign)
        turned[0, SKELETON.index(f"{side}UpLeg")] = rotation.from_axis([1, 0, 0], -80)
        turned[0, SKELETON.index(f"{side}Leg")] = rotation.from_axis([1, 0, 0], 80)
    root = np.array([[0, standing_height(SKELETON), 0]], np.float32)
    return Clip.without_contacts(SKELETON, 30, root, turned)


def depth(points: np.ndarray, cloth: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """How far points stand out of the cloth (m), by its nearest vertices."""
    normals = vertex_normals(cloth, faces)
    nearest = KDTree(cloth).query(points)[1]
    return ((points - cloth[nearest]) * normals[nearest]).sum(1)


@pytest.mark.parametrize("name", list(KINDS))
def test_hems_are_closed_rings_of_even_height(garments: dict[str, Garment], neutral: Shape, name: str) -> None:
    garment, places = garments[name], garments[name].fit(neutral)
    assert len(garment.rings) == {"top": 4, "bottom": 3, "shoes": 4}[KINDS[name].slot] - (name == "skirt")
    for ring in garment.rings:
        turns = places[np.roll(ring, -1)] - 2 * places[ring] + places[np.roll(ring, 1)]
        assert np.linalg.norm(turns, axis=1).max() < 0.012


@pytest.mark.parametrize("name", ["sweater", "tank_top", "jeans", "shorts", "boots"])
@pytest.mark.parametrize("sliders", SHAPES)
def test_covered_skin_stays_inside_in_every_shape(
    garments: dict[str, Garment], body: BodyModel, neutral: Shape, name: str, sliders: dict[str, float]
) -> None:
    garment, shape = garments[name], body.shape(sliders)
    skin_only = np.unique(body.faces[body.face_part == PARTS.index("skin")])
    places = neutral.vertices[skin_only]
    between_legs = (np.abs(places[:, 0]) < 0.06) & (places[:, 1] < 0.04)  # where the other leg's cloth is nearer
    hidden = skin_only[(KINDS[name].hides(places) > 0.02) & ~between_legs]
    cloth = garment.fit(shape)[: garment.sheet.count]
    out = depth(shape.vertices[hidden], cloth, garment.sheet.faces)
    assert np.mean(out > 0.002) < 0.003


def test_bare_skin_stays_inside_at_the_openings_when_sitting(
    garments: dict[str, Garment], body: BodyModel, neutral: Shape
) -> None:
    garment, shape = garments["t_shirt"], body.shape({"gender": 1})
    inside, height = KINDS["t_shirt"].hides(neutral.vertices), neutral.vertices[:, 1]
    near = (inside > 0.002) & (inside < 0.012) & (height > CHEST) & np.isin(np.arange(len(inside)), body.faces)
    moves = shape.moves(shape.follow(sitting()))[0]
    own = slice(garment.sheet.count)
    cloth = skin(garment.fit(shape)[own], garment.bone_index[own], garment.bone_weight[own], moves)
    assert np.mean(depth(shape.posed(moves)[near], cloth, garment.sheet.faces) > 0.004) < 0.05


def test_a_top_lies_outside_the_trousers_below_it(garments: dict[str, Garment], neutral: Shape) -> None:
    top, jeans = (garments[name].fit(neutral) for name in ("t_shirt", "jeans"))
    waist = jeans[jeans[:, 1] > 0]
    assert np.mean(depth(waist, top, garments["t_shirt"].faces) > 0) < 0.02


def test_soles_lie_flat_on_the_ground(garments: dict[str, Garment], body: BodyModel) -> None:
    for sliders in SHAPES:
        shape, garment = body.shape(sliders), garments["sneakers"]
        soles = garment.fit(shape)[np.unique(garment.faces[garment.part == SOLE])]
        ground = shape.vertices[:, 1].min() - KINDS["sneakers"].cut.sole
        assert soles[:, 1].min() == pytest.approx(ground, abs=1e-5)
        assert np.mean(soles[:, 1] < ground + 0.004) > 0.5


def test_cloth_spans_the_hollow_between_breasts(garments: dict[str, Garment], body: BodyModel) -> None:
    shape = body.shape({"gender": -1, "bust": 1})
    cloth = garments["t_shirt"].fit(shape)

    def hollow(points: np.ndarray) -> float:
        ahead = points[(points[:, 2] > 0) & (np.abs(points[:, 1] - 0.27) < 0.02)]
        middle = ahead[np.abs(ahead[:, 0]) < 0.015, 2].max()
        return float(ahead[:, 2].max() - middle)

    assert hollow(cloth) < 0.6 * hollow(shape.vertices[np.unique(body.faces)])


def test_fitting_twice_gives_the_same(garments: dict[str, Garment], neutral: Shape) -> None:
    assert np.array_equal(garments["sweater"].fit(neutral), garments["sweater"].fit(neutral))
