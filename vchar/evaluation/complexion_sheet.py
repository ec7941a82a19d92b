"""Contact sheet of heads in space: each portrait, its head from five sides, and with three expressions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vchar.character import Character
from vchar.evaluation.sheets import PAPER, montage
from vchar.render.bust import bust_meshes
from vchar.render.picture import render
from vchar.render.scene import Light
from vchar.rig.blendshapes import ARKIT_NAMES, PRESETS
from vchar.rig.body import HeadModel
from vchar.rig.bust import Bust
from vchar.rig.camera import Camera, euler
from vchar.rig.complexion import Complexion
from vchar.rig.likeness import Painter
from vchar.studio import Studio

SEEDS = (920_003, 920_011, 920_029, 920_044, 920_062, 920_071)
VIEWS = (0.0, -35.0, 35.0, 90.0, 160.0)  # yaw, degrees
FEELINGS = ("happy", "surprised", "angry")
TILE = 208


def draw_sheet(path: Path, seeds: Sequence[int] = SEEDS) -> Path:
    """Write the sheet, a row for each seed."""
    studio, head = Studio.load(), HeadModel.load()
    bust = Bust.of(head)
    painter = Painter(head, bust, Complexion.load())
    rest, tiles = np.zeros(len(ARKIT_NAMES), np.float32), []
    for seed in seeds:
        sitter = studio.posed(Character(seed=seed))
        likeness = painter.paint(sitter.source)
        tiles.append(sitter.picture.resize((TILE, TILE), Image.Resampling.LANCZOS))
        shown = [(rest, yaw) for yaw in VIEWS] + [(_weights(name), 0.0) for name in FEELINGS]
        for arkit, yaw in shown:
            tiles.append(drawn(bust_meshes(head, bust, sitter.fit, likeness, arkit), yaw))
    path.parent.mkdir(parents=True, exist_ok=True)
    montage(tiles, 1 + len(VIEWS) + len(FEELINGS)).save(path, quality=85)
    return path


def drawn(meshes: Sequence, yaw: float, size: int = TILE) -> Image.Image:
    """Meshes of a head turned by degrees, before a dark wall."""
    light = Light(_even(0.7), np.array([-0.35, -0.45, -0.82]), np.full(3, 1.1, np.float32))
    camera = Camera(euler(yaw, 0, 0), np.array([0.0, 0.02, 1.6]), 1.6 * size / 0.28, (size / 2, size / 2))
    seen = render(meshes, camera, light, size, size)
    ground = np.array(PAPER) / 255
    return Image.fromarray(((ground + seen[..., 3:] * (seen[..., :3] - ground)) * 255 + 0.5).astype(np.uint8))


def _even(strength: float) -> NDArray[np.float32]:
    harmonics = np.zeros((9, 3), np.float32)
    harmonics[0] = strength
    return harmonics


def _weights(emotion: str) -> NDArray[np.float32]:
    return np.array([PRESETS[emotion].get(name, 0.0) for name in ARKIT_NAMES], np.float32)
