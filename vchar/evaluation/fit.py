"""`vchar evaluate fit`: does the fitted head stand where the face stands, and carry an expression to another picture?

On photographs of 50 people, neutral and smiling: how far the fitted head's inner landmarks are from those found; and
how much of the way to the real smile the neutral picture goes with the smiling picture's ARKit weights. On heads of the
data factory: errors of pose and depth.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vchar import checkpoint
from vchar.data.assets import Assets
from vchar.data.heads import HeadFactory
from vchar.data.labels import HeadSample
from vchar.data.london import LondonFace, read_london
from vchar.errors import VcharError
from vchar.evaluation.workers import Log
from vchar.faces import FaceFinder, Landmarks
from vchar.rig.body import HeadModel
from vchar.rig.camera import angles
from vchar.rig.fit import INNER, Fit, eye_distance, fit
from vchar.rig.prior import NAME, Prior
from vchar.rig.view import SKIN, View
from vchar.rig.warp import WarpSource

STEADY = [27, 28, 29, 30, 36, 39, 42, 45]  # landmarks that a smile hardly moves
FIRST_SEED = 960_000  # of rendered heads
RENDERS, SIZE = 40, 384
FRONT = 0.98  # turn weight from which a vertex belongs to the face and skull

Points = NDArray[np.float32]
Find = Callable[[Image.Image], Landmarks | None]


@dataclass(frozen=True)
class Rig:
    """What fits faces."""

    head: HeadModel
    prior: Prior
    find: Find

    @classmethod
    def load(cls) -> Rig:
        """All that ships."""
        finder = FaceFinder.load("cpu")
        return cls(HeadModel.load(), Prior.load(), lambda picture: next(iter(finder.find(picture)), None))

    def fit(self, picture: Image.Image, face: Landmarks, identity: Fit | None = None) -> Fit:
        """The head in a picture; VcharError where it can't be fitted."""
        return fit(self.head, self.prior, face.points, face.confidence, *picture.size, identity)


def evaluate(
    *, data: Path, limit: int = 50, assets: Path | None = None, write: bool = False, log: Log = print
) -> dict[str, Any]:
    """Measure on the people of `data` (like london_faces_dev.zip) and, given MakeHuman's `assets`, on rendered heads.

    Raises VcharError when `data` can't be read or no face of it can be fitted.
    """
    rig = Rig.load()
    metrics: dict[str, Any] = {"seed": FIRST_SEED, "date": date.today().isoformat(), "data": data.name}
    metrics |= photographs(rig, read_london(data, limit), log)
    if assets is not None:
        factory = HeadFactory(rig.head, Assets.load(rig.head, assets))
        metrics |= renders(rig, (factory.draw(FIRST_SEED + i, SIZE, dense=True) for i in range(RENDERS)))
    log(json.dumps(metrics))
    if write:
        checkpoint.save_metrics(checkpoint.shipped(NAME), metrics)
    return metrics


@dataclass(frozen=True)
class Transfer:
    """One person: residuals and time of the neutral fit, and inner landmark distances to the real smile."""

    residual: float
    smile_residual: float
    before: float
    after: float
    ms: float


def photographs(rig: Rig, people: Iterable[LondonFace], log: Log = print) -> dict[str, Any]:
    """Residuals, and the way to the smile, over people; those that can't be fitted are counted."""
    done: list[Transfer] = []
    failed = 0
    for person in people:
        try:
            done.append(transfer(rig, person))
        except VcharError as error:
            failed += 1
            log(f"{person.name}: {error}")
    if not done:
        raise VcharError("None of the faces could be fitted; check the landmark network.")
    before, after = np.mean([t.before for t in done]), np.mean([t.after for t in done])
    return {
        "n": len(done) + failed,
        "failed": failed,
        "residual": round(float(np.mean([t.residual for t in done])), 4),
        "smile_residual_same_person": round(float(np.mean([t.smile_residual for t in done])), 4),
        "smile_distance_before": round(float(before), 4),
        "smile_distance_after": round(float(after), 4),
        "smile_distance_fall": round(float(1 - after / before), 4),
        "ms_a_fit": round(float(np.median([t.ms for t in done])), 1),
    }


