"""Contact sheets: people down, slider values across, for the model card and for the eye."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from vchar.evaluation.probe import truncated
from vchar.evaluation.sliders import load_sliders, values_of
from vchar.evaluation.workers import Painter, face_generator, painter
from vchar.models.sliders import GROUPS, FaceSliders, SliderSpec

PEOPLE = (13, 38, 7, 14, 15)  # seeds of five unlike people
TILE = 96  # pixels
COMBINED = (  # several sliders at once; the first column of the sheet is the untouched face
    {"age": 0.8, "hair_lightness": 0.7, "glasses": 1.0},
    {"gender": 1.0, "beard": 0.8, "hair_warmth": 0.5},
    {"gender": -1.0, "hair_length": 1.0, "lip_colour": 0.6, "smile": 0.6},
    {"yaw": 0.7, "light_side": 0.8, "backdrop": -0.8, "skin_tone": -0.5},
)
INK, PAPER = (238, 236, 232), (24, 25, 28)


def draw_sheets(folder: Path, output: Path) -> list[Path]:
    """One JPEG per group of the sliders in `folder`, and one of combinations; returns their paths."""
    output.mkdir(parents=True, exist_ok=True)
    sliders = load_sliders(folder)
    paths = []
    for group in GROUPS:
        blocks = [slider_block(sliders, spec) for spec in sliders.config.sliders if spec.group == group]
        name = group.lower().replace(" & ", "-").replace(" ", "-")
        paths.append(_save(montage(blocks, across=2), output / f"sliders-{name}.jpg"))
    return [*paths, _save(combinations(sliders), output / "sliders-combined.jpg")]


def slider_block(sliders: FaceSliders, spec: SliderSpec, people: Sequence[int] = PEOPLE) -> Image.Image:
    """One slider: a row per person, a column per value, its name on top."""
    rows = [[face(sliders, seed, {spec.name: value}) for value in values_of(spec)] for seed in people]
    return titled(grid(rows), f"{spec.label}: {spec.low_label} to {spec.high_label}")


def combinations(sliders: FaceSliders, people: Sequence[int] = PEOPLE, tile: int = 224) -> Image.Image:
    """COMBINED at 1024 px, made smaller: a row per person, the untouched face first."""
    paint = painter(1024)
    return grid([[face(sliders, seed, values, paint, tile) for values in ({}, *COMBINED)] for seed in people])


def face(
    sliders: FaceSliders, seed: int, values: Mapping[str, float], paint: Painter | None = None, tile: int = TILE
) -> Image.Image:
    """The person `seed` with slider values."""
    generator = face_generator()
    w = truncated(generator, seed)
    with torch.inference_mode():
        styles = sliders(generator.synthesis.styles(w), w, values)
    return Image.fromarray((paint or painter())(styles)).resize((tile, tile), Image.Resampling.LANCZOS)


def grid(rows: Sequence[Sequence[Image.Image]]) -> Image.Image:
    """Equal tiles side by side."""
    return Image.fromarray(np.concatenate([np.concatenate([np.asarray(t) for t in row], axis=1) for row in rows]))


def titled(picture: Image.Image, title: str) -> Image.Image:
    """The picture under a line of text."""
    page = Image.new("RGB", (picture.width, picture.height + 24), PAPER)
    page.paste(picture, (0, 24))
    ImageDraw.Draw(page).text((6, 5), title, fill=INK, font_size=13)
    return page


def montage(blocks: Sequence[Image.Image], across: int) -> Image.Image:
    """Blocks of one size in rows of `across`, 8 px apart."""
    width, height = blocks[0].size
    across = min(across, len(blocks))
    down = -(-len(blocks) // across)
    page = Image.new("RGB", (across * (width + 8) - 8, down * (height + 8) - 8), PAPER)
    for i, block in enumerate(blocks):
        page.paste(block, (i % across * (width + 8), i // across * (height + 8)))
    return page


def _save(picture: Image.Image, path: Path) -> Path:
    picture.save(path, quality=70, optimize=True)
    return path
