"""Features -> rotations and joints, against the rig's own kinematics."""

import numpy as np
import torch

from vchar.models import pose
from vchar.models.pose import Body
from vchar.rig import rotation
from vchar.rig.skeleton import Skeleton

SKELETON = Skeleton.body()


def body() -> Body:
    body = Body(SKELETON.parents)
    body.offsets.copy_(torch.from_numpy(SKELETON.offsets))
    return body


def wild(frames: int) -> torch.Tensor:
    """Features of a body in any poses, walking in a curve."""
    features = torch.randn(2, frames, pose.width(22), generator=torch.Generator().manual_seed(0))
    features[..., pose.TURN] *= 0.05
    features[..., pose.STEP] *= 0.02
    return features


def test_joints_stand_where_the_rig_puts_them() -> None:
    motion = body().motion(wild(5))
    turned = rotation.from_matrix(motion.rotations.double().numpy())
    placed = SKELETON.joint_positions(motion.root.double().numpy(), SKELETON.global_rotations(turned))
    assert np.abs(body().joints(motion).numpy() - placed).max() < 1e-4


def test_six_numbers_mean_what_they_mean_to_the_rig() -> None:
    quaternions = rotation.normalized(np.random.default_rng(0).normal(size=(9, 4)))
    matrices = pose.rotations(torch.from_numpy(rotation.to_six(quaternions)))
    assert np.abs(matrices.numpy() - rotation.to_matrix(quaternions)).max() < 1e-9


def test_motion_begins_at_the_origin_and_adds_up_turns_and_steps() -> None:
    features = torch.zeros(1, 4, pose.width(22))
    features[..., 4], features[..., 8] = 1, 1  # the root upright
    features[..., 2], features[..., 3] = 0.1, 0.9
    features[:, 2:, 0] = torch.pi / 2
    root = body().motion(features).root[0]
    assert torch.allclose(root[:, 1], torch.full((4,), 0.9))
    assert torch.allclose(root[:, [0, 2]], torch.tensor([[0.0, 0], [0, 0.1], [0.1, 0.1], [0.1, 0]]), atol=1e-6)


def test_steps_as_seen_from_the_heading_are_the_steps_in_the_world_turned_back() -> None:
    features = wild(6)
    placed, stepped = body().seen(features)
    motion = body().motion(features)
    world = body().joints(motion)
    heading = (features[..., 0].cumsum(1) - features[:, :1, 0]).double().numpy()
    back = rotation.from_axis([0, 1, 0], -np.degrees(heading))
    there = rotation.rotate(back[:, 1:, None], np.diff(world.double().numpy(), axis=1))
    assert np.abs(stepped.numpy() - there).max() < 1e-4
    ground = motion.root * torch.tensor([1, 0, 1])
    seen = rotation.rotate(back[:, :, None], (world - ground[:, :, None]).double().numpy())
    assert np.abs(placed.numpy() - seen).max() < 1e-4
