"""Generators of faces, seen alike: seeds become pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from vchar import checkpoint, mobilestylegan
from vchar.data.conditions import ATTRIBUTES, NAMES
from vchar.errors import VcharError
from vchar.evaluation.probe import TRUNCATION_PSI, truncated
from vchar.evaluation.workers import face_generator, painter
from vchar.models.studio_face import StudioFace, StudioFaceConfig

Pictures = NDArray[np.uint8]  # [N,S,S,3]


class Generator(Protocol):
    """Whatever makes faces of seeds."""

    @property
    def name(self) -> str: ...
    def draw(self, seeds: Sequence[int]) -> Pictures: ...


class PhotoReal:
    """The photo-real generator as the studio shows it, at 256 px."""

    name = f"{mobilestylegan.MODEL_ID} {mobilestylegan.CONVERSION}, truncation_psi {TRUNCATION_PSI}"

    @torch.inference_mode()
    def draw(self, seeds: Sequence[int]) -> Pictures:
        net = face_generator()
        return np.stack([painter()(net.synthesis.styles(truncated(net, seed))) for seed in seeds])


class Studio:
    """The Studio generator of a checkpoint. Seeds with nothing asked for make people as they come, who do anything
    that `rows` of conditions [N,K] say; without rows, calm faces that look ahead.
    """

    def __init__(self, folder: Path, rows: NDArray[np.float32] | None = None) -> None:
        self.net, self._rows = load_studio(folder), rows
        self.name = f"{folder.name}, {self.net.config.size} px"

    def draw(self, seeds: Sequence[int]) -> Pictures:
        rows = [calm() if self._rows is None else self._rows[seed % len(self._rows)] for seed in seeds]
        return self.asked(seeds, np.stack(rows))

    @torch.inference_mode()
    def asked(self, seeds: Sequence[int], rows: NDArray[np.float32]) -> Pictures:
        """What seeds [N] show under conditions [N,K], NaN where nothing is asked for."""
        z = torch.cat([self.net.of_seed(seed) for seed in seeds])
        conditions = torch.from_numpy(rows)
        parts = [self.net(*part) for part in zip(z.split(32), conditions.split(32), strict=True)]
        return ((torch.cat(parts) + 1) * 127.5).round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()


def calm(**asked: float) -> NDArray[np.float32]:
    """Conditions [K] of a face that looks ahead and does nothing but what is asked for; attributes as they come."""
    row = np.zeros(len(NAMES), np.float32)
    row[: len(ATTRIBUTES)] = np.nan
    for name, value in asked.items():
        row[NAMES.index(name)] = value
    return row


def load_studio(folder: Path) -> StudioFace:
    """The Studio generator of a checkpoint, in float32; VcharError when it can't be read."""
    try:
        net = StudioFace(checkpoint.load_config(folder, StudioFaceConfig))
        net.load_state_dict(checkpoint.load_tensors(folder))
    except (ValueError, RuntimeError) as error:
        raise VcharError(f"The checkpoint {folder} can't be read ({error}); train it again.") from error
    return net.eval().requires_grad_(False)
