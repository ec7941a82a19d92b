"""The photo-real generator: MobileStyleGAN under our named sliders. What its faces do is warped into their pictures."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from PIL import Image
from torch import Tensor

from vchar import checkpoint, mobilestylegan
from vchar.character import Character, Mix
from vchar.errors import VcharError
from vchar.generators import blend, known, to_image
from vchar.lazy import Lazy
from vchar.models.face import FaceGenerator
from vchar.models.sliders import FaceSliders, SlidersConfig, SliderSpec
from vchar.precision import choose_dtype
from vchar.progress import Progress, silent

COLOURING_SLOT = 7  # W+ slots below it (4-16 px) decide a face's shape, the others its colouring
TRIAL = 256  # px of the pictures by which the faster number format is found


@dataclass(frozen=True)
class _Networks:
    generator: FaceGenerator
    sliders: FaceSliders


class PhotoReal:
    """See `vchar.generators.Generator`; pictures of 256, 512 or 1024 px."""

    model, label, note = mobilestylegan.MODEL_ID, "Photo-real", ""
    licence, layered, find_place = mobilestylegan.LICENCE, True, None

    def __init__(self, device: torch.device, dtype: torch.dtype | None) -> None:
        self._device, self._dtype = device, dtype
        self._config = checkpoint.load_config(checkpoint.shipped("face-sliders"), SlidersConfig)
        self.networks = Lazy(self._load)

    @property
    def sliders(self) -> tuple[SliderSpec, ...]:
        return self._config.sliders

    @property
    def ready(self) -> bool:
        return self.networks.ready

    def prepare(self, progress: Progress = silent) -> None:
        """Fetch (the first time ever, 38 MB) and load the networks."""
        self.networks(progress)

    @torch.inference_mode()
    def draw(self, face: Character, size: int) -> Image.Image:
        networks = self.networks()
        return to_image(networks.generator.synthesis(self._styles(networks, face), size))

    def actor(self, face: Character, size: int) -> None:
        """None: it knows nothing of expressions and views."""

    def ws(self, networks: _Networks, face: Character) -> Tensor:
        """The face [1,num_ws,w_dim] that the sliders start from."""
        known(face.sliders, self.sliders)
        if face.place:
            raise VcharError("A face that comes from a picture needs the Studio generator; this recipe names another.")
        generator = networks.generator
        ws = _of_seed(generator, face.seed)
        for mix in face.mixes:
            mixed = blend(ws, _of_seed(generator, mix.seed), generator.w_avg, _amount(mix, ws))
            ws = networks.sliders.keep(mixed, ws, known(mix.keep, self.sliders))
        return generator.w_avg + face.truncation_psi * (ws - generator.w_avg)

    def _styles(self, networks: _Networks, face: Character) -> list[Tensor]:
        ws = self.ws(networks, face)
        return networks.sliders(networks.generator.synthesis.styles(ws), ws, face.sliders)

    def _load(self, progress: Progress) -> _Networks:
        generator = mobilestylegan.load(progress).to(self._device)
        sliders = checkpoint.load_network(checkpoint.shipped("face-sliders"), FaceSliders, SlidersConfig)
        progress(1.0, "Getting ready")
        where = checkpoint.cache_dir(), self.model, self._device
        dtype = self._dtype or choose_dtype(*where, lambda number_format: _trial(generator, number_format))
        generator.set_synthesis_dtype(dtype)
        return _Networks(generator, sliders.to(self._device))


def _of_seed(generator: FaceGenerator, seed: int) -> Tensor:
    return generator.w_of_seed(seed)[:, None].expand(-1, generator.num_ws, -1)


def _amount(mix: Mix, ws: Tensor) -> Tensor:
    """How much of the other face each of the codes [1,num_ws,w_dim] takes on [1,num_ws,1]."""
    amount = torch.full((1, ws.shape[1], 1), mix.colouring, device=ws.device)
    amount[:, :COLOURING_SLOT] = mix.shape
    return amount


def _trial(generator: FaceGenerator, dtype: torch.dtype) -> Callable[[], object]:
    """Makes previews in `dtype`, with a copy: rounding the weights to bfloat16 can't be undone."""
    trial = copy.deepcopy(generator).set_synthesis_dtype(dtype)
    return torch.inference_mode()(lambda: trial.synthesis(trial.synthesis.styles(trial.w_avg[None]), TRIAL))
