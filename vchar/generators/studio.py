"""The Studio generator: our own, which ships with vchar. Expressions and views act inside it: the rest stands still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from vchar import checkpoint
from vchar.character import Character, Expression, View
from vchar.expressing import Sitter, Weights, target, vector
from vchar.generators import FindPlace, known, places, to_image
from vchar.generators.attributes import sliders_of, units_of
from vchar.generators.coder import Coder, Read
from vchar.lazy import Lazy
from vchar.licence import Licence
from vchar.models.face_encoder import FaceEncoder, FaceEncoderConfig
from vchar.models.studio_face import StudioFace, StudioFaceConfig
from vchar.precision import choose_dtype
from vchar.progress import Progress, silent
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.turning import TRIED, Angles, Trust

OURS = Licence(
    name="vchar Studio",
    short="ours: free to use, commercially too",
    text=(
        "Weights: vchar's own (Apache-2.0), trained from random numbers on pictures of people who don't exist, "
        "drawn by vchar and by the makers of SFHQ (MIT); their card names every source. Use the pictures for anything "
        "you like, commercially too; say "
        "that they are made by AI when you show them."
    ),
)
FOREIGN = Licence(
    name="a vchar Studio trained anew",
    short="learnt from pictures that vchar did not draw: ask whoever trained it",
    text=(
        "Weights: trained with vchar on pictures of which vchar knows no licence. Whoever trained them can tell what "
        "may be done with what they make; say that it is made by AI when you show it."
    ),
)


@dataclass(frozen=True)
class _Networks:
    coder: Coder  # in float32
    painter: StudioFace  # from w to pictures, in the number format that is faster


class StudioFaces:
    """See `vchar.generators.Generator`. Pictures are made at the network's own size and scaled to any other."""

    model, layered = "studio", False

    def __init__(self, folder: Path, device: torch.device, dtype: torch.dtype | None) -> None:
        """VcharError when the checkpoint in `folder` can't be read."""
        self._folder, self._device, self._dtype = folder, device, dtype
        self._config = checkpoint.load_config(folder, StudioFaceConfig)
        learnt = checkpoint.load_tensors(folder)
        mean, spread = learnt["code.mean"].tolist(), learnt["code.spread"].tolist()
        self.sliders = sliders_of(units_of(self._config.conditions, mean, spread))
        ours = self._config.licence == OURS.name
        told = replace(FOREIGN, short=f"{FOREIGN.short}; they say: {self._config.licence}")
        foreign = told if self._config.licence else FOREIGN
        self.label, self.licence = ("Studio (ours, free to use)", OURS) if ours else ("Studio (trained anew)", foreign)
        self._networks, self._encoder = Lazy(self._load), _encoder_beside(folder, device)

    @property
    def note(self) -> str:
        return f"It draws {self._config.size} by {self._config.size} pixels; larger pictures are enlarged from that."

    @property
    def ready(self) -> bool:
        return self._networks.ready

    @property
    def find_place(self) -> FindPlace | None:
        encoder = self._encoder
        if encoder is None:
            return None
        return lambda *seen: places.find(self._networks().painter, encoder(), *seen)

    def prepare(self, progress: Progress = silent) -> None:
        self._networks(progress)

    def draw(self, face: Character, size: int) -> Image.Image:
        return self.act(face, size, vector({}), View())

    def actor(self, face: Character, size: int) -> Sitter:
        return Actor(self, face, size)

    @torch.inference_mode()
    def act(self, face: Character, size: int, weights: Weights, view: View) -> Image.Image:
        """The face doing what ARKit weights [52] say, looking where `view` says; else as `draw`."""
        known([*face.sliders, *(name for mix in face.mixes for name in mix.keep)], self.sliders)
        networks = self._networks()
        picture = to_image(networks.painter.synthesis(networks.coder(face, weights, view)))
        scaling = Image.Resampling.BOX if size < picture.width else Image.Resampling.LANCZOS
        return picture if size == picture.width else picture.resize((size, size), scaling)

    def _load(self, progress: Progress) -> _Networks:
        progress(1.0, "Getting ready")
        net = checkpoint.load_network(self._folder, StudioFace, StudioFaceConfig).to(self._device)
        where = checkpoint.cache_dir(), self.model, self._device
        dtype = self._dtype or choose_dtype(*where, lambda number_format: _trial(net, number_format))
        return _Networks(Coder(net, self._encoder and _reader(net, self._encoder())), net.painting_in(dtype))


@dataclass(frozen=True)
class Actor(Sitter):
    """A face of the Studio generator, drawn anew for whatever is asked; by itself it rests and looks ahead."""

    generator: StudioFaces
    face: Character  # by itself
    size: int

    @cached_property
    def picture(self) -> Image.Image:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self.generator.draw(self.face, self.size)

    @property
    def own(self) -> dict[str, float]:
        return dict.fromkeys(ARKIT_NAMES, 0.0)

    @property
    def angles(self) -> Angles:
        return 0.0, 0.0, 0.0

    @property
    def trust(self) -> Trust:
        return Trust(0.0, np.zeros([len(angles) for angles in TRIED]))

    @property
    def frame(self) -> tuple[int, int, int, int]:
        return 0, 0, self.size, self.size

    def smaller(self, side: int) -> Actor:
        return replace(self, size=min(side, self.size))

    def express(self, expression: Expression, strength: float = 1.0, view: View | None = None) -> Image.Image:
        return self.generator.act(self.face, self.size, target(vector({}), expression, strength), view or View())


def _encoder_beside(folder: Path, device: torch.device) -> Lazy[FaceEncoder] | None:
    place = checkpoint.beside(folder, "encoder")
    if not place.is_dir():
        return None
    return Lazy(lambda _: checkpoint.load_network(place, FaceEncoder, FaceEncoderConfig).to(device))


def _reader(net: StudioFace, encoder: FaceEncoder) -> Read:
    """What tells what a picture shows."""
    return lambda w: encoder(net.synthesis(w)).conditions[0]


def _trial(net: StudioFace, dtype: torch.dtype) -> Callable[[], object]:
    trial = net.painting_in(dtype)
    w = torch.zeros(1, sum(net.config.halves)).to(net.w_avg)
    return torch.inference_mode()(lambda: trial.synthesis(w))