def transfer(rig: Rig, person: LondonFace) -> Transfer:
    """Give the neutral picture the smile's expression, and the head's turn between the two; how near does it come?"""
    neutral, smile = _found(rig, person.neutral), _found(rig, person.smile)
    start = time.perf_counter()
    fitted = rig.fit(person.neutral, neutral)
    ms = 1000 * (time.perf_counter() - start)
    smiling = rig.fit(person.smile, smile, identity=fitted)
    source = WarpSource(rig.head, np.asarray(person.neutral, np.float32) / 255, fitted)
    turned = angles(smiling.camera.rotation @ fitted.camera.rotation.T)
    made = source.edit(smiling.arkit, *turned).picture
    copy = _found(rig, Image.fromarray((made * 255).round().clip(0, 255).astype(np.uint8)))
    wanted = aligned(smile.points, neutral.points)
    unit = eye_distance(neutral.points)
    before = _distance(neutral.points, wanted) / unit
    after = _distance(aligned(copy.points, neutral.points), wanted) / unit
    return Transfer(fitted.residual, smiling.residual, before, after, ms)


def _found(rig: Rig, picture: Image.Image) -> Landmarks:
    face = rig.find(picture)
    if face is None:
        raise VcharError("There is no face that can be used in this picture.")
    return face


def aligned(points: Points, onto: Points) -> Points:
    """Points [70,2] moved, turned and scaled so that STEADY ones fall on those of `onto`."""
    a, b = points[STEADY], onto[STEADY]
    za, zb = ((p - p.mean(0)) @ [1, 1j] for p in (a, b))
    turn = (za.conj() @ zb) / (za.conj() @ za)
    moved = ((points - a.mean(0)) @ [1, 1j]) * turn
    return (np.stack([moved.real, moved.imag], axis=1) + b.mean(0)).astype(np.float32)


def _distance(a: Points, b: Points) -> float:
    return float(np.linalg.norm((a - b)[INNER], axis=1).mean())


def renders(rig: Rig, samples: Iterable[HeadSample]) -> dict[str, Any]:
    """Errors of pose (degrees) and depth (mm, distance apart) against the truth, with landmarks as found."""
    errors, missed = [], 0
    for sample in samples:
        face = rig.find(Image.fromarray(sample.picture))
        try:
            if face is None:
                raise VcharError("No face.")
            errors.append(render_error(rig, sample, face))
        except VcharError:
            missed += 1
    pose, depth = np.array([e[0] for e in errors]), np.array([e[1] for e in errors])
    return {
        "renders": len(errors) + missed,
        "renders_missed": missed,
        "yaw_error": round(float(np.abs(pose[:, 0]).mean()), 2),
        "pitch_error": round(float(np.abs(pose[:, 1] - np.median(pose[:, 1])).mean()), 2),
        "roll_error": round(float(np.abs(pose[:, 2]).mean()), 2),
        "depth_error_mm": round(float(np.nanmean(depth)), 2),
    }


def render_error(rig: Rig, sample: HeadSample, face: Landmarks) -> tuple[NDArray[np.floating], float]:
    """Pose error [3] in degrees, and mean depth error of the face in mm."""
    picture = Image.fromarray(sample.picture)
    fitted = rig.fit(picture, face)
    pose = np.array(fitted.camera.yaw_pitch_roll) - sample.pose
    assert sample.dense is not None
    vertices = rig.head.shape(fitted.phenotype, fitted.local, fitted.arkit)
    view = View(rig.head, vertices, fitted.camera, *sample.picture.shape[:2])
    front = (view.part == SKIN) & (view.spread(rig.head.turn_weight[:, None])[..., 0] > FRONT)
    front &= (sample.dense.parts == SKIN + 1) & (view.spread(view.facing[:, None])[..., 0] > 0.3)
    if front.sum() < 100:
        return pose, float("nan")
    true, mine = sample.dense.depth[front], view.raster.depth[front]
    apart = mine * np.median(true / mine) - true
    return pose, float(1000 * np.abs(apart - np.median(apart)).mean())
