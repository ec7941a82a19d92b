"""The same studio with a model that does nothing: for tests of the app and for the bench's bare app."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from PIL import Image, ImageDraw

from vchar.character import Character, Mix
from vchar.errors import VcharError
from vchar.licence import Licence
from vchar.models.sliders import SliderSpec
from vchar.progress import Progress, silent
from vchar.studio import SIZES, Studio

SLIDERS = (
    SliderSpec("age", "Age", "Age & gender", "younger", "older"),
    SliderSpec("gender", "Gender", "Age & gender", "feminine", "masculine"),
    SliderSpec("skin_tone", "Skin tone", "Skin", "darker", "lighter"),
    SliderSpec("smile", "Smile", "Nose & mouth", "serious", "smiling"),
    SliderSpec("glasses", "Glasses", "Look & light", "none", "glasses", minimum=0.0),
)


class FakeStudio(Studio):
    """A `Studio` whose portrait is a flat colour, derived from the recipe, with the seed written on it."""

    def __init__(self, failures: Iterable[str] = (), ready: bool = True) -> None:
        self._awake = ready
        self._failures = list(failures)  # sentences with which the next calls of `prepare` fail

    @property
    def ready(self) -> bool:
        return self._awake

    @property
    def sliders(self) -> tuple[SliderSpec, ...]:
        return SLIDERS

    def licence(self) -> Licence:
        return Licence("Flat colours", "made for tests", "No model made this picture.")

    def prepare(self, progress: Progress = silent) -> None:
        if self._awake:
            return
        progress(0.5, "Fetching nothing (38 MB), 19 MB so far")
        if self._failures:
            raise VcharError(self._failures.pop(0))
        self._awake = True

    def portrait(self, character: Character, size: int = 1024) -> Image.Image:
        if size not in SIZES:
            raise VcharError(f"Portraits are not made at {size} pixels.")
        unknown = set(character.sliders) - {spec.name for spec in self.sliders}
        if unknown:
            raise VcharError(f"There is no slider {', '.join(sorted(unknown))}.")
        image = Image.new("RGB", (size, size), colour(character))
        ImageDraw.Draw(image).text((size // 8, size // 8), f"seed {character.seed}", fill="white", font_size=size // 10)
        return image

    def variations(
        self, character: Character, n: int = 8, strength: float = 0.3, seed: int = 0, keep: Iterable[str] = ()
    ) -> list[Character]:
        return [
            replace(character, mixes=(Mix(1000 * seed + place, strength, strength, tuple(keep)),)) for place in range(n)
        ]

    def surprise(self, character: Character, strength: float, seed: int, keep: Iterable[str] = ()) -> Character:
        sliders = {name: value for name, value in character.sliders.items() if name in set(keep)}
        return replace(character, seed=seed, sliders=sliders, mixes=())


def colour(character: Character) -> tuple[int, int, int]:
    """The colour of the fake portrait: another recipe, another colour."""
    digest = hashlib.sha256(replace(character, name="").to_json().encode()).digest()
    return digest[0], digest[1], digest[2]
