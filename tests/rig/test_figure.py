"""The body that comes with vchar: its shapes, its skeleton, and how it follows clips."""

import numpy as np
import pytest

from vchar.errors import VcharError
from vchar.rig import rotation
from vchar.rig.body import PARTS, HeadModel
from vchar.rig.clip import Clip
from vchar.rig.figure import BodyModel, Shape
from vchar.rig.skeleton import Skeleton, standing_height

SKELETON = Skeleton.body()


@pytest.fixture(scope="module")
def body() -> BodyModel:
    return BodyModel.load()


@pytest.fixture(scope="module")
def neutral(body: BodyModel) -> Shape:
    return body.shape({})


def skin_of(body: BodyModel) -> np.ndarray:
    return np.unique(body.faces[body.face_part == PARTS.index("skin")])


def tall(shape: Shape) -> float:
    return float(np.ptp(shape.vertices[skin_of(shape.model), 1]))


def standing() -> Clip:
    root = np.array([[0, standing_height(SKELETON), 0]], np.float32)
    return Clip.without_contacts(SKELETON, 30, root, rotation.identity(1, len(SKELETON.names)))


def test_the_neutral_body_is_an_adult_in_a_t_pose(body: BodyModel, neutral: Shape) -> None:
    assert 1.6 < tall(neutral) < 1.9
    width = np.ptp(neutral.vertices[skin_of(body), 0])
    assert 0.9 < width / tall(neutral) < 1.1
    for side in ("Left", "Right"):
        arm = [SKELETON.index(side + name) for name in ("Arm", "ForeArm", "Hand")]
        assert np.ptp(neutral.rest[arm, 1]) < 1e-6
        leg = [SKELETON.index(side + name) for name in ("UpLeg", "Leg", "Foot")]
        assert np.ptp(neutral.rest[leg, 0]) < 1e-6


def test_its_skeleton_is_the_one_that_clips_have_with_other_lengths(neutral: Shape) -> None:
    assert neutral.skeleton.names == SKELETON.names
    assert np.abs(neutral.skeleton.offsets - SKELETON.offsets).max() < 0.03


@pytest.mark.parametrize(("slider", "low", "high"), [("height", 1.5, 1.95), ("legs", 1.72, 1.84)])
def test_sliders_make_it_taller(body: BodyModel, slider: str, low: float, high: float) -> None:
    assert tall(body.shape({slider: -1})) < low
    assert tall(body.shape({slider: 1})) > high


def test_the_weight_slider_widens_the_waist(body: BodyModel) -> None:
    def waist(shape: Shape) -> float:
        points = shape.vertices[skin_of(body)]
        return float(np.ptp(points[np.abs(points[:, 1] - 0.1) < 0.03, 2]))

    assert waist(body.shape({"weight": 1})) > 1.25 * waist(body.shape({"weight": -1}))


@pytest.mark.parametrize("name", ["age", "gender", "muscle", "proportions", "bust", "shoulders", "belly", "hips"])
def test_every_slider_changes_the_shape(body: BodyModel, neutral: Shape, name: str) -> None:
    for value in (-1, 1):
        assert np.linalg.norm(body.shape({name: value}).vertices - neutral.vertices, axis=1).max() > 0.004


def test_unknown_slider_is_refused(body: BodyModel) -> None:
    with pytest.raises(VcharError, match="no body slider"):
        body.shape({"tail": 0.5})


def test_bodies_stand_on_the_ground_whatever_their_size(body: BodyModel) -> None:
    for sliders in ({}, {"height": 1}, {"height": -1, "weight": 1}):
        shape = body.shape(sliders)
        placed = shape.posed(shape.moves(shape.follow(standing()))[0])
        assert abs(placed[:, 1].min()) < 0.002
        lifted = shape.posed(shape.moves(shape.follow(standing(), lift=0.02))[0])
        assert lifted[:, 1].min() == pytest.approx(0.02, abs=0.002)


def test_raising_the_left_hand_raises_the_vertices_of_the_left_hand(body: BodyModel, neutral: Shape) -> None:
    clip = standing()
    turned = clip.local_rotations.copy()
    turned[:, SKELETON.index("LeftArm")] = rotation.from_axis([0, 0, 1], 80)
    raised = Clip.without_contacts(SKELETON, 30, clip.root_positions, turned)
    before, after = (neutral.posed(neutral.moves(neutral.follow(each))[0]) for each in (clip, raised))
    hand = neutral.vertices[:, 0] > neutral.rest[SKELETON.index("LeftHand"), 0] + 0.02
    assert (after[hand, 1] - before[hand, 1]).min() > 0.3
    other = neutral.vertices[:, 0] < 0
    assert np.abs(after[other] - before[other]).max() < 0.02


def test_weights_are_whole_and_of_four_joints_at_most(body: BodyModel) -> None:
    assert body.bone_weight.shape == (len(body.mean), 4)
    assert np.allclose(body.bone_weight.sum(1), 1, atol=2e-3)
    assert body.bone_index.max() < len(body.joint_names)


def test_the_head_model_finds_its_vertices_on_the_body(body: BodyModel) -> None:
    head = HeadModel.load()
    skin = np.unique(head.faces[head.face_part == PARTS.index("skin")])
    place = np.searchsorted(body.base_index[body.base_index >= 0], head.base_index[skin])
    assert np.array_equal(body.base_index[place], head.base_index[skin])
    eyes = (body.base_index < 0).sum()
    assert eyes == (head.eye[head.base_index < 0] > 0).sum()
    own, theirs = body.mean[place] * [1, -1, -1], head.mean[skin]
    own, theirs = own - own.mean(0), theirs - theirs.mean(0)
    assert np.linalg.norm(own - theirs, axis=1).mean() < 0.006
