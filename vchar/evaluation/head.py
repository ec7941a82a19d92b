"""`vchar evaluate head`: how far is the linear head from Anny's own, on people that it was not made from?"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from vchar import checkpoint
from vchar.data.anny_source import AnnySource
from vchar.evaluation.workers import Log
from vchar.rig.body import PARTS, HeadModel

SEED = 910_000  # training never draws from it


def evaluate(*, limit: int = 200, folder: Path | None = None, write: bool = False, log: Log = print) -> dict[str, Any]:
    """Distances in millimetres on `limit` random adults, and of each facial action; `write` metrics.json.

    A person's shape is the nearest one that the principal shapes can make; the rest of the body is left out.
    """
    folder = folder or checkpoint.shipped("head")
    head, source = HeadModel.load(folder), AnnySource()
    skin = np.unique(head.faces[head.face_part == PARTS.index("skin")])
    skin = skin[head.turn_weight[skin] > 0.9]
    people = np.concatenate([batch[:, head.base_index[skin]] for batch in source.people(limit, SEED)])
    basis = head.phenotype[:, skin].reshape(len(head.phenotype), -1)
    moved = (people - head.mean[skin]).reshape(limit, -1)
    nearest = np.linalg.lstsq(basis.T, moved.T, rcond=None)[0].T @ basis
    distance = 1000 * np.linalg.norm((moved - nearest).reshape(limit, -1, 3), axis=-1)
    actions = 1000 * np.abs(source.facial_actions()[:, head.base_index[skin]] - head.arkit[:, skin]).max()
    metrics = {
        "n": limit,
        "seed": SEED,
        "date": date.today().isoformat(),
        "data": "anny 0.6.2, random adults",
        "vertices": len(head.mean),
        "faces": len(head.faces),
        "shape_mm_mean": round(float(distance.mean()), 3),
        "shape_mm_p95": round(float(np.percentile(distance, 95)), 3),
        "shape_mm_max": round(float(distance.max()), 3),
        "action_mm_max": round(float(actions), 4),
    }
    log(json.dumps(metrics))
    if write:
        checkpoint.save_metrics(folder, metrics)
    return metrics
