"""Contact sheets of the refiner: people who feel and turn, each by the plain warp and below it completed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from vchar.character import Character, Expression, View
from vchar.evaluation.sheets import montage
from vchar.expressing import Posed, full_strength
from vchar.refining import Refiner
from vchar.studio import Studio
from vchar.turning import YAWS

SEEDS = tuple(range(920_100, 920_110))
FEELINGS = ("neutral", "happy", "sad", "angry", "surprised", "afraid", "disgusted", "laughing")
SIZE, TILE = 512, 176


def draw_sheets(folder: Path, refiner: Refiner, seeds: Sequence[int] = SEEDS) -> list[Path]:
    """Write portrait-feelings.jpg and portrait-views.jpg: two rows for each seed, first the picture itself."""
    studio = Studio.load()
    sitters = [studio.posed(Character(seed=seed), size=SIZE) for seed in seeds]
    feelings = [full_strength(name) for name in FEELINGS]
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"portrait-{name}.jpg" for name in ("feelings", "views")]
    asked = [(expression, None) for expression in feelings], [(Expression(), View(yaw)) for yaw in YAWS]
    for path, columns in zip(paths, asked, strict=True):
        tiles = [tile for sitter in sitters for tile in _rows(sitter, refiner, columns)]
        montage(tiles, 1 + len(columns)).save(path, quality=80)
    return paths


def _rows(sitter: Posed, refiner: Refiner, asked: Sequence[tuple[Expression, View | None]]) -> Iterator[Image.Image]:
    for who in (replace(sitter, refiner=None), replace(sitter, refiner=refiner)):
        for picture in (who.picture, *(who.express(expression, view=view) for expression, view in asked)):
            yield picture.crop(sitter.frame).resize((TILE, TILE), Image.Resampling.LANCZOS)
