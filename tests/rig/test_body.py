"""The head that comes with vchar."""

import numpy as np
import pytest

from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import PARTS, HeadModel
from vchar.rig.camera import Camera


@pytest.fixture(scope="module")
def head() -> HeadModel:
    return HeadModel.load()


def shape(head: HeadModel, **weights: float) -> np.ndarray:
    arkit = np.zeros(52, np.float32)
    for name, weight in weights.items():
        arkit[ARKIT_NAMES.index(name)] = weight
    return head.shape(np.zeros(len(head.phenotype), np.float32), np.zeros(len(head.local_names), np.float32), arkit)


def landmark(head: HeadModel, vertices: np.ndarray, *numbers: int) -> np.ndarray:
    return vertices[head.landmarks[list(numbers)]].mean(0)


def test_every_arkit_action_moves_the_head(head: HeadModel) -> None:
    assert len(head.arkit) == 52
    rest = shape(head)
    for name in ARKIT_NAMES:
        assert np.abs(shape(head, **{name: 1.0}) - rest).max() > 0.001, name


@pytest.mark.parametrize(("action", "points", "axis", "sign"), [
    ("jawOpen", (8,), 1, 1), ("mouthSmileLeft", (54,), 1, -1), ("mouthSmileRight", (48,), 1, -1),
    ("mouthFrownLeft", (54,), 1, 1), ("browInnerUp", (21, 22), 1, -1), ("browDownRight", (19,), 1, 1),
    ("eyeBlinkRight", (37, 38), 1, 1), ("eyeBlinkLeft", (43, 44), 1, 1), ("mouthPucker", (48,), 0, 1),
])  # fmt: skip
def test_actions_move_what_their_names_say_on_the_characters_own_side(
    head: HeadModel, action: str, points: tuple[int, ...], axis: int, sign: int
) -> None:
    moved = landmark(head, shape(head, **{action: 1.0}), *points) - landmark(head, shape(head), *points)
    assert moved[axis] * sign > 0.001


@pytest.mark.parametrize(("action", "pupil", "axis", "sign"), [
    ("eyeLookInLeft", 69, 0, -1), ("eyeLookOutLeft", 69, 0, 1), ("eyeLookInRight", 68, 0, 1),
    ("eyeLookUpRight", 68, 1, -1), ("eyeLookDownLeft", 69, 1, 1),
])  # fmt: skip
def test_eyes_look_where_they_are_told(head: HeadModel, action: str, pupil: int, axis: int, sign: int) -> None:
    moved = landmark(head, shape(head, **{action: 1.0}), pupil) - landmark(head, shape(head), pupil)
    assert moved[axis] * sign > 0.003


def test_a_looking_eye_keeps_its_size_and_place(head: HeadModel) -> None:
    ball = head.eye == 1
    before, after = (v[ball] - v[head.eye_centres[0]] for v in (shape(head), shape(head, eyeLookOutRight=1.0)))
    assert np.allclose(np.linalg.norm(before, axis=1), np.linalg.norm(after, axis=1), atol=1e-5)


def test_the_head_is_nearly_symmetric(head: HeadModel) -> None:
    skin = np.unique(head.faces[head.face_part == PARTS.index("skin")])
    twins = head.mean[head.mirror[skin]] * [-1, 1, 1]
    assert np.linalg.norm(twins - head.mean[skin], axis=1).max() < 0.001


def test_turning_moves_the_head_and_leaves_the_torso(head: HeadModel) -> None:
    rest = shape(head)
    turned = head.turn(rest, yaw=30)
    nose = head.landmarks[30]
    assert turned[nose, 0] > rest[nose, 0] + 0.02
    torso = head.turn_weight == 0
    assert np.allclose(turned[torso], rest[torso], atol=1e-6)


def test_normals_of_the_face_look_at_the_camera_and_teeth_too(head: HeadModel) -> None:
    normals = head.normals(head.mean)
    assert normals[head.landmarks[[8, 30, 33, 51, 68, 69]], 2].max() < 0
    front = np.unique(head.faces[head.face_part == PARTS.index("teeth")])
    front = front[head.base_index[front] < 0]  # our own teeth, not the gums
    assert np.mean(normals[front, 2] < 0) > 0.8


def test_projecting_puts_the_picture_left_eye_left_and_the_chin_below(head: HeadModel) -> None:
    screen = Camera.facing(256).project(shape(head))[head.landmarks]
    assert screen[68, 0] < screen[69, 0]
    assert screen[8, 1] > screen[30, 1]
    assert np.all((screen[:, :2] > 0) & (screen[:, :2] < 256))


@pytest.mark.parametrize("upper_and_lower", [(61, 67), (62, 66), (63, 65)])
def test_inner_lip_points_part_when_the_jaw_opens(head: HeadModel, upper_and_lower: tuple[int, int]) -> None:
    upper, lower = upper_and_lower
    opened = shape(head, jawOpen=1.0)
    assert landmark(head, opened, lower)[1] - landmark(head, opened, upper)[1] > 0.02
    assert abs(landmark(head, head.mean, lower)[1] - landmark(head, head.mean, upper)[1]) < 0.003
