"""Faces that nobody marked: the generator's own portraits and pictures of a zip. Self-training learns from them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from vchar import checkpoint
from vchar.errors import VcharError
from vchar.evaluation.workers import Log, face_generator, painter
from vchar.models.sliders import FaceSliders, SlidersConfig
from vchar.training.sampling import mixed_codes, spread
from vchar.writing import whole

SIZE = 256  # pixels, square, framed as the generator frames faces
CHUNK = 500  # portraits in one snapshot
FIRST_SEED = 7_000_003
PUSHED = ("smile", "mouth_open", "eyes_open", "brow_height", "yaw", "pitch", "beard", "glasses", "age", "light_side")
Pictures = NDArray[np.uint8]  # [N, SIZE, SIZE, 3]


def portraits(folder: Path, count: int, log: Log = print) -> Pictures:
    """`count` portraits, drawn as far as `folder` doesn't hold them yet; the same ones every time."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"portraits-{i:03d}.npy" for i in range(-(-count // CHUNK))]
    for i, path in enumerate(paths):
        if not path.exists():
            drawn = draw(CHUNK, FIRST_SEED + i)
            with whole(path) as part, part.open("wb") as file:
                np.save(file, drawn)
            log(f"portraits: {(i + 1) * CHUNK}/{count}")
    return np.concatenate([np.load(path) for path in paths])[:count]


@torch.no_grad()
def draw(count: int, seed: int) -> Pictures:
    """`count` mixed faces with half of the PUSHED sliders at random values."""
    generator, random = face_generator(), torch.Generator().manual_seed(seed)
    sliders = checkpoint.load_network(checkpoint.shipped("face-sliders"), FaceSliders, SlidersConfig)
    pictures = np.empty((count, SIZE, SIZE, 3), np.uint8)
    for picture, code in zip(pictures, mixed_codes(generator, count, seed), strict=True):
        ws = generator.w_avg + spread(code[None])
        values = (torch.rand(len(PUSHED), generator=random) * 2 - 1) * (torch.rand(len(PUSHED), generator=random) < 0.5)
        pushed = dict(zip(PUSHED, values.tolist(), strict=True))
        picture[:] = painter(SIZE)(sliders(generator.synthesis.styles(ws), ws, pushed))
    return pictures


def zipped(data: Path) -> Pictures:
    """The jpegs of a zip, in the order of names, at SIZE px; VcharError where it holds none."""
    try:
        with zipfile.ZipFile(data) as archive:
            names = sorted(name for name in archive.namelist() if name.lower().endswith((".jpg", ".jpeg")))
            pictures = [_square(archive.read(name)) for name in names]
    except (OSError, zipfile.BadZipFile) as error:
        raise VcharError(f"{data} can't be read as a zip of pictures ({error}); give another file.") from error
    if not pictures:
        raise VcharError(f"{data} holds no jpegs; give a zip of face pictures.")
    return np.stack(pictures)


def _square(data: bytes) -> Pictures:
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    picture.thumbnail((SIZE, SIZE), Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", (SIZE, SIZE))
    canvas.paste(picture, ((SIZE - picture.width) // 2, (SIZE - picture.height) // 2))
    return np.asarray(canvas)
