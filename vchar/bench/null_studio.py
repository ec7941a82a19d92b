"""The studio with a model that does nothing: what is left is the cost of the app."""

import argparse
import zlib
from functools import cached_property

import numpy as np
import torch
from PIL import Image

from vchar.character import Character
from vchar.generators.photo_real import PhotoReal
from vchar.progress import Progress, silent
from vchar.studio import SIZES, Studio


class NullFaces(PhotoReal):
    """Has the real sliders, but one constant picture per size, of which a few pixels show the recipe."""

    @property
    def ready(self) -> bool:
        return True

    def prepare(self, progress: Progress = silent) -> None:
        progress(1.0, "Nothing to load")

    def draw(self, face: Character, size: int) -> Image.Image:
        picture = self._pictures[size].copy()
        red, green, blue, _ = zlib.crc32(face.to_code().encode()).to_bytes(4)
        picture.paste((red, green, blue), (0, 0, 8, 8))
        return picture

    @cached_property
    def _pictures(self) -> dict[int, Image.Image]:
        """Pictures with about as much detail as a portrait, so that the browser has as much to decode."""
        coarse = np.random.default_rng(0).integers(112, 144, (64, 64, 3), dtype=np.uint8)
        return {size: Image.fromarray(coarse).resize((size, size), Image.Resampling.BICUBIC) for size in SIZES}


def null_studio() -> Studio:
    device = torch.device("cpu")
    return Studio(device, [NullFaces(device, None)])


if __name__ == "__main__":
    from vchar.ui.app import serve

    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    serve(null_studio(), server_port=parser.parse_args().port)
