"""`vchar evaluate express`: are named emotions read back as meant, by the same person, with the head held still?"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial.transform import Rotation

from vchar import mobilestylegan
from vchar.character import Character, Expression
from vchar.data.london import read_london
from vchar.errors import VcharError
from vchar.evaluation.readers import weights
from vchar.evaluation.readers.mesh import MeshReader
from vchar.evaluation.readers.scoring import SAME_PERSON, ScoringReader
from vchar.evaluation.workers import Log
from vchar.studio import Studio

FIRST_SEED = 920_000  # no prior, preset or network was made with these faces
SIZE = 512
INTENDED: Mapping[str, str] = {  # our emotions as face-api calls them; it doesn't know contempt
    "neutral": "neutral", "happy": "happiness", "surprised": "surprise", "sad": "sadness", "angry": "anger",
    "disgusted": "disgust", "afraid": "fear",
}  # fmt: skip
RIGID = [10, 109, 338, 67, 297, 151, 168, 6, 197, 195, 127, 356, 234, 454, 33, 263]  # of the mesh: no muscle moves them


@dataclass(frozen=True)
class Judged:
    """What the judges say about one picture. None: no face found."""

    identity: NDArray[np.float32] | None  # [128] by dlib
    face_api: str | None  # the likeliest emotion by a recogniser that took no part in making expressions
    ours: str | None  # by the one that comes with vchar
    rigid: NDArray[np.float32]  # [16,3] points of MediaPipe's mesh that only the head's own movement moves


class Judges:
    """Readers of other makers, and our own recogniser beside them."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._scoring = studio, ScoringReader()
        self._mesh = MeshReader(weights.MEDIAPIPE.folder() / "face_landmark.tflite")

    def __call__(self, picture: Image.Image) -> Judged:
        pixels = np.array(picture)
        reading, emotions = self._scoring(pixels), self._scoring.emotions(pixels)
        try:
            ours = next(iter(self._studio.read(picture).emotions))
        except VcharError:
            ours = None
        return Judged(
            identity=None if reading is None else reading.identity,
            face_api=None if emotions is None else max(emotions, key=emotions.__getitem__),
            ours=ours,
            rigid=self._mesh.points(pixels)[0][RIGID],
        )


def evaluate(*, limit: int = 50, data: Path | None = None, write: bool = False, log: Log = print) -> dict[str, Any]:
    """Every named emotion, at full strength, on `limit` generated faces, or on the neutral portraits of `data`.

    `data` is a zip like london_faces_dev.zip.  Raises VcharError for `write`, since no checkpoint is measured alone.
    """
    if write:
        raise VcharError("Expressions have no metrics.json to write; use --json and keep the line it prints.")
    studio = Studio.load()
    judges = Judges(studio)
    rows: dict[str, list[tuple[Judged, Judged]]] = defaultdict(list)
    unreadable = 0
    for i, portrait in enumerate(_portraits(studio, data, limit)):
        before = judges(portrait)
        for emotion in (*INTENDED, "contempt"):
            try:
                after = studio.express(portrait, Expression(neutralise=True, emotions={emotion: 1.0}))
            except VcharError:
                unreadable += 1
                break
            rows[emotion].append((before, judges(after)))
        log(f"{i + 1}/{limit} faces")
    generated = f"{mobilestylegan.MODEL_ID} {mobilestylegan.CONVERSION}, seeds from {FIRST_SEED}"
    metrics = {
        "n": limit,
        "date": date.today().isoformat(),
        "data": f"{data.name if data else generated}, {SIZE} px",
        "unreadable": unreadable,
        "emotions": {emotion: summary(pairs, emotion) for emotion, pairs in rows.items()},
        **overall([pair for pairs in rows.values() for pair in pairs]),
    }
    log(json.dumps(metrics, indent=2))
    return metrics


def summary(pairs: list[tuple[Judged, Judged]], emotion: str) -> dict[str, float | None]:
    """Shares read as intended, before and after, and what else changed."""
    intended = INTENDED.get(emotion)
    known = intended is not None
    return {
        "face_api": share([after.face_api == intended for _, after in pairs]) if known else None,
        "face_api_before": share([before.face_api == intended for before, _ in pairs]) if known else None,
        "ours": share([after.ours == emotion for _, after in pairs]),
        "ours_before": share([before.ours == emotion for before, _ in pairs]),
        **overall(pairs),
    }


def overall(pairs: list[tuple[Judged, Judged]]) -> dict[str, float]:
    """Identity distance by dlib (strangers .80, the same person below .60), and the head's own turn in degrees."""
    distances = [
        float(np.linalg.norm(before.identity - after.identity))
        for before, after in pairs
        if before.identity is not None and after.identity is not None
    ]
    turns = [turn(before.rigid, after.rigid) for before, after in pairs]
    return {
        "identity": round(mean(distances), 3),
        "identity_max": round(max(distances), 3),
        "beyond_same_person": share([distance > SAME_PERSON for distance in distances]),
        "face_lost": share([after.identity is None for _, after in pairs]),
        "head_turn": round(mean(turns), 2),
        "head_turn_p95": round(float(np.percentile(turns, 95)), 2),
    }


def turn(before: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    """Degrees between two sets of points [N,3], size and place apart."""
    rotation = Rotation.align_vectors(after - after.mean(0), before - before.mean(0))[0]
    return float(np.degrees(rotation.magnitude()))


def share(hits: list[bool]) -> float:
    return round(sum(hits) / len(hits), 3)


def _portraits(studio: Studio, data: Path | None, limit: int) -> Iterator[Image.Image]:
    if data is not None:
        yield from (face.neutral.resize((SIZE, SIZE), Image.Resampling.LANCZOS) for face in read_london(data, limit))
        return
    for seed in range(FIRST_SEED, FIRST_SEED + limit):
        yield studio.portrait(Character(seed=seed), SIZE)
