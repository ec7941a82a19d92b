"""Contact sheet of generated portraits: before three grounds, and where hair was seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from vchar.character import Character
from vchar.evaluation.sheets import montage
from vchar.matting import Matter
from vchar.studio import Studio

SEEDS = (920_003, 920_011, 920_029, 920_044, 920_062, 920_071, 920_080, 920_093, 920_104, 920_117, 920_125, 920_138)
GROUNDS = ("#ff00ff", "#ffffff", "#000000")
SIZE, TILE = 512, 216


def draw_sheet(path: Path, seeds: Sequence[int] = SEEDS) -> Path:
    """Write the sheet, two people a row."""
    studio, matter, tiles = Studio.load(), Matter.load(), []
    for seed in seeds:
        picture = studio.portrait(Character(seed=seed), SIZE)
        tiles += [picture, *(studio.on_ground(picture, "plain", colour) for colour in GROUNDS)]
        tiles.append(Image.fromarray((matter.matte(picture).hair * 255).astype(np.uint8)).convert("RGB"))
    path.parent.mkdir(parents=True, exist_ok=True)
    small = [tile.resize((TILE, TILE), Image.Resampling.LANCZOS) for tile in tiles]
    montage(small, 2 * (2 + len(GROUNDS))).save(path, quality=85)
    return path
