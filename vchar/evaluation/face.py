"""`vchar evaluate face`: does every random face of the photo-real generator look like exactly one face?

With held-out faces, it measures the Studio generator on them instead (see `vchar.evaluation.studio_face`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from vchar import mobilestylegan
from vchar.errors import VcharError
from vchar.evaluation import studio_face
from vchar.evaluation.probe import TRUNCATION_PSI, truncated
from vchar.evaluation.readers import weights
from vchar.evaluation.readers.detector import FaceCounter
from vchar.evaluation.readers.scoring import ScoringReader
from vchar.evaluation.workers import Log, Painter, face_generator, run_all

FIRST_SEED = 0  # the seeds a person meets first
SIZE = 512


def evaluate(
    *,
    limit: int = 500,
    data: Sequence[Path] | None = None,
    learnt: Sequence[Path] | None = None,
    folder: Path | None = None,
    encoder: Path | None = None,
    write: bool = False,
    workers: int = 2,
    log: Log = print,
) -> dict[str, Any]:
    """Count the faces in `limit` random pictures by dlib and by MediaPipe; the exceptions are listed by seed.

    data, learnt, folder, encoder: what `studio_face.evaluate` takes, which is asked instead where there is data.
    Raises VcharError for `write` without them, since the photo-real generator has no checkpoint folder of ours.
    """
    if data is not None:
        ours = {"learnt": learnt, "folder": folder, "encoder": encoder}
        return studio_face.evaluate(data=data, **ours, limit=limit, write=write, log=log)
    if write:
        raise VcharError("The face generator has no metrics.json to write; use --json and keep the line it prints.")
    seeds = range(FIRST_SEED, FIRST_SEED + limit)
    batches = [seeds[i : i + 25] for i in range(0, limit, 25)]
    parts = run_all(count_faces, [(batch,) for batch in batches], workers, "counting faces", log)
    counts = [count for part in parts for count in part]
    metrics = {
        "n": limit,
        "seed": FIRST_SEED,
        "date": date.today().isoformat(),
        "data": f"{mobilestylegan.MODEL_ID} {mobilestylegan.CONVERSION}, truncation_psi {TRUNCATION_PSI}, {SIZE} px",
        "one_face_dlib": share([dlib == 1 for dlib, _, _ in counts]),
        "one_face_dlib_enlarged_if_none": share([enlarged == 1 for _, enlarged, _ in counts]),
        "one_face_mediapipe": share([mediapipe == 1 for _, _, mediapipe in counts]),
        "exceptions": {
            str(FIRST_SEED + i): {"dlib": d, "dlib_enlarged_if_none": e, "mediapipe": m}
            for i, (d, e, m) in enumerate(counts)
            if (e, m) != (1, 1)
        },
    }
    log(json.dumps({k: v for k, v in metrics.items() if k != "exceptions"}))
    return metrics


def share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4)


@cache  # one set a process, as compiling them takes longer than using them
def _instruments() -> tuple[Painter, ScoringReader, FaceCounter]:
    detector = weights.MEDIAPIPE.folder() / "face_detection_short_range.tflite"
    return Painter(face_generator(), SIZE), ScoringReader(), FaceCounter(detector)


def count_faces(seeds: Sequence[int]) -> list[tuple[int, int, int]]:
    """For each seed, the faces found by dlib, by dlib in the enlarged picture if there was none, by MediaPipe."""
    generator = face_generator()
    paint, dlib, mediapipe = _instruments()
    counts = []
    for seed in seeds:
        picture = paint(generator.synthesis.styles(truncated(generator, seed)))
        found = dlib.detect(picture)
        again = found or dlib.detect(picture, enlarge=1)
        counts.append((found.count if found else 0, again.count if again else 0, mediapipe(picture)))
    return counts
