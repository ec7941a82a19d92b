"""The Studio generator: our own, which ships with vchar. Expressions and views act inside it: the rest stands still."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from vchar import checkpoint
from vchar.character import Character, Expression, View
from vchar.expressing import Sitter, Weights, target, vector
from vchar.generators import blend, known, to_image
from vchar.licence import Licence
from vchar.models.sliders import SliderSpec
from vchar.models.studio_face import StudioFace, StudioFaceConfig
from vchar.precision import choose_dtype
from vchar.progress import Progress, silent
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.turning import TRIED, Angles, Trust

UNTOLD = (0.0, 1.0)  # mean and spread of a condition that was known of no picture
FAR = 2.0  # units of spread from the mean to either end of a slider
EITHER = {"hair": (0.0, 1.0), "glasses": (0.0, 1.0), "cap": (0.0, 1.0)}  # conditions that are so or not
SLIDERS = tuple(
    SliderSpec(*row)
    for row in (
        ("skin_tone", "Skin tone", "Skin", "Darker", "Lighter"),
        ("face_width", "Face width", "Face shape", "Narrow", "Wide"),
        ("jaw_width", "Jaw width", "Face shape", "Narrow", "Wide"),
        ("chin_length", "Chin length", "Face shape", "Short", "Long"),
        ("eye_size", "Eye size", "Eyes & brows", "Small", "Large"),
        ("eye_spacing", "Eye spacing", "Eyes & brows", "Close", "Wide apart"),
        ("eye_lightness", "Eye lightness", "Eyes & brows", "Dark", "Light"),
        ("brow_height", "Brow height", "Eyes & brows", "Low", "High"),
        ("nose_width", "Nose width", "Nose & mouth", "Narrow", "Wide"),
        ("nose_length", "Nose length", "Nose & mouth", "Short", "Long"),
        ("mouth_width", "Mouth width", "Nose & mouth", "Narrow", "Wide"),
        ("lip_fullness", "Lips", "Nose & mouth", "Thin", "Full"),
        ("hair", "Hair", "Hair & beard", "None", "Hair"),
        ("hair_lightness", "Hair lightness", "Hair & beard", "Dark", "Blonde"),
        ("glasses", "Glasses", "Look & light", "None", "Glasses"),
        ("cap", "Cap", "Look & light", "None", "Cap"),
        ("backdrop", "Backdrop", "Look & light", "Dark", "Bright"),
    )
)
LICENCE = Licence(
    name="vchar Studio",
    short="ours: free to use, commercially too",
    text=(
        "Weights: vchar's own (Apache-2.0), trained from random numbers on pictures that vchar drew of people who "
        "don't exist; their card names every source. Use the pictures for anything you like, commercially too; say "
        "that they are made by AI when you show them."
    ),
)


@dataclass(frozen=True)
class _Networks:
    net: StudioFace  # in float32, from recipes to w
    painter: StudioFace  # the same in the number format that is faster, from w to pictures


class StudioFaces:
    """See `vchar.generators.Generator`. Pictures are made at the network's own size and scaled to any other."""

    model, label, licence = "studio", "Studio (ours, free to use)", LICENCE

    def __init__(self, folder: Path, device: torch.device, dtype: torch.dtype | None) -> None:
        """VcharError when the checkpoint in `folder` can't be read."""
        self._folder, self._device, self._dtype = folder, device, dtype
        self._config = checkpoint.load_config(folder, StudioFaceConfig)
        self.sliders = _sliders(self._config, checkpoint.load_tensors(folder))
        self._lock = threading.Lock()
        self._networks: _Networks | None = None

    @property
    def note(self) -> str:
        return f"It draws {self._config.size} by {self._config.size} pixels; larger pictures are enlarged from that."

    @property
    def ready(self) -> bool:
        return self._networks is not None

    def prepare(self, progress: Progress = silent) -> None:
        with self._lock:
            if self._networks is None:
                progress(1.0, "Getting ready")
                self._networks = self._load()

    def draw(self, face: Character, size: int) -> Image.Image:
        return self.act(face, size, vector({}), View())

    def actor(self, face: Character, size: int) -> Sitter:
        return Actor(self, face, size)

    @torch.inference_mode()
    def act(self, face: Character, size: int, weights: Weights, view: View) -> Image.Image:
        """The face doing what ARKit weights [52] say, looking where `view` says; else as `draw`."""
        self.prepare()
        assert self._networks is not None
        net, painter = self._networks.net, self._networks.painter
        picture = to_image(painter.synthesis(self._w(net, face, weights, view).to(painter.const)))
        scaling = Image.Resampling.BOX if size < picture.width else Image.Resampling.LANCZOS
        return picture if size == picture.width else picture.resize((size, size), scaling)

    def _w(self, net: StudioFace, face: Character, weights: Weights, view: View) -> Tensor:
        """w [1,2*w_dim] of a recipe. A slider goes its share of the way in w to where its end is asked for."""
        known(face.sliders, self.sliders)
        given = dict(zip(ARKIT_NAMES, weights.tolist(), strict=True)) | vars(view)
        free = torch.tensor([given.get(name, torch.nan) for name in self._config.conditions], device=self._device)
        rows = torch.stack([free, *(self._at_end(net, free, *moved) for moved in face.sliders.items())])
        seeds = [face.seed, *(mix.seed for mix in face.mixes)]
        people, _ = net.w(torch.cat([net.of_seed(seed) for seed in seeds]), free.expand(len(seeds), -1)).chunk(2, 1)
        _, asked = net.w(net.of_seed(face.seed).expand(len(rows), -1), rows).chunk(2, 1)
        person = people[:1]
        for mix, other in zip(face.mixes, people[1:], strict=True):
            known(mix.keep, self.sliders)
            person = blend(person, other[None], net.w_avg, person.new_tensor((mix.shape + mix.colouring) / 2))
        shares = asked.new_tensor([abs(value) for value in face.sliders.values()])
        moved = asked[:1] + shares[None] @ (asked[1:] - asked[:1])
        return torch.cat([net.w_avg.lerp(person, face.truncation_psi), moved], dim=1)

    def _at_end(self, net: StudioFace, free: Tensor, name: str, value: float) -> Tensor:
        """Conditions [K] `free`, but with that end of a slider asked for to which `value` goes."""
        place, high = self._config.conditions.index(name), value > 0
        low_high = EITHER.get(name)
        units = FAR if high else -FAR
        row = free.clone()
        row[place] = low_high[high] if low_high else net.code.mean[place] + units * net.code.spread[place]
        return row

    def _load(self) -> _Networks:
        net = checkpoint.load_network(self._folder, StudioFace, StudioFaceConfig).to(self._device)
        dtype = self._dtype or choose_dtype(checkpoint.cache_dir(), self._device, lambda d: _trial(net, d))
        return _Networks(net, _painter(net, dtype))


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


def _sliders(config: StudioFaceConfig, tensors: Mapping[str, Tensor]) -> tuple[SliderSpec, ...]:
    """Those of what was known of the pictures that it learnt from: photos and drawings don't tell all."""
    units = zip(tensors["code.mean"].tolist(), tensors["code.spread"].tolist(), strict=True)
    told = [name for name, unit in zip(config.conditions, units, strict=True) if unit != UNTOLD]
    return tuple(spec for spec in SLIDERS if spec.name in told)


def _painter(net: StudioFace, dtype: torch.dtype) -> StudioFace:
    """A copy that paints in `dtype`."""
    return copy.deepcopy(net).to(dtype).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]


def _trial(net: StudioFace, dtype: torch.dtype) -> Callable[[], object]:
    painter = _painter(net, dtype)
    w = torch.zeros(1, 2 * net.config.w_dim).to(painter.const)
    return torch.inference_mode()(lambda: painter.synthesis(w))
