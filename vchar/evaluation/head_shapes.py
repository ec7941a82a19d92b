"""The shapes of the heads that shards of faces show, in the components of a Studio generator's head."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vchar.data.face_shards import NOBODY, FaceShards
from vchar.data.portraits import shape_of_seed
from vchar.models.studio_head import StudioHead
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel

AT_ONCE = 100  # people whose shapes are found together


def shapes_of(net: StudioHead, head: HeadModel, shards: FaceShards) -> Tensor:
    """[N,S]: of the factory's people and of heads that were fitted; NaN where the head is unknown."""
    still = np.zeros(len(ARKIT_NAMES), np.float32)

    def calm(place: int) -> NDArray[np.float32]:
        person, identity = int(shards.person[place]), shards.identities[place]
        if person != NOBODY:
            return shape_of_seed(head, person)
        if len(identity) and not np.isnan(identity[0]):
            phenotype, local = np.split(identity, [len(head.phenotype)])
            return head.shape(phenotype, local, still)
        return np.full_like(head.mean, np.nan)

    people, shown_by = np.unique(shards.first, return_inverse=True)
    parts = np.array_split(people, len(people) // AT_ONCE + 1)
    shapes = [net.project(torch.from_numpy(np.stack([calm(place) for place in part]))) for part in parts]
    return torch.cat(shapes)[torch.from_numpy(shown_by)]
