"""Contact sheets of the Studio generator: people by chance, under sliders, on the way to each other, acting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from PIL import Image

from vchar.character import Character, Expression, Mix, View
from vchar.evaluation.sheets import montage
from vchar.expressing import full_strength
from vchar.generators.studio import StudioFaces
from vchar.turning import YAWS

PEOPLE, ACROSS = 64, 8
VALUES = (-1.0, -0.67, -0.33, 0.0, 0.33, 0.67, 1.0)  # of each slider
STEPS = tuple(step / 7 for step in range(8))  # from one person to another
FEELINGS = ("neutral", "happy", "sad", "angry", "surprised", "afraid", "disgusted", "kissing")
TILE = 128


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
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, (across, tiles) in sheets.items():
        paths.append(folder / f"face-studio-{name}.jpg")
        montage(list(tiles), across).save(paths[-1], quality=85)
    return paths


def _drawn(faces: StudioFaces, character: Character) -> Image.Image:
    return faces.draw(character, TILE)


def _acted(faces: StudioFaces, seed: int, expression: Expression, view: View | None = None) -> Image.Image:
    return faces.actor(Character(seed), TILE).express(expression, view=view)
