"""`vchar evaluate portrait`: how near edited pictures come to the truth, with the refiner and by the plain warp."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from math import exp
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vchar import checkpoint
from vchar.data.london import LondonFace, read_london
from vchar.errors import VcharError
from vchar.evaluation import feelings, turns
from vchar.evaluation.fit import Rig
from vchar.evaluation.readers.lpips import Lpips
from vchar.evaluation.readers.scoring import ScoringReader
from vchar.evaluation.refined import Distance, apart, case_of
from vchar.evaluation.workers import Log
from vchar.refining import Refiner

SHOWN = ("warp", "refined")
Happiness = Callable[[NDArray[np.uint8]], float]  # 0..1, in RGB [H,W,3]


def evaluate(
    *,
    data: Path,
    refiner: Path,
    makehuman: Path | None = None,
    limit: int = 50,
    write: bool = False,
    log: Log = print,
) -> dict[str, Any]:
    """Measure on the people of `data`, on rendered heads that turn, dressed from `makehuman`, and on generated faces.

    refiner: the checkpoint, as `vchar train portrait` wrote it.  data: a zip like london_faces_dev.zip: neutral
    photographs are made to smile, and smiles made neutral.  LPIPS (AlexNet) to the real other photograph, and how happy
    face-api finds the smiles; see `vchar.evaluation.turns` and `vchar.evaluation.feelings` for the others.
    """
    rig, turning, distance = Rig.load(), Refiner.load(refiner), Lpips()
    completing = Refiner.load(refiner, expressions=True)
    metrics: dict[str, Any] = {"date": date.today().isoformat(), "data": data.name, "seed": turns.FIRST_SEED}
    metrics |= compare(rig, completing, read_london(data, limit), distance, happiness(ScoringReader()), log)
    metrics["turns"] = turns.measure(rig, turning, makehuman, distance, limit, log)
    metrics["generated"] = feelings.measure(completing, turning, limit, log)
    log(json.dumps(metrics, indent=2))
    if write:
        checkpoint.save_metrics(refiner, metrics)
    return metrics


def table(metrics: dict[str, Any]) -> str:
    """The card's table: the plain warp beside the refiner."""
    rows: list[tuple[str, ...]] = [("", "plain warp", "refined"), ("---", "---", "---")]
    for way, name in (("to_smile", "neutral to smile"), ("to_neutral", "smile to neutral")):
        rows.append((f"London, {name}: LPIPS", *(f"{metrics[f'{way}_lpips_{what}']:.3f}" for what in SHOWN)))
    real = metrics["happiness_real"]
    rows.append((f"London, smiles: happiness (real {real:.2f})", *(f"{metrics[f'happiness_{w}']:.2f}" for w in SHOWN)))
    for yaw, found in metrics["turns"].items():
        rows.append((f"Renders turned by {yaw} degrees: LPIPS", *(f"{found[what]:.3f}" for what in SHOWN)))
    for name in metrics["generated"]["warp"]:
        if not name.endswith("unread"):
            values = (metrics["generated"][what][name] for what in SHOWN)
            rows.append((name if " " in name else f"Read as meant: {name}", *(f"{value:.2f}" for value in values)))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def happiness(reader: ScoringReader) -> Happiness:
    """The probability that face-api gives to happiness; 0 where it finds no face."""

    def read(image: NDArray[np.uint8]) -> float:
        emotions = reader.emotions(image)
        return exp(emotions["happiness"]) if emotions else 0.0

    return read


def compare(
    rig: Rig,
    refiner: Refiner,
    people: Iterable[LondonFace],
    distance: Distance,
    happy: Happiness,
    log: Log = print,
) -> dict[str, Any]:
    """The means over those people of whom both photographs can be read."""
    rows: dict[str, list[float]] = {}
    left_out = 0
    for person in people:
        found = {name: case_of(rig, refiner, *ends) for name, ends in _ways(person).items()}
        cases = {name: case for name, case in found.items() if case is not None}
        if len(cases) < len(found):
            left_out += 1
            continue
        for name, case in cases.items():
            for what, picture in case.shown().items():
                rows.setdefault(f"{name}_lpips_{what}", []).append(apart(distance, picture, case.pair.target))
        smile = cases["to_smile"]
        for what, picture in {"real": smile.pair.target, "warp": smile.pair.warped, "refined": smile.refined}.items():
            rows.setdefault(f"happiness_{what}", []).append(happy(picture))
        log(f"{person.name} done")
    if not rows:
        raise VcharError("Nobody's two photographs could be compared; check that both show the same person's face.")
    count = len(rows["happiness_real"])
    return {"n": count, "left_out": left_out} | {name: round(mean(values), 4) for name, values in rows.items()}


def _ways(person: LondonFace) -> dict[str, tuple[Image.Image, Image.Image]]:
    return {"to_smile": (person.neutral, person.smile), "to_neutral": (person.smile, person.neutral)}
