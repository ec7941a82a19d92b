"""Generated faces that are made to feel and to turn: are they read as meant, are they still the same people?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vchar.character import Character, Expression, View
from vchar.errors import VcharError
from vchar.evaluation.express import FIRST_SEED, INTENDED, SIZE, share
from vchar.evaluation.readers.scoring import ScoringReader
from vchar.evaluation.workers import Log
from vchar.expressing import Posed, full_strength
from vchar.refining import Refiner
from vchar.rig.view import SKIN
from vchar.studio import Studio
from vchar.turning import within_reach

YAWS = (30, 45)  # degrees, to either side in turn
OUT = 30.0  # degrees to which a head is turned before it is turned back
FRONT, TURNS = 0.3, 0.95  # cosine to the camera and turn weight of what is inside the face

Floats = NDArray[np.float32]


def measure(completing: Refiner, turning: Refiner, limit: int, log: Log = print) -> dict[str, dict[str, Any]]:
    """`warp` and `refined`: shares read as intended by face-api, identity distances by dlib, and out and back in dB.

    completing: for expressions.  turning: for turned heads.
    """
    studio, reader = Studio.load(), ScoringReader()
    rows: dict[str, dict[str, list]] = {"warp": defaultdict(list), "refined": defaultdict(list)}
    for seed in range(FIRST_SEED, FIRST_SEED + limit):
        sitter = studio.posed(Character(seed=seed), size=SIZE)
        own = _identity(reader, sitter.picture)
        for name, feeling, facing in (("warp", None, None), ("refined", completing, turning)):
            feels, turns = replace(sitter, refiner=feeling), replace(sitter, refiner=facing)
            judge(reader, studio, feels, turns, own, 1 if seed % 2 else -1, rows[name])
        log(f"{seed - FIRST_SEED + 1}/{limit} faces")
    return {name: summary(values) for name, values in rows.items()}


def judge(
    reader: ScoringReader, studio: Studio, feels: Posed, turns: Posed, own: Floats, side: int, row: dict[str, list]
) -> None:
    """Adds what one face, which feels and turns, gives to each list of the row."""
    for emotion, intended in INTENDED.items():
        picture = feels.express(full_strength(emotion))
        felt = reader.emotions(np.array(picture))
        row[emotion].append(felt is not None and max(felt, key=felt.__getitem__) == intended)
        row["identity of expressions"].append(float(np.linalg.norm(own - _identity(reader, picture))))
    for yaw in YAWS:
        picture = turns.express(Expression(), view=View(side * yaw, 0, 0))
        row[f"identity at yaw {yaw}"].append(float(np.linalg.norm(own - _identity(reader, picture))))
    row["out and back"].append(out_and_back(studio, turns, side * OUT))


def summary(row: dict[str, list]) -> dict[str, Any]:
    """Shares of emotions and means of the rest."""
    found: dict[str, Any] = {emotion: share(row.pop(emotion)) for emotion in INTENDED}
    for name, values in row.items():
        known = [value for value in values if np.isfinite(value)]
        found[name] = round(mean(known), 3)
        found[f"{name}, unread"] = len(values) - len(known)
    return found


def out_and_back(studio: Studio, sitter: Posed, yaw: float) -> float:
    """PSNR in dB, within the face, between a portrait and itself turned to `yaw` and back; nan where that is unread."""
    turned = sitter.express(Expression(), view=View(yaw, 0, 0))
    try:
        again = replace(studio.posed(turned), refiner=sitter.refiner)
        back = again.express(Expression(), view=within_reach(*sitter.angles))
    except VcharError:
        return float("nan")
    view = sitter.source.view
    face = (view.part == SKIN) & (view.spread(view.facing[:, None])[..., 0] > FRONT)
    face &= view.spread(sitter.head.turn_weight[:, None])[..., 0] > TURNS
    apart = (np.asarray(back, np.float32) - np.asarray(sitter.picture, np.float32))[face] / 255
    return float(-10 * np.log10((apart**2).mean()))


def _identity(reader: ScoringReader, picture: Image.Image) -> Floats:
    """[128], nan where no face is found."""
    reading = reader(np.array(picture))
    return np.full(reader.identity_size, np.nan, np.float32) if reading is None else reading.identity
