"""The head behind a portrait as a thing in space: what is needed to make files of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vchar.character import Character
from vchar.export.head_glb import head_glb_bytes
from vchar.expressing import Posed
from vchar.licence import Licence
from vchar.rig.body import HeadModel
from vchar.rig.bust import Bust
from vchar.rig.complexion import Complexion
from vchar.rig.likeness import Painter


@dataclass(frozen=True)
class Sculptor:
    """All that the heads have in common; read-only, so safe to share between threads."""

    head: HeadModel
    bust: Bust
    painter: Painter

    @classmethod
    def load(cls, head: HeadModel) -> Sculptor:
        """With the complexions that come with vchar; VcharError when they can't be read."""
        bust = Bust.of(head)
        return cls(head, bust, Painter(head, bust, Complexion.load()))

    def glb(
        self, sitter: Posed, hair: NDArray[np.float32], character: Character | None, licence: Licence | None
    ) -> bytes:
        """The sitter's head at rest; the recipe goes in if the head is a character's, no licence if it's a photo's.

        hair: [H,W] in 0..1, where the sitter's picture shows hair.
        """
        likeness = self.painter.paint(sitter.source, hair)
        return head_glb_bytes(self.head, self.bust, sitter.fit, likeness, character, licence)

    def tone(self, sitter: Posed) -> str:
        """The usual colour of the sitter's skin, sRGB such as #c79f86."""
        red, green, blue = (255 * self.painter.tone(sitter.source)).round().astype(int).tolist()
        return f"#{red:02x}{green:02x}{blue:02x}"
