"""Our body's skeleton, and forward kinematics against a slow and obvious reference."""

import numpy as np
import pytest

from vchar.errors import VcharError
from vchar.rig import rotation
from vchar.rig.rotation import Array
from vchar.rig.skeleton import SOLE, Skeleton, standing_height


@pytest.fixture(scope="module")
def body() -> Skeleton:
    return Skeleton.body()


def random_pose(skeleton: Skeleton, *shape: int) -> Array:
    return rotation.normalized(np.random.default_rng(0).normal(size=(*shape, len(skeleton.names), 4)))


def slow_positions(skeleton: Skeleton, root: Array, pose: Array) -> Array:
    """One pose [J,4], joint by joint, with 4x4 matrices."""
    frames: list[Array] = []
    for joint, parent in enumerate(skeleton.parents):
        frame = np.eye(4)
        frame[:3, :3] = rotation.to_matrix(pose[joint])
        frame[:3, 3] = root if parent < 0 else skeleton.offsets[joint]
        frames.append(frame if parent < 0 else frames[parent] @ frame)
    return np.array([frame[:3, 3] for frame in frames])


def test_fast_kinematics_agree_with_the_slow_reference(body: Skeleton) -> None:
    pose, root = random_pose(body, 3, 4), np.random.default_rng(1).normal(size=(3, 4, 3))
    fast = body.joint_positions(root, body.global_rotations(pose))
    slow = [[slow_positions(body, root[i, j], pose[i, j]) for j in range(4)] for i in range(3)]
    assert np.allclose(fast, slow, atol=1e-6)


def test_local_rotations_come_back_from_the_worlds(body: Skeleton) -> None:
    pose = random_pose(body, 5)
    assert rotation.angle(body.local_rotations(body.global_rotations(pose)), pose).max() < 1e-4


def test_bones_keep_their_lengths_in_every_pose(body: Skeleton) -> None:
    placed = body.joint_positions(np.zeros((9, 3)), body.global_rotations(random_pose(body, 9)))
    bones = np.linalg.norm(placed[:, 1:] - placed[:, list(body.parents[1:])], axis=-1)
    assert np.allclose(bones, np.linalg.norm(body.offsets[1:], axis=-1), atol=1e-6)


def test_the_body_rests_in_a_t_pose_that_faces_forward(body: Skeleton) -> None:
    rest = dict(zip(body.names, body.rest_positions(), strict=True))
    assert len(rest) == 22
    assert rest["LeftHand"][0] > rest["LeftForeArm"][0] > rest["LeftArm"][0] > 0
    assert np.allclose(rest["LeftHand"][1:], rest["LeftArm"][1:], atol=1e-6)
    assert rest["LeftToeBase"][2] > rest["LeftFoot"][2] + 0.1
    assert np.allclose(rest["LeftLeg"][[0, 2]], rest["LeftUpLeg"][[0, 2]], atol=1e-6)


def test_the_body_is_symmetric(body: Skeleton) -> None:
    assert np.allclose(body.rest_positions()[body.twins] * [-1, 1, 1], body.rest_positions(), atol=1e-6)
    assert [body.names[i] for i in body.twins[[0, body.index("LeftHand")]]] == ["Hips", "RightHand"]


def test_the_body_is_173_centimetres_tall_and_stands_on_the_ground(body: Skeleton) -> None:
    placed = body.rest_positions() + np.array([0, standing_height(body), 0])
    crown = body.tip_positions(placed, rotation.identity(22))[body.index("Head"), 1]
    assert crown == pytest.approx(1.73, abs=0.02)
    assert placed[body.index("RightFoot"), 1] == pytest.approx(SOLE, abs=1e-6)


def test_what_is_no_tree_is_refused() -> None:
    points = np.zeros((2, 3), np.float32)
    for names, parents in ((("a", "b"), (-1, 1)), (("a", "a"), (-1, 0)), (("a", "b"), (0, 0)), (("a", "b"), (-1,))):
        with pytest.raises(VcharError, match="one tree"):
            Skeleton(names, parents, points, points)
    with pytest.raises(VcharError, match=r"\[2,3\]"):
        Skeleton(("a", "b"), (-1, 0), points[:1], points)


def test_an_unknown_joint_is_named_with_the_known_ones(body: Skeleton) -> None:
    with pytest.raises(VcharError, match=r"no joint 'Tail'.*Hips"):
        body.index("Tail")
