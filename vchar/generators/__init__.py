"""Generators of faces, as the studio knows them: two ways to make a face of a recipe, behind the same few verbs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import pi
from typing import Protocol

from PIL import Image
from torch import Tensor

from vchar.character import Character
from vchar.errors import VcharError
from vchar.expressing import Sitter
from vchar.licence import Licence
from vchar.models.pixels import to_bytes
from vchar.models.sliders import SliderSpec
from vchar.progress import Progress, silent
from vchar.rig.body import HeadModel
from vchar.rig.fit import Fit

# From a picture, the head model and how that was fitted to a face in the picture, to the face's `Character.place`.
FindPlace = Callable[[Image.Image, HeadModel, Fit], str]


class Generator(Protocol):
    """Whatever makes faces of recipes; safe to share between threads and visitors."""

    @property
    def model(self) -> str:
        """Its name in recipes."""
        ...

    @property
    def label(self) -> str:
        """Its name on the page."""
        ...

    @property
    def licence(self) -> Licence:
        """What one may do with its pictures."""
        ...

    @property
    def note(self) -> str:
        """What else one should know of its pictures, a sentence; empty where there is nothing."""
        ...

    @property
    def layered(self) -> bool:
        """Whether it can give one face's shape another's colouring; else a mix goes by the mean of its two shares."""
        ...

    @property
    def sliders(self) -> tuple[SliderSpec, ...]:
        """Its named sliders, in the order in which they are shown."""
        ...

    @property
    def ready(self) -> bool:
        """Whether its networks are loaded."""
        ...

    @property
    def find_place(self) -> FindPlace | None:
        """Finds faces of pictures a place among its own; None where it has no encoder for that."""
        ...

    def prepare(self, progress: Progress = silent) -> None:
        """Load its networks, the first time ever from wherever they are; a failed call may simply be repeated.

        Raises VcharError when they can't be had; raise inside `progress` to cancel.
        """
        ...

    def draw(self, face: Character, size: int) -> Image.Image:
        """The face by itself, whatever the recipe says of expression and view: RGB, `size` pixels square.

        Raises VcharError for an unknown slider, or when the networks can't be had.
        """
        ...

    def actor(self, face: Character, size: int) -> Sitter | None:
        """The face, drawn anew for every expression and view; None where its picture must be warped instead."""
        ...


def known(names: Iterable[str], sliders: Sequence[SliderSpec]) -> tuple[str, ...]:
    """`names` unchanged; VcharError if one of them is no slider's."""
    names, all_names = tuple(names), [spec.name for spec in sliders]
    unknown = sorted(set(names) - set(all_names))
    if unknown:
        raise VcharError(f"There is no slider {', '.join(unknown)}; the sliders are {', '.join(all_names)}.")
    return names


def blend(one: Tensor, other: Tensor, average: Tensor, amount: Tensor) -> Tensor:
    """Codes of faces, turned from `one` towards the `other` by `amount` 0..1.

    Along the arc rather than the chord: halfway along the chord lies a blander face, nearer to the average.
    """
    angle = amount * (pi / 2)
    return average + (one - average) * angle.cos() + (other - average) * angle.sin()


def to_image(pictures: Tensor) -> Image.Image:
    """The first of RGB pictures [B,3,S,S], nominally in -1..1."""
    return Image.fromarray(to_bytes(pictures[0]).cpu().numpy())
