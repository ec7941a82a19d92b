"""`vchar evaluate body`: how far is the linear body from Anny's own, on people that it was not made from?"""

import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from vchar import checkpoint
from vchar.data.adults import Adults
from vchar.data.anny_source import AnnySource
from vchar.evaluation.workers import Log
from vchar.rig.figure import BodyModel
from vchar.rig.phenotype import NAMES, random_sliders

SEED = 920_000  # training never draws from it


def evaluate(*, limit: int = 200, folder: Path | None = None, write: bool = False, log: Log = print) -> dict[str, Any]:
    """Distances in millimetres on `limit` random adults over the whole range of all sliders; `write` metrics.json."""
    folder = folder or checkpoint.shipped("body")
    body, source = BodyModel.load(folder), AnnySource()
    adults, root = Adults.of(source), source.model.bone_labels.index("root")
    skin = np.flatnonzero((body.base_index >= 0) & np.isin(np.arange(len(body.mean)), body.faces))
    count, sliders = len(source.model.template_vertices), random_sliders(limit, SEED)
    skin_mm, joint_mm = [], []
    for person in sliders:
        true = adults.at(person[None])[0]
        true -= true[count + root]
        vertices, joints = body.modelled(body.principal(dict(zip(NAMES, person.tolist(), strict=True))))
        skin_mm.append(1000 * np.linalg.norm(vertices[skin] - true[body.base_index[skin]], axis=1))
        gaps = np.linalg.norm(joints[:, None] - true[None, count:], axis=-1)
        joint_mm.append(1000 * gaps.min(1))  # each joint of ours is one of Anny's
    one = body.shape({})
    still = np.broadcast_to(np.eye(3, 4, dtype=np.float32), (len(body.joint_names), 3, 4)).copy()
    metrics = {
        "n": limit,
        "seed": SEED,
        "date": date.today().isoformat(),
        "data": "anny 0.6.2, random adults",
        "vertices": len(body.mean),
        "faces": len(body.faces),
        "shape_mm_mean": round(float(np.mean(skin_mm)), 3),
        "shape_mm_p95": round(float(np.percentile(skin_mm, 95)), 3),
        "shape_mm_max": round(float(np.max(skin_mm)), 3),
        "joint_mm_mean": round(float(np.mean(joint_mm)), 3),
        "joint_mm_max": round(float(np.max(joint_mm)), 3),
        "shape_ms": _milliseconds(lambda: body.shape({"age": 0.5})),
        "pose_ms": _milliseconds(lambda: one.posed(still)),
    }
    log(json.dumps(metrics))
    if write:
        checkpoint.save_metrics(folder, metrics)
    return metrics


def _milliseconds(work: Callable[[], object], times: int = 15) -> float:
    """The median time of `work`, after one time that doesn't count."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return round(1000 * float(np.median(taken)), 1)
