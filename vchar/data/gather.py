"""A folder of pictures becomes shards of aligned faces: found, framed alike, each once; with a report of what became
of every file.
"""

from __future__ import annotations

import json
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from vchar.data.face_shards import Identity, Shard, alike, fingerprint, looked_at
from vchar.errors import VcharError
from vchar.rig import align
from vchar.writing import whole

PER_SHARD = 200  # files looked at for one shard; what a stopped run has to do again at most
KINDS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif")
LEAST = 0.5  # side of a face's square in sides of what it becomes: smaller ones would be blurred
SAME = 12  # of 256 bits: faces whose fingerprints differ in fewer are one picture
KEPT = "kept"


@dataclass(frozen=True)
class Seen:
    """A face in a picture: the square to cut (see `vchar.rig.align`), its row of `vchar.data.conditions`, its head."""

    centre: NDArray[np.floating]  # [2] pixels
    side: float
    conditions: NDArray[np.float32]
    identity: Identity


Look = Callable[[Image.Image], Seen | None]  # the largest face of an RGB picture


def gather(folder: Path, output: Path, look: Look, size: int = 256, log: Callable[[str], object] = print) -> Path:
    """Write the faces of all pictures in `folder` and below into `output`; returns the report, a JSON file.

    Files that an earlier run looked at are left out, so that a stopped run goes on and new pictures are added.
    Raises VcharError where the folder holds no picture or no face, or when the output can't be written.
    """
    files = pictures_in(folder)
    known, prints = looked_at(output)
    left = [file for file in files if str(file.relative_to(folder)) not in known]
    log(f"{len(files)} pictures, {len(left)} to look at")
    for start in range(0, len(left), PER_SHARD):
        shard = Shard(size)
        for file in left[start : start + PER_SHARD]:
            shard.outcomes[str(file.relative_to(folder))] = _take(file, shard, look, prints)
        shard.write(output / f"faces-{_next_number(output):05d}.safetensors")
        log(f"{start + len(shard.outcomes)}/{len(left)}, {len(shard.jpegs)} faces in the last {len(shard.outcomes)}")
    return _report(output, folder)


def pictures_in(folder: Path) -> list[Path]:
    """Picture files in a folder and below, by name; VcharError where there are none."""
    if not folder.is_dir():
        raise VcharError(f"{folder} is no folder; name one that holds pictures.")
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in KINDS and path.is_file())
    if not files:
        raise VcharError(f"There are no pictures in {folder}; put {', '.join(kind[1:] for kind in KINDS)} files there.")
    return files


def _take(file: Path, shard: Shard, look: Look, prints: list[NDArray[np.uint8]]) -> str:
    """Add the file's face to the shard; returns what became of it."""
    try:
        picture = open_rgb(file)
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, Image.DecompressionBombError):
        return "broken file"
    seen = look(picture)
    if seen is None:
        return "no face"
    if seen.side < LEAST * shard.size:
        return "face too small"
    face = align.crop(picture, seen.centre, seen.side, shard.size)
    own = fingerprint(face)
    if prints and alike(np.stack(prints), own).min() < SAME:
        return "duplicate"
    prints.append(own)
    shard.add(np.asarray(face), seen.conditions, identity=seen.identity)
    return KEPT


def open_rgb(file: Path) -> Image.Image:
    """The first frame of a picture, upright, in RGB on white."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about odd metadata and palettes
        with Image.open(file) as opened:
            opened.seek(0)
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture).convert("RGB")


def _next_number(output: Path) -> int:
    numbers = [int(path.stem.split("-")[1]) for path in output.glob("faces-*.safetensors")]
    return max(numbers, default=-1) + 1


def _report(output: Path, folder: Path) -> Path:
    """Write what became of all files; VcharError where no face was kept."""
    found, _ = looked_at(output)
    counts = Counter(found.values())
    report = {
        "folder": folder.name,
        "files": len(found),
        "faces": counts[KEPT],
        "left_out": {reason: count for reason, count in sorted(counts.items()) if reason != KEPT},
        "each": {name: reason for name, reason in sorted(found.items()) if reason != KEPT},
    }
    path = output / "report.json"
    with whole(path) as part:
        part.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if not counts[KEPT]:
        told = ", ".join(f"{count} {reason}" for reason, count in counts.items())
        raise VcharError(f"None of the {len(found)} pictures in {folder} can be used ({told}); see {path}.")
    return path
