"""Contact sheet of the landmark networks: generated people as they come, tilted and small, drawn; rendered heads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from vchar.data.backdrops import backdrops
from vchar.evaluation.landmarks import rendered_heads
from vchar.evaluation.probe import truncated
from vchar.evaluation.sheets import montage
from vchar.evaluation.workers import face_generator, painter
from vchar.faces import FaceFinder, Landmarks

FIRST_SEED, PEOPLE = 930_000, 8  # a row
TILE = 224  # pixels
SURE, UNSURE = (90, 255, 120), (255, 90, 70)


def draw_sheet(path: Path, makehuman: Path | None = None) -> Path:
    """Write the sheet for the shipped networks."""
    finder = FaceFinder.load()
    people = [_person(seed) for seed in range(FIRST_SEED, FIRST_SEED + 4 * PEOPLE)]
    pictures = people[: 2 * PEOPLE]
    pictures += [tilted(picture, i) for i, picture in enumerate(people[2 * PEOPLE : 3 * PEOPLE])]
    pictures += [drawn(picture) for picture in people[3 * PEOPLE :]]
    pictures += [picture for picture, _, _ in rendered_heads(makehuman, 2 * PEOPLE)]
    path.parent.mkdir(parents=True, exist_ok=True)
    montage([marked(picture, finder.find(picture)) for picture in pictures], PEOPLE).save(path, quality=80)
    return path


@torch.inference_mode()
def _person(seed: int) -> Image.Image:
    return Image.fromarray(painter()(face_generator().synthesis.styles(truncated(face_generator(), seed))))


def tilted(picture: Image.Image, number: int) -> Image.Image:
    """The portrait turned by up to 45 degrees, at half its size, on a ground of its own."""
    ground = Image.fromarray(backdrops(number + 1, FIRST_SEED)[-1]).resize(picture.size)
    share, angle = 0.5 + 0.1 * (number % 4), 45 - 90 * (number / (PEOPLE - 1))
    small = picture.resize([round(side * share) for side in picture.size], Image.Resampling.LANCZOS)
    mask = Image.new("L", small.size, 255).rotate(angle, expand=True)
    corner = (ground.width - mask.width) // 2, (ground.height - mask.height) // 2
    ground.paste(small.rotate(angle, Image.Resampling.BICUBIC, expand=True), corner, mask)
    return ground


def drawn(picture: Image.Image) -> Image.Image:
    """As if drawn: flat colours and ink."""
    flat = ImageOps.posterize(picture.filter(ImageFilter.MedianFilter(7)), 3)
    light = np.asarray(picture.convert("L").filter(ImageFilter.GaussianBlur(1)), np.float32)
    broad = np.asarray(picture.convert("L").filter(ImageFilter.GaussianBlur(4)), np.float32)
    ink = np.clip(1 + (light - broad) / 16, 0, 1)[..., None]
    return Image.fromarray((np.asarray(flat) * ink).astype(np.uint8))


def marked(picture: Image.Image, faces: Sequence[Landmarks]) -> Image.Image:
    """The picture at TILE px with the points of its faces: green where sure, red where not."""
    scale = TILE / picture.width
    tile = picture.resize((TILE, round(picture.height * scale)), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(tile)
    for face in faces:
        for (x, y), confidence in zip(face.points * scale, face.confidence, strict=True):
            colour = tuple(round(a + (b - a) * float(confidence)) for a, b in zip(UNSURE, SURE, strict=True))
            draw.ellipse((x - 1, y - 1, x + 1, y + 1), fill=colour)
    return tile
