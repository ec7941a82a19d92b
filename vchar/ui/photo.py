"""A portrait that a visitor opened: it lives in that visitor's session alone, and never on disk."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from vchar.expressing import Sitter
from vchar.faces import Landmarks
from vchar.portraits import open_portrait
from vchar.studio import Studio
from vchar.turning import Trust

PREVIEW_SIDE = 320  # px of the longer side while a control moves


@dataclass(frozen=True, eq=False)
class Photo:
    """The opened picture, every face in it, and the chosen one made ready to change."""

    name: str
    picture: Image.Image
    faces: Sequence[Landmarks]
    chosen: int
    full: Sitter
    preview: Sitter
    trust: Trust
    key: str = field(default_factory=lambda: secrets.token_hex(4))  # tells the page one photo from another

    @classmethod
    def take(cls, studio: Studio, path: str) -> Photo:
        """The picture in an uploaded file, which is deleted; VcharError when no face in it can be read."""
        picture, name = take_picture(path)
        faces = studio.faces(picture)
        return cls._of(studio, name, picture, faces, 0)

    def choose(self, studio: Studio, face: int) -> Photo:
        """The same picture with another face to change, 0 the largest."""
        return self._of(studio, self.name, self.picture, self.faces, face)

    @classmethod
    def _of(cls, studio: Studio, name: str, picture: Image.Image, faces: Sequence[Landmarks], chosen: int) -> Photo:
        full = studio.sitter(picture, chosen, name=name)
        preview = full.smaller(PREVIEW_SIDE)
        return cls(name, picture, faces, chosen, full, preview, preview.trust)


def take_picture(path: str) -> tuple[Image.Image, str]:
    """The picture in an uploaded file and the file's name; the file is deleted, whatever it holds."""
    file = Path(path)
    try:
        return open_portrait(file), file.name
    finally:
        file.unlink(missing_ok=True)
