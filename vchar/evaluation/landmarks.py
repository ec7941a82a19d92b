"""`vchar evaluate landmarks`: how far landmarks are from where people put them, and from those of rendered heads.

Errors are mean distances in percent of the distance between the centres of the eyes; a failure is a face that was not
found, or whose inner error exceeds 10 %, and counts with 10 %. dlib sees the same pictures in the same run. The eyes of
a head that turns away come nearer to each other in the picture: `inner_of_3d_distance` is the inner error in percent of
the distance between them in space.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vchar import checkpoint
from vchar.data.backdrops import backdrops
from vchar.data.london import read_london
from vchar.data.shards import Archives, make_factory
from vchar.evaluation.readers.dlib68 import DlibLandmarks
from vchar.evaluation.workers import Log
from vchar.faces import FaceFinder

Points = NDArray[np.float32]
REGIONS = {"jaw": (0, 17), "brows": (17, 27), "nose": (27, 36), "eyes": (36, 48), "mouth": (48, 68)}
FAILURE = 10.0  # percent
YAWS = (0, 15, 30, 45)  # degrees; a rendered head counts to the nearest
GROUNDS = 500  # pictures without a face
FIRST_SEED = 40_000_000  # of rendered heads; training never goes there


def errors(found: Points | None, truth: Points) -> NDArray[np.float64]:
    """Distance of each of the 68 points in percent of the eye distance; FAILURE where there is no face."""
    if found is None:
        return np.full(68, FAILURE)
    eyes = np.linalg.norm(truth[36:42].mean(0) - truth[42:48].mean(0))
    return 100 * np.linalg.norm(found[:68] - truth[:68], axis=1) / eyes


def summary(rows: list[NDArray[np.float64]]) -> dict[str, float]:
    """Inner error, failures in percent, and the error of each region and of all points."""
    table = np.array(rows)
    inner = table[:, 17:].mean(1)
    failed = inner >= FAILURE
    table[failed] = np.minimum(table[failed], FAILURE)
    parts = {"inner": table[:, 17:].mean(), "all": table.mean(), "failures": 100 * failed.mean()}
    parts |= {name: table[:, a:b].mean() for name, (a, b) in REGIONS.items()}
    return {name: round(float(value), 2) for name, value in parts.items()}


def evaluate(
    *,
    data: Path,
    makehuman: Path | None = None,
    heads: int = 400,
    limit: int | None = None,
    write: bool = False,
    log: Log = print,
) -> dict[str, Any]:
    """Errors on the neutral photographs of `data` (see vchar.data.london) and on rendered heads; `write` metrics.json.

    makehuman: the archive that dresses the rendered heads; without it they are plain.
    """
    finder, compared = FaceFinder.load(), DlibLandmarks()
    ours, theirs, seconds = [], [], []
    for face in read_london(data, limit):
        start = time.perf_counter()
        found = finder.find(face.neutral)
        seconds.append(time.perf_counter() - start)
        ours.append(errors(found[0].points if found else None, face.landmarks))
        theirs.append(errors(compared(face.neutral), face.landmarks))
    rendered: dict[str, Any] = {}
    for yaw, rows in by_yaw(finder, rendered_heads(makehuman, heads)).items():
        measured = summary(rows)
        unforeshortened = round(measured["inner"] * math.cos(math.radians(yaw)), 2)
        rendered[f"yaw_{yaw}"] = {"n": len(rows), **measured, "inner_of_3d_distance": unforeshortened}
    metrics = {
        "n": len(ours),
        "seed": FIRST_SEED,
        "date": date.today().isoformat(),
        "data": data.name,
        "milliseconds": round(1000 * float(np.median(seconds)), 1),
        **summary(ours),
        "dlib": summary(theirs),
        "false_alarms": false_alarms(finder, GROUNDS),
        "renders": rendered,
    }
    log(json.dumps(metrics))
    if write:
        checkpoint.save_metrics(checkpoint.shipped("landmarks"), metrics)
    return metrics


def false_alarms(finder: FaceFinder, count: int) -> float:
    """Percent of pictures without a face, made in code, in which one is found."""
    pictures = [Image.fromarray(picture).resize((256, 256)) for picture in backdrops(count, FIRST_SEED)]
    return round(100 * sum(bool(finder.find(picture)) for picture in pictures) / count, 1)


def rendered_heads(makehuman: Path | None, count: int) -> Iterator[tuple[Image.Image, Points, float]]:
    """Pictures of heads that training never saw, their landmarks and their yaw in degrees."""
    factory = make_factory(Archives(makehuman))
    for seed in range(FIRST_SEED, FIRST_SEED + count):
        sample = factory.draw(seed)
        yield Image.fromarray(sample.picture), sample.landmarks, float(sample.pose[0])


def by_yaw(
    finder: FaceFinder, heads: Iterator[tuple[Image.Image, Points, float]]
) -> dict[int, list[NDArray[np.float64]]]:
    """Errors by the nearest of YAWS; heads turned further are left out."""
    rows: dict[int, list[NDArray[np.float64]]] = {yaw: [] for yaw in YAWS}
    for picture, truth, yaw in heads:
        nearest = min(YAWS, key=lambda step: abs(abs(yaw) - step))
        if abs(abs(yaw) - nearest) <= 7.5:
            found = finder.find(picture)
            rows[nearest].append(errors(found[0].points if found else None, truth))
    return {yaw: errors_ for yaw, errors_ in rows.items() if errors_}
