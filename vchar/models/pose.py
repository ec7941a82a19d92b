"""Motion as numbers that a network can learn: what the features of a frame mean, and where they put the body.

A frame's features are: the turn of the heading since the frame before (radians), the root's step over the ground since
then as seen from the heading (x, z in metres), its height (metres), the first two columns of every joint's rotation in
its parent (Zhou et al. 2019; of the root's without its heading), and whether the left and the right foot stand (0, 1).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

TURN, STEP, HEIGHT, ROTATIONS = slice(0, 1), slice(1, 3), slice(3, 4), slice(4, -2)
CONTACTS = slice(-2, None)
FPS = 30


def width(joints: int) -> int:
    """How many features a frame has."""
    return 4 + 6 * joints + 2


class Motion(NamedTuple):
    """Frames of one or more motions, begun above the origin and facing +Z.

    root [B,T,3]: metres.  rotations [B,T,J,3,3]: each joint in its parent, the root in the world.
    contacts [B,T,2]: how surely each foot stands, about 0..1.
    """

    root: Tensor
    rotations: Tensor
    contacts: Tensor


class Body(nn.Module):
    """The skeleton: features -> rotations and joints."""

    offsets: Tensor

    def __init__(self, parents: tuple[int, ...]) -> None:
        super().__init__()
        self.parents = parents
        self.register_buffer("offsets", torch.zeros(len(parents), 3))
        depth = [0]
        for parent in parents[1:]:
            depth.append(depth[parent] + 1)
        self.levels = [[j for j, d in enumerate(depth) if d == level] for level in range(1, max(depth) + 1)]

    def motion(self, features: Tensor) -> Motion:
        """Features [B,T,F] in their own units -> the motion that they mean."""
        heading = features[..., 0].cumsum(1)
        heading = heading - heading[:, :1]
        zero, one = torch.zeros_like(heading), torch.ones_like(heading)
        cos, sin = heading.cos(), heading.sin()
        turn = torch.stack([cos, zero, sin, zero, one, zero, -sin, zero, cos], -1).unflatten(-1, (3, 3))
        step = torch.cat([features[..., 1:2], torch.zeros_like(features[..., :1]), features[..., 2:3]], -1)
        ground = (turn @ step[..., None])[..., 0].cumsum(1)
        ground = ground - ground[:, :1]
        local = rotations(features[..., ROTATIONS].unflatten(-1, (-1, 6)))
        root = ground + F.pad(features[..., HEIGHT], (1, 1))
        local = torch.cat([turn[:, :, None] @ local[:, :, :1], local[:, :, 1:]], 2)
        return Motion(root, local, features[..., CONTACTS])

    def seen(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Where the joints are as seen from the heading [B,T,J,3], and their steps since the frame before
        [B,T-1,J,3], in metres; nothing is summed up over time."""
        still = torch.cat([torch.zeros_like(features[..., :3]), features[..., 3:]], -1)
        placed = self.joints(self.motion(still))
        turn = features[:, 1:, 0]
        cos, sin = turn.cos()[..., None], turn.sin()[..., None]
        x, y, z = placed[:, :-1].unbind(-1)
        before = torch.stack([cos * x - sin * z, y, sin * x + cos * z], -1)
        step = F.pad(features[:, 1:, None, STEP], (0, 1))[..., [0, 2, 1]]
        return placed, placed[:, 1:] - before + step

    def joints(self, motion: Motion) -> Tensor:
        """Where the joints are, [B,T,J,3] in metres."""
        turned = [motion.rotations[:, :, 0]] + [motion.root] * (len(self.parents) - 1)
        placed = [motion.root] * len(self.parents)
        for joints in self.levels:
            parents = [self.parents[j] for j in joints]
            above = torch.stack([turned[p] for p in parents], 2)
            start = torch.stack([placed[p] for p in parents], 2)
            ends = start + (above @ self.offsets[joints][..., None])[..., 0]
            global_turns = above @ motion.rotations[:, :, joints]
            for i, joint in enumerate(joints):
                placed[joint], turned[joint] = ends[:, :, i], global_turns[:, :, i]
        return torch.stack(placed, 2)


def rotations(six: Tensor) -> Tensor:
    """Six numbers [...,6] -> rotation matrices [...,3,3] (Gram-Schmidt)."""
    first = F.normalize(six[..., :3], dim=-1)
    second = six[..., 3:]
    second = F.normalize(second - (first * second).sum(-1, keepdim=True) * first, dim=-1)
    return torch.stack([first, second, torch.linalg.cross(first, second)], -1)
