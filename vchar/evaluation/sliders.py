"""`vchar evaluate sliders`: do the sliders do what they say, and nothing else, on faces they have never met?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from vchar import checkpoint, mobilestylegan
from vchar.evaluation.probe import TRUNCATION_PSI, Probes, probe
from vchar.evaluation.readers.scoring import SAME_PERSON, ScoringReader
from vchar.evaluation.workers import Log
from vchar.models.sliders import FaceSliders, SlidersConfig, SliderSpec

FIRST_SEED = 900_000  # training never goes there
FACES = 100
Array = NDArray[np.float32]


@dataclass(frozen=True)
class SliderScore:
    """One slider on F faces, read at five values from its minimum to 1; readings in deviations over the faces."""

    response: float  # change of its own reading from end to end
    monotone_steps: float  # share of steps in the right direction
    monotone_faces: float  # share of faces with all four steps in the right direction
    leakage: float  # mean |change| of the readings it should leave alone, as a share of the response
    worst_leak: str  # the largest of them
    worst_leakage: float  # signed, as a share of the response
    identity_low: float  # mean distance to the unedited face at the minimum; 0.6 divides people
    identity_high: float  # and at 1
    strangers: float  # share of faces at both ends that are further than that
    lost: int  # edits after which no face was found
    doubled: int  # edits after which more faces were found than before


def evaluate(
    *,
    limit: int = FACES,
    folder: Path | None = None,
    workers: int = 2,
    write: bool = False,
    log: Log = print,
) -> dict[str, Any]:
    """Score the sliders in `folder` (the shipped ones by default) on `limit` fresh faces; `write` metrics.json.

    Returns what metrics.json holds. Raises VcharError when the checkpoint or a reader can't be loaded.
    """
    folder = folder or checkpoint.shipped("face-sliders")
    sliders = load_sliders(folder)
    seeds = range(FIRST_SEED, FIRST_SEED + limit)
    probes = probe(sliders, five_values(sliders.config), seeds, "scoring", workers, "scoring sliders", log)
    scores = score(probes, sliders.config)
    metrics = report(scores, limit)
    log(table(metrics))
    if write:
        checkpoint.save_metrics(folder, metrics)
    return metrics


def load_sliders(folder: Path) -> FaceSliders:
    """The sliders of a checkpoint; VcharError when it can't be read."""
    return checkpoint.load_network(folder, FaceSliders, SlidersConfig)


def values_of(spec: SliderSpec) -> tuple[float, ...]:
    """The five values that a slider is read at; neutral is one of them."""
    return (0.0, 0.25, 0.5, 0.75, 1.0) if spec.minimum == 0 else (-1.0, -0.5, 0.0, 0.5, 1.0)


def five_values(config: SlidersConfig) -> torch.Tensor:
    """Each slider alone at its values, neutral left out -> edits [4 N, N]."""
    edits = torch.zeros(len(config.sliders), 4, len(config.sliders))
    for i, spec in enumerate(config.sliders):
        edits[i, :, i] = torch.tensor([v for v in values_of(spec) if v])
    return edits.flatten(0, 1)


def score(probes: Probes, config: SlidersConfig) -> dict[str, SliderScore]:
    """Probes of `five_values` -> scores by slider name."""
    return {spec.name: _score_one(probes, slice(4 * i, 4 * i + 4), spec) for i, spec in enumerate(config.sliders)}


def _score_one(probes: Probes, edits: slice, spec: SliderSpec) -> SliderScore:
    names, std = ScoringReader.names, np.nanstd(probes.base, axis=0)
    at = values_of(spec).index(0.0)
    readings = np.insert(probes.edited[:, edits], at, probes.base, axis=1) / std  # [F, 5, A]
    distance = np.insert(probes.distance[:, edits], at, 0.0, axis=1)  # [F, 5]
    own = readings[..., names.index(spec.name)]
    steps = np.diff(own, axis=1) > 0  # a lost face counts as a wrong step
    change = np.nanmean(readings[:, -1] - readings[:, 0], axis=0)
    response = float(change[names.index(spec.name)])
    leaks = {n: float(c) / abs(response) for n, c in zip(names, change, strict=True) if spec.counts_as_leak(n)}
    worst = max(leaks, key=lambda name: abs(leaks[name]))
    faces = probes.faces[:, edits]
    ends = distance[:, [-1]] if at == 0 else distance[:, [0, -1]]
    return SliderScore(
        response=response,
        monotone_steps=float(steps.mean()),
        monotone_faces=float(steps.all(axis=1).mean()),
        leakage=float(np.mean(np.abs(list(leaks.values())))),
        worst_leak=worst,
        worst_leakage=leaks[worst],
        identity_low=float(np.nanmean(distance[:, 0])),
        identity_high=float(np.nanmean(distance[:, -1])),
        strangers=float((ends > SAME_PERSON).mean()),
        lost=int((faces == 0).sum()),
        doubled=int((faces > np.maximum(probes.base_faces, 1)[:, None]).sum()),
    )


def report(scores: dict[str, SliderScore], faces: int) -> dict[str, Any]:
    """What metrics.json holds."""
    rows = {name: {k: _rounded(v) for k, v in asdict(s).items()} for name, s in scores.items()}
    numbers = [k for k, v in asdict(next(iter(scores.values()))).items() if not isinstance(v, str)]
    return {
        "n": faces,
        "seed": FIRST_SEED,
        "date": date.today().isoformat(),
        "data": f"{mobilestylegan.MODEL_ID} {mobilestylegan.CONVERSION}, truncation_psi {TRUNCATION_PSI}, 256 px",
        "mean": {k: _rounded(float(np.mean([row[k] for row in rows.values()]))) for k in numbers},
        "sliders": rows,
    }


def _rounded(value: Any) -> Any:  # noqa: ANN401
    return round(value, 4) if isinstance(value, float) else value


def table(metrics: dict[str, Any]) -> str:
    """What metrics.json holds as a Markdown table."""
    mean = metrics["mean"]
    head = (
        "| slider | response | monotone steps (faces) | leakage (worst) | identity low / high | >0.6 | lost + doubled |"
    )
    lines = [head, "|---|---|---|---|---|---|---|"]
    for name, row in metrics["sliders"].items():
        s = SliderScore(**row)
        lines.append(
            f"| {name} | {s.response:.1f} | {s.monotone_steps:.0%} ({s.monotone_faces:.0%}) "
            f"| {s.leakage:.1%} ({s.worst_leak} {s.worst_leakage:+.0%}) "
            f"| {s.identity_low:.2f} / {s.identity_high:.2f} | {s.strangers:.0%} | {s.lost} + {s.doubled} |"
        )
    lines.append(
        f"| **mean** | {mean['response']:.1f} | {mean['monotone_steps']:.0%} ({mean['monotone_faces']:.0%}) "
        f"| {mean['leakage']:.1%} | {mean['identity_low']:.2f} / {mean['identity_high']:.2f} "
        f"| {mean['strangers']:.0%} | {mean['lost']:.1f} + {mean['doubled']:.1f} |"
    )
    return "\n".join(lines)
