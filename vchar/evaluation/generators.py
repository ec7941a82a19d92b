"""Generators of faces, seen alike: seeds become pictures, of people who do what they are asked to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from vchar import checkpoint, mobilestylegan, studio
from vchar.character import Character, Expression, View
from vchar.data.conditions import ATTRIBUTES, NAMES, PHOTO, VIEW
from vchar.errors import VcharError
from vchar.evaluation.probe import TRUNCATION_PSI
from vchar.models.face_encoder import FaceEncoder, FaceEncoderConfig, Place
from vchar.models.pixels import from_bytes, to_bytes
from vchar.models.studio_face import StudioFace, StudioFaceConfig
from vchar.rig.blendshapes import ARKIT_NAMES

Pictures = NDArray[np.uint8]  # [N,S,S,3]
Rows = NDArray[np.float32]  # [N,K] of `vchar.data.conditions`, NaN where nothing is asked for


class Generator(Protocol):
    """Whatever makes faces of seeds."""

    @property
    def name(self) -> str: ...
    def draw(self, seeds: Sequence[int]) -> Pictures: ...
    def asked(self, seeds: Sequence[int], rows: Rows) -> Pictures:
        """What seeds [N] show under conditions [N,K]."""
        ...


class PhotoReal:
    """The photo-real generator as the studio shows it, at `size` px: what is asked for is warped into its pictures."""

    name = f"{mobilestylegan.MODEL_ID} {mobilestylegan.CONVERSION}, truncation_psi {TRUNCATION_PSI}"

    def __init__(self, size: int) -> None:
        self._studio, self._size = studio.Studio.load(device="cpu"), size

    def draw(self, seeds: Sequence[int]) -> Pictures:
        return np.stack([self._sized(self._studio.portrait(Character(seed), studio.SIZES[0])) for seed in seeds])

    def asked(self, seeds: Sequence[int], rows: Rows) -> Pictures:
        """Attributes can't be asked for; a face that can't be read stays as it is."""
        return np.stack([self._sized(self._act(seed, row)) for seed, row in zip(seeds, rows, strict=True)])

    def _act(self, seed: int, row: Rows) -> Image.Image:
        asked = dict(zip(NAMES, row.tolist(), strict=True))
        expression = Expression(neutralise=True, arkit={name: asked[name] for name in ARKIT_NAMES if asked[name] > 0})
        view, size = View(*(asked[name] for name in VIEW)), studio.SIZES[0]
        try:
            return self._studio.posed(Character(seed), size=size).express(expression, view=view)
        except VcharError:
            return self._studio.portrait(Character(seed), size)

    def _sized(self, picture: Image.Image) -> NDArray[np.uint8]:
        return np.asarray(picture.resize((self._size, self._size), Image.Resampling.BOX))


class Studio:
    """The Studio generator of a checkpoint. Seeds with nothing asked for make people as they come, who do anything
    that `rows` of conditions [N,K] say; without rows, calm faces that look ahead.
    """

    def __init__(self, folder: Path, rows: Rows | None = None) -> None:
        self.net, self._rows = load_studio(folder), rows
        self.name = f"{folder.name}, {self.net.config.size} px, truncation_psi 1"

    def draw(self, seeds: Sequence[int]) -> Pictures:
        rows = [calm() if self._rows is None else self._rows[seed % len(self._rows)] for seed in seeds]
        return self.asked(seeds, np.stack(rows))

    def asked(self, seeds: Sequence[int], rows: Rows) -> Pictures:
        return self.made(torch.cat([self.net.of_seed(seed) for seed in seeds]), torch.from_numpy(rows))

    @torch.inference_mode()
    def made(self, z: Tensor, conditions: Tensor) -> Pictures:
        """What z [N,z_dim] shows under conditions [N,K]."""
        parts = [self.net(*part) for part in zip(z.split(32), conditions.split(32), strict=True)]
        return to_bytes(torch.cat(parts)).numpy()


class Encoder:
    """Where pictures lie in the Studio generator's latent space."""

    def __init__(self, folder: Path) -> None:
        """VcharError when the checkpoint can't be read."""
        self._net = checkpoint.load_network(folder, FaceEncoder, FaceEncoderConfig)

    @torch.inference_mode()
    def place(self, pictures: Pictures) -> Place:
        """Pictures [N,S,S,3] -> their distributions."""
        parts = [self._net(from_bytes(part)) for part in torch.from_numpy(pictures).split(32)]
        return Place(*(torch.cat(each) for each in zip(*parts, strict=True)))


def calm(**asked: float) -> NDArray[np.float32]:
    """Conditions [K] of a photo of a face that looks ahead and does nothing but what is asked for; attributes as they
    come."""
    row = np.zeros(len(NAMES), np.float32)
    row[: len(ATTRIBUTES)], row[NAMES.index(PHOTO)] = np.nan, 1
    for name, value in asked.items():
        row[NAMES.index(name)] = value
    return row


def load_studio(folder: Path) -> StudioFace:
    """The Studio generator of a checkpoint, in float32; VcharError when it can't be read."""
    return checkpoint.load_network(folder, StudioFace, StudioFaceConfig)
