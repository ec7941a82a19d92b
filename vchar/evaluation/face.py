"""`vchar evaluate face`: does every random face look like exactly one face?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from vchar import mobilestylegan
from vchar.evaluation.probe import TRUNCATION_PSI, truncated
from vchar.evaluation.readers import weights
from vchar.evaluation.readers.detector import FaceCounter
from vchar.evaluation.readers.scoring import ScoringReader
from vchar.evaluation.workers import Log, Painter, face_generator, run_all

FIRST_SEED = 0  # the seeds a person meets first
SIZE = 512


def evaluate(*, faces: int = 500, output: Path | None = None, workers: int = 2, log: Log = print) -> dict[str, Any]:
    """Count the faces in `faces` random pictures by dlib and by MediaPipe; write the numbers to `output`."""
    batches = [range(i, min(i + 25, FIRST_SEED + faces)) for i in range(FIRST_SEED, FIRST_SEED + faces, 25)]
    parts = run_all(count_faces, [(batch,) for batch in batches], workers, "counting faces", log)
    counts = [count for part in parts for count in part]
    metrics = {
        "n": faces,
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
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps(metrics, indent=2) + "\n")
    return metrics


def share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4)


def count_faces(seeds: Sequence[int]) -> list[tuple[int, int, int]]:
    """For each seed, the faces found by dlib, by dlib in the enlarged picture if there was none, by MediaPipe."""
    generator = face_generator()
    paint, dlib = Painter(generator, SIZE), ScoringReader()
    mediapipe = FaceCounter(weights.MEDIAPIPE.folder() / "face_detection_short_range.tflite")
    counts = []
    for seed in seeds:
        picture = paint(generator.synthesis.styles(truncated(generator, seed)))
        found = dlib.detect(picture)
        again = found or dlib.detect(picture, enlarge=1)
        counts.append((found.count if found else 0, again.count if again else 0, mediapipe(picture)))
    return counts
