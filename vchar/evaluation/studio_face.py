"""`vchar evaluate face --data`: how real, how unlike each other and how obedient the Studio generator's faces are.

Beside it, by the same measures, the photo-real generator, and the held-out pictures themselves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vchar import checkpoint
from vchar.data.face_shards import FaceShards
from vchar.errors import VcharError
from vchar.evaluation import distances
from vchar.evaluation.fit import Rig
from vchar.evaluation.generators import PhotoReal, Pictures, Studio, calm
from vchar.evaluation.readers.lite0 import Lite0
from vchar.evaluation.readers.scoring import SAME_PERSON, ScoringReader
from vchar.evaluation.workers import Log
from vchar.rig.blendshapes import ARKIT_NAMES

FIRST_SEED = 0
READ_AT = 256  # pixels a side at which faces are looked for
NEAR = 0.01  # quantile of distances from held-out pictures to learnt ones below which a face counts as copied
YAWS = (-30.0, -15.0, 0.0, 15.0, 30.0)
STRENGTHS = (0.0, 0.5, 1.0)
ACTIONS = {  # what is asked for, each side alike
    "smile": ("mouthSmileLeft", "mouthSmileRight"),
    "jaw": ("jawOpen",),
    "brow": ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
    "blink": ("eyeBlinkLeft", "eyeBlinkRight"),
}

Identify = Callable[[NDArray[np.uint8]], NDArray[np.float32] | None]
Read = Callable[[NDArray[np.uint8]], tuple[float, NDArray] | None]  # yaw in degrees and ARKit weights [52]


def evaluate(
    *,
    data: Path,
    learnt: Path | None = None,
    folder: Path | None = None,
    limit: int = 1000,
    write: bool = False,
    log: Log = print,
) -> dict[str, Any]:
    """Measure the checkpoint in `folder` (the shipped one) against the held-out shards in `data`; `write` the numbers.

    learnt: the shards that it learnt from, to tell copies. At most `limit` pictures of each kind are used. Raises
    VcharError when something can't be read.
    """
    folder = folder or checkpoint.shipped("face-studio")
    held_out = FaceShards(data)
    count = min(limit, len(held_out))
    studio = Studio(folder, held_out.conditions)
    size = studio.net.config.size
    net, look, identify = Lite0(), Rig.load(), _identities(ScoringReader())
    seeds = range(FIRST_SEED, FIRST_SEED + count)
    real = held_out.pictures(np.arange(count), size)
    sets: dict[str, Pictures] = {"held_out": real, "studio": studio.draw(seeds), "photo_real": PhotoReal().draw(seeds)}
    found = {name: distances.features(pictures, net) for name, pictures in sets.items()}
    rows = {}
    for name, pictures in sets.items():
        rows[name] = likeness(found["held_out"], found[name]) | faces(pictures, look, identify)
        log(f"{name}: {json.dumps(rows[name])}")
    metrics: dict[str, Any] = {"n": count, "seed": FIRST_SEED, "date": date.today().isoformat(), "data": data.name}
    metrics |= {"model": studio.name, "rows": rows, "control": obedience(studio, range(count)[:20], _reader(look))}
    metrics["identity_turned_30"] = steadiness(studio, range(count)[:20], identify)
    if learnt is not None:
        metrics["copies"] = copies(found["studio"], found["held_out"], _known(learnt, size, net))
    log(json.dumps(metrics, indent=2))
    if write:
        (folder / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    return metrics


def likeness(real: distances.Features, made: distances.Features) -> dict[str, float]:
    """Distances between two sets of features; never to be called FID: these aren't Inception's."""
    precision, recall = distances.precision_recall(real, made)
    return {
        "frechet_lite0": round(distances.frechet(real, made), 4),
        "kernel_lite0": round(distances.kernel(real, made), 5),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
    }


def faces(pictures: Pictures, rig: Rig, identify: Identify) -> dict[str, float | None]:
    """Share of pictures in which our finder finds a face; share of pairs that dlib takes for one person."""
    large = [_large(picture) for picture in pictures]
    found = np.mean([rig.find(Image.fromarray(picture)) is not None for picture in large])
    known = [each for each in map(identify, large) if each is not None]
    return {"face_found": round(float(found), 4), "identified": len(known), "near_duplicates": near_duplicates(known)}


def near_duplicates(identities: Sequence[NDArray]) -> float | None:
    """Share of pairs of people [128] nearer than the same person in two pictures; None for fewer than two."""
    if len(identities) < 2:
        return None
    points = np.stack(identities).astype(np.float64)
    apart = distances.apart(points, points)[np.triu_indices(len(points), 1)]
    return round(float((apart < SAME_PERSON).mean()), 4)


def copies(made: distances.Features, held_out: distances.Features, learnt: distances.Features) -> dict[str, float]:
    """How near made pictures are to the nearest learnt one, beside held-out pictures, which nobody copied.

    copied: the share nearer than all but NEAR of the held-out ones; NEAR would be chance.
    """
    own, others = distances.nearest(made, learnt), distances.nearest(held_out, learnt)
    return {
        "median": round(float(np.median(own)), 4),
        "median_held_out": round(float(np.median(others)), 4),
        "copied": round(float((own < np.quantile(others, NEAR)).mean()), 4),
    }


def obedience(studio: Studio, seeds: Sequence[int], read: Read) -> dict[str, float | None]:
    """Mean error of yaw in degrees, and correlations of asked and read strength by action; None where nobody reads."""
    asked = [(seed, yaw) for seed in seeds for yaw in YAWS]
    turned = studio.asked([seed for seed, _ in asked], np.stack([calm(yaw=yaw) for _, yaw in asked]))
    heads = [(yaw, head[0]) for (_, yaw), picture in zip(asked, turned, strict=True) if (head := read(picture))]
    errors = [abs(yaw - seen) for yaw, seen in heads]
    found: dict[str, float | None] = {"yaw_error": round(float(np.mean(errors)), 2) if errors else None}
    for action, names in ACTIONS.items():
        found[action] = _correlation(studio, seeds, names, read)
    return found | {"read": round(len(heads) / len(asked), 4)}


def _correlation(studio: Studio, seeds: Sequence[int], names: Sequence[str], read: Read) -> float | None:
    asked = [(seed, strength) for seed in seeds for strength in STRENGTHS]
    rows = np.stack([calm(**dict.fromkeys(names, strength)) for _, strength in asked])
    pictures = studio.asked([seed for seed, _ in asked], rows)
    places = [ARKIT_NAMES.index(name) for name in names]
    pairs = [(wish[1], head[1][places].mean()) for wish, p in zip(asked, pictures, strict=True) if (head := read(p))]
    if len(pairs) < 3 or np.std(pairs, axis=0).min() == 0:
        return None
    return round(float(np.corrcoef(np.array(pairs).T)[0, 1]), 4)


def steadiness(studio: Studio, seeds: Sequence[int], identify: Identify) -> float | None:
    """Mean identity distance between a face seen from the front and from 30 degrees to either side."""
    found = []
    for seed in seeds:
        views = studio.asked([seed] * 3, np.stack([calm(), calm(yaw=-30), calm(yaw=30)]))
        front, *sides = (identify(_large(view)) for view in views)
        found += [float(np.linalg.norm(front - side)) for side in sides if front is not None and side is not None]
    return round(float(np.mean(found)), 4) if found else None


def _identities(reader: ScoringReader) -> Identify:
    def identify(picture: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        reading = reader(picture)
        return None if reading is None else reading.identity

    return identify


def _reader(rig: Rig) -> Read:
    def read(picture: NDArray[np.uint8]) -> tuple[float, NDArray] | None:
        image = Image.fromarray(_large(picture))
        try:
            face = rig.find(image)
            head = None if face is None else rig.fit(image, face)
        except VcharError:
            return None
        return None if head is None else (head.camera.yaw_pitch_roll[0], head.arkit)

    return read


def _large(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(picture).resize((READ_AT, READ_AT), Image.Resampling.BICUBIC))


def _known(learnt: Path, size: int, net: Lite0) -> distances.Features:
    shards = FaceShards(learnt)
    parts = np.array_split(np.arange(len(shards)), max(1, len(shards) // 500))
    return np.concatenate([distances.features(shards.pictures(part, size), net) for part in parts])
