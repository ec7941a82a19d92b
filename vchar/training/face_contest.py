"""All that a run of adversarial training changes: who makes pictures, and who judges them."""

from __future__ import annotations

import copy
from pathlib import Path

import torch
from torch import Tensor, nn

from vchar import checkpoint
from vchar.errors import VcharError
from vchar.models.critic import Critic, CriticConfig
from vchar.models.face_encoder import FaceEncoder, FaceEncoderConfig
from vchar.models.studio_face import StudioFace, StudioFaceConfig
from vchar.models.studio_head import StudioHead
from vchar.training.crowd import Crowd

FIRST_SIZE = 64  # pixels, for which the recipe's penalty is meant, and at most which the encoder sees
LEARNT = 100_000  # pictures that whoever is gone on from counts as having seen


class Contest(nn.Module):
    """A generator with the encoder that places pictures in its z, the averaged selves of both, their critic, and the
    crowd of those whom the encoder placed.

    chance: that each disturbance happens (ADA's).  seen: pictures in all stages so far.
    """

    chance: Tensor
    seen: Tensor

    def __init__(
        self, config: StudioFaceConfig, head: StudioHead, units: tuple[Tensor, Tensor], encoded: int | None = None
    ) -> None:
        """head: of config.head.  units: mean and spread [K] of the conditions.  encoded: pixels a side that the encoder
        sees."""
        super().__init__()
        self.generator = StudioFace(config)
        self.generator.head.load_state_dict(head.state_dict())
        for kept, found in zip((self.generator.code.mean, self.generator.code.spread), units, strict=True):
            kept.copy_(found)
        seen = min(FIRST_SIZE, config.size) if encoded is None else encoded
        self.encoder = FaceEncoder(FaceEncoderConfig(config.z_dim, len(config.conditions), seen))
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.average_encoder = copy.deepcopy(self.encoder).requires_grad_(False)
        self.critic = Critic(CriticConfig(config.size, len(config.conditions)))
        self.crowd = Crowd(config.z_dim)
        self.register_buffer("chance", torch.zeros((), dtype=torch.float64))
        self.register_buffer("seen", torch.zeros((), dtype=torch.int64))

    def grow_from(self, smaller: Contest) -> None:
        """Go on from a contest at half the size."""
        self.generator.grow_from(smaller.generator)
        self.average.grow_from(smaller.average)
        self.critic.grow_from(smaller.critic)
        self.encoder.load_state_dict(smaller.encoder.state_dict())
        self.average_encoder.load_state_dict(smaller.average_encoder.state_dict())
        self.crowd.load_state_dict(smaller.crowd.state_dict())
        self.chance.copy_(smaller.chance)
        self.seen.copy_(smaller.seen)

    def parts(self, folder: Path, encoded: bool) -> dict[Path, list[StudioFace] | list[Critic] | list[FaceEncoder]]:
        """By checkpoint, in `folder` and beside it: the nets that learn from it, the one that it is made of last."""
        found = {folder: [self.generator, self.average], checkpoint.beside(folder, "critic"): [self.critic]}
        encoders = {checkpoint.beside(folder, "encoder"): [self.encoder, self.average_encoder]}
        return found | (encoders if encoded else {})

    def load(self, folder: Path, encoded: bool) -> None:
        """Go on from checkpoints; VcharError where one is missing, damaged or made for pictures of another size.

        A critic may be missing, as one is no use to those who only make pictures; it then begins anew.
        """
        for path, nets in self.parts(folder, encoded).items():
            if nets == [self.critic] and not path.is_dir():
                continue
            tensors = checkpoint.load_tensors(path)
            for net in nets:
                try:
                    net.load_state_dict(tensors)
                except RuntimeError as error:
                    size = self.generator.config.size
                    raise VcharError(f"{path} is of another size or kind; the first stage is {size} px.") from error
        self.seen.fill_(LEARNT)
