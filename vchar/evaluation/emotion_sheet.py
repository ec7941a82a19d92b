"""Contact sheet of the emotion recogniser: generated people, what the network sees of them, and what it reads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from vchar import checkpoint
from vchar.evaluation.emotion import load
from vchar.evaluation.probe import truncated
from vchar.evaluation.readers import weights
from vchar.evaluation.readers.mesh import IBUG, MeshReader
from vchar.evaluation.sheets import INK, PAPER, montage
from vchar.evaluation.workers import face_generator, painter
from vchar.models.expression import EMOTIONS, EmotionNet, aligned_face

FIRST_SEED, PEOPLE = 920_000, 32
PORTRAIT, CROP, ACROSS = 128, 48, 8  # pixels, pixels, tiles in a row


@torch.inference_mode()
def draw_sheet(path: Path, seeds: Iterable[int] = range(FIRST_SEED, FIRST_SEED + PEOPLE)) -> Path:
    """Write the sheet for the shipped recogniser; people on whom the face mesh sees no face are left out."""
    net, mesh = load(checkpoint.shipped("emotion")), MeshReader(weights.MEDIAPIPE.folder() / "face_landmark.tflite")
    generator, paint = face_generator(), painter()
    tiles = []
    for seed in seeds:
        picture = paint(generator.synthesis.styles(truncated(generator, seed)))
        vertices, sureness = mesh.points(picture)
        if sureness > 0:
            tiles.append(tile(net, picture, torch.from_numpy(vertices[list(IBUG), :2])))
    montage(tiles, ACROSS).save(path, quality=80, optimize=True)
    return path


def tile(net: EmotionNet, picture: np.ndarray, landmarks: Tensor) -> Image.Image:
    """RGB [H,H,3] uint8 and its 68 landmarks -> portrait, the crop that is read, and the two likeliest emotions."""
    crop = aligned_face(torch.from_numpy(picture).permute(2, 0, 1) / 255, landmarks)
    shares, which = net(crop[None])[0].softmax(0).topk(2)
    page = Image.new("RGB", (PORTRAIT, PORTRAIT + CROP), PAPER)
    page.paste(Image.fromarray(picture).resize((PORTRAIT, PORTRAIT), Image.Resampling.LANCZOS), (0, 0))
    page.paste(Image.fromarray((crop[0] * 255).byte().numpy()), (0, PORTRAIT))
    draw = ImageDraw.Draw(page)
    for i, (share, emotion) in enumerate(zip(shares.tolist(), which.tolist(), strict=True)):
        draw.text((CROP + 5, PORTRAIT + 7 + 18 * i), f"{EMOTIONS[emotion]} {share:.0%}", fill=INK, font_size=11)
    return page
