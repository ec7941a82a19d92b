"""Contact sheets of the Studio generator: people by chance, under sliders, on the way to each other, acting."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from vchar.character import Character, Expression, Mix, View
from vchar.evaluation.generators import Pictures, Rows, Studio
from vchar.evaluation.sheets import PAPER, montage
from vchar.expressing import full_strength
from vchar.generators.studio import StudioFaces
from vchar.models.face_encoder import Place
from vchar.turning import YAWS

PEOPLE, ACROSS = 64, 8
VALUES = (-1.0, -0.67, -0.33, 0.0, 0.33, 0.67, 1.0)  # of each slider
STEPS = tuple(step / 7 for step in range(8))  # from one person to another
FEELINGS = ("neutral", "happy", "sad", "angry", "surprised", "afraid", "disgusted", "kissing")
TILE = 128
MORE, FREEDOM = 5, 0.5  # faces like a picture's, and how far they stray, in spreads of all people
CURVES = (
    ("pixels", "lpips"), ("resemble", "read_twins"), ("critic", "generator"), ("critic_places", "generator_places"),
    ("lead", "chance"), ("read_real", "read_fake"),
)  # fmt: skip
PANEL, MARGIN = (480, 260), 36  # pixels
INKS, FAINT = ((238, 180, 90), (120, 190, 240)), (120, 122, 128)


def draw_sheets(folder: Path, faces: StudioFaces, first_seed: int = 0) -> list[Path]:
    """Write face-studio-people.jpg, -sliders.jpg (a row a slider), -walks.jpg, -feelings.jpg and -views.jpg."""
    few = range(first_seed, first_seed + 6)
    sheets: Mapping[str, tuple[int, Iterable[Image.Image]]] = {
        "people": (ACROSS, (_drawn(faces, Character(seed)) for seed in range(first_seed, first_seed + PEOPLE))),
        "sliders": (
            len(VALUES),
            (
                _drawn(faces, Character(few[place % len(few)], {spec.name: value}))
                for place, spec in enumerate(faces.sliders)
                for value in VALUES
            ),
        ),
        "walks": (
            len(STEPS),
            (_drawn(faces, Character(s, mixes=(Mix(s + len(few), step, step),))) for s in few for step in STEPS),
        ),
        "feelings": (len(FEELINGS), (_acted(faces, seed, full_strength(name)) for seed in few for name in FEELINGS)),
        "views": (len(YAWS), (_acted(faces, seed, Expression(), View(yaw)) for seed in few for yaw in YAWS)),
    }
    return [_saved(folder, name, list(tiles), across) for name, (across, tiles) in sheets.items()]


def draw_encoded(folder: Path, studio: Studio, place: Place, pictures: Pictures, rows: Rows) -> Path:
    """Write face-studio-encoded.jpg: for each of pictures [N,S,S,3] with conditions [N,K] a row of itself, the same
    made again from where the encoder places it, and others like it.
    """
    conditions = torch.from_numpy(rows)
    columns = [pictures, studio.made(place.mean, conditions)]
    for number in range(MORE):
        noise = torch.randn(place.mean.shape, generator=torch.Generator().manual_seed(number))
        near = place.mean + FREEDOM * (studio.net.someone(noise) - studio.net.people_mean)
        columns.append(studio.made(near, conditions))
    tiles = [_small(column[i]) for i in range(len(pictures)) for column in columns]
    return _saved(folder, "encoded", tiles, len(columns))


def draw_curves(folder: Path, run: Path) -> Path:
    """Write face-studio-curves.png: what the log of each stage in `run` tells, against all pictures seen so far."""
    lines, before = [], 0
    for stage in sorted((path for path in run.iterdir() if path.name.isdigit()), key=lambda path: int(path.name)):
        own = [json.loads(line) for line in (stage / "log.jsonl").read_text(encoding="utf-8").splitlines()]
        lines += [line | {"pictures": line["pictures"] + before, "stage": stage.name} for line in own]
        before = lines[-1]["pictures"]
    panels = [_panel(lines, names) for names in CURVES]
    path = folder / "face-studio-curves.png"
    folder.mkdir(parents=True, exist_ok=True)
    montage(panels, 2).save(path, optimize=True)
    return path


def _panel(lines: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Image.Image:
    """Curves of these numbers, each in its colour, with the bounds of the stages."""
    panel = Image.new("RGB", PANEL, PAPER)
    draw, (width, height) = ImageDraw.Draw(panel), PANEL
    values = [line[name] for line in lines for name in names if name in line]
    low, high, last = min([0.0, *values]), max([0.0, *values]), lines[-1]["pictures"]

    def at(pictures: float, value: float) -> tuple[float, float]:
        return MARGIN + (width - 2 * MARGIN) * pictures / last, height - MARGIN - (height - 2 * MARGIN) * (
            value - low
        ) / (high - low or 1)

    for line, after in pairwise(lines):
        if line["stage"] != after["stage"]:
            x = at(line["pictures"], 0)[0]
            draw.line([(x, MARGIN), (x, height - MARGIN)], fill=FAINT)
            draw.text((x + 4, height - MARGIN - 14), f"{after['stage']} px", fill=FAINT)
    for number, (name, colour) in enumerate(zip(names, INKS, strict=False)):
        draw.line([at(line["pictures"], line[name]) for line in lines if name in line], fill=colour, width=2)
        draw.text((MARGIN + 110 * number, 6), name, fill=colour)
    draw.text((4, MARGIN - 6), f"{high:.3g}", fill=FAINT)
    draw.text((4, height - MARGIN - 6), f"{low:.3g}", fill=FAINT)
    draw.text((width - 2 * MARGIN, height - 18), f"{last / 1000:.0f}k pictures", fill=FAINT)
    return panel


def _saved(folder: Path, name: str, tiles: Sequence[Image.Image], across: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"face-studio-{name}.jpg"
    montage(list(tiles), across).save(path, quality=85)
    return path


def _small(picture: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(picture).resize((TILE, TILE), Image.Resampling.LANCZOS)


def _drawn(faces: StudioFaces, character: Character) -> Image.Image:
    return faces.draw(character, TILE)


def _acted(faces: StudioFaces, seed: int, expression: Expression, view: View | None = None) -> Image.Image:
    return faces.actor(Character(seed), TILE).express(expression, view=view)
