"""`vchar evaluate matte`: how near mattes come to those of rendered heads, which are exact, beside MediaPipe's."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from statistics import mean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vchar import checkpoint
from vchar.data.assets import Assets
from vchar.data.heads import HeadFactory
from vchar.errors import VcharError
from vchar.evaluation.readers.selfie import SelfieReader
from vchar.evaluation.readers.weights import MEDIAPIPE
from vchar.evaluation.workers import Log
from vchar.matting import Matter
from vchar.rig.body import HeadModel

FIRST_SEED = 70_000_000  # of rendered heads; training never goes there
SIZE = 512
HAIRY = 0.01  # share of a picture that hair must cover to count
BAND = 0.05, 0.95  # shares between which a pixel is of the edge


def evaluate(
    *, data: Path | None = None, skins: Path | None = None, limit: int = 200, write: bool = False, log: Log = print
) -> dict[str, Any]:
    """Measure on rendered heads in skins, faces and hair that training never saw; `write`: the checkpoint's metrics.

    data: a zip of MakeHuman's CC0 assets.  skins: what `vchar train skins` wrote.  IoU counts what is more than half
    shown; MAD is the mean difference from the true share in thousandths, over the picture and over its true edge alone.
    """
    if data is None:
        raise VcharError("Mattes are measured on heads that MakeHuman dresses; give its zip with --data.")
    head, ours, theirs = (
        HeadModel.load(),
        Matter.load(),
        SelfieReader(MEDIAPIPE.folder() / "selfie_segmentation.tflite"),
    )
    factory = HeadFactory(head, Assets.load(head, data, faces=skins).part(held_out=True))
    rows: dict[str, list[dict[str, float]]] = {"model": [], "mediapipe": []}
    hair, seconds = [], []
    for seed in range(FIRST_SEED, FIRST_SEED + limit):
        sample = factory.draw(seed, SIZE, dense=True)
        assert sample.dense is not None
        person, true_hair = np.moveaxis(sample.dense.matte / 255, -1, 0)
        start = time.perf_counter()
        found = ours.matte(Image.fromarray(sample.picture))
        seconds.append(time.perf_counter() - start)
        rows["model"].append(compare(found.person, person))
        likely = Image.fromarray(theirs(sample.picture)).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
        rows["mediapipe"].append(compare(np.asarray(likely).clip(0, 1), person))
        if true_hair.mean() > HAIRY:
            hair.append(iou(found.hair, true_hair))
    metrics = {
        "n": limit,
        "seed": FIRST_SEED,
        "date": date.today().isoformat(),
        "data": f"{data.name}, one in five of its skins and styles of hair" + (f", {skins.name}" if skins else ""),
        "milliseconds": round(1000 * median(seconds)),
        "person": {
            name: {key: round(mean(row[key] for row in many), 3) for key in many[0]} for name, many in rows.items()
        },
        "hair": {"n": len(hair), "iou": round(mean(hair), 3) if hair else None},
    }
    log(json.dumps(metrics, indent=2))
    if write:
        checkpoint.save_metrics(checkpoint.shipped("matte"), metrics)
    return metrics


def compare(found: NDArray, truth: NDArray) -> dict[str, float]:
    """IoU, and MAD in thousandths over all of a matte [H,W] and over its edge."""
    wrong = np.abs(found - truth)
    edge = (truth > BAND[0]) & (truth < BAND[1])
    at_edge = float(wrong[edge].mean()) if edge.any() else 0.0
    return {"iou": iou(found, truth), "mad": 1000 * float(wrong.mean()), "mad_at_edges": 1000 * at_edge}


def iou(found: NDArray, truth: NDArray) -> float:
    """What two mattes share of what either shows; 1 where neither shows anything."""
    either = (found > 0.5) | (truth > 0.5)
    return float(((found > 0.5) & (truth > 0.5)).sum() / either.sum()) if either.any() else 1.0
