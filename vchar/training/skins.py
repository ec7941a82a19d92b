"""`vchar train skins`: the faces of generated portraits, laid out as skins for rendered heads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import save_file

from vchar import checkpoint
from vchar.data.assets import SKIN_SIZE
from vchar.data.baked import face_of
from vchar.data.skin import FaceMap
from vchar.errors import VcharError
from vchar.evaluation.sliders import load_sliders
from vchar.evaluation.workers import Log, face_generator, painter, run_all
from vchar.faces import FaceFinder, Landmarks
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.fit import Fit, fit
from vchar.rig.prior import Prior

FIRST_SEED = 350_000
SEEDS_APART = 100_000  # first seeds of two runs with different `seed`
SIZE, TRUNCATION_PSI = 512, 0.8
CALM = {"smile": -0.6, "mouth_open": -0.6}  # slider values that close mouths
RESIDUAL, TURNED, OPEN = 0.015, 15.0, 0.25  # a fit beyond any of these is not good enough: eye distances, degrees, jaw
CHUNK = 10


def train(
    *, faces: int = 300, seed: int = 0, output: Path = Path("runs/skins"), ship: bool = False, log: Log = print
) -> Path:
    """Paint `faces` portraits, lay each onto the head fitted to it, and keep those that show skin well.

    Returns the file with the faces, [N,h,w,4] as `vchar.data.baked.face_of` makes them. Raises VcharError for `ship`:
    pictures stay at home.
    """
    if ship:
        raise VcharError("Skins are no checkpoint to ship; leave --ship out.")
    first = FIRST_SEED + SEEDS_APART * seed
    jobs = [(range(start, min(start + CHUNK, first + faces)),) for start in range(first, first + faces, CHUNK)]
    found = [face for part in run_all(portray, jobs, 2, "portraits", log) for face in part]
    if not found:
        raise VcharError("None of the portraits shows its skin well enough; paint more with --faces.")
    output.mkdir(parents=True, exist_ok=True)
    path, part = output / "skins.safetensors", output / "skins.part"
    save_file({"faces": np.stack(found)}, part)
    part.replace(path)
    log(f"{len(found)} of {faces} faces in {path}")
    return path


@torch.inference_mode()
def portray(seeds: Sequence[int]) -> list[NDArray[np.uint8]]:
    """The faces of those seeds that show their skin well."""
    generator, paint, finder, (head, where) = face_generator(), painter(SIZE), FaceFinder.load("cpu"), _head()
    sliders = load_sliders(checkpoint.shipped("face-sliders"))
    faces = []
    for seed in seeds:
        w = generator.w_avg.lerp(generator.w_of_seed(seed), TRUNCATION_PSI)
        picture = paint(sliders(generator.synthesis.styles(w), w, CALM))
        for landmarks in finder.find(Image.fromarray(picture))[:1]:
            behind = _calm_head(head, landmarks)
            face = None if behind is None else face_of(head, where, picture / 255, behind)
            faces += [] if face is None else [face]
    return faces


@cache  # one a process; it never changes
def _head() -> tuple[HeadModel, FaceMap]:
    head = HeadModel.load()
    return head, FaceMap.of(head, SKIN_SIZE)


def _calm_head(head: HeadModel, landmarks: Landmarks) -> Fit | None:
    """The head behind a calm face that is seen from the front, None behind another."""
    try:
        found = fit(head, Prior.load(), landmarks.points, landmarks.confidence, SIZE, SIZE)
    except VcharError:
        return None
    yaw, pitch, _ = found.camera.yaw_pitch_roll
    calm = max(abs(yaw), abs(pitch)) < TURNED and found.arkit[ARKIT_NAMES.index("jawOpen")] < OPEN
    return found if calm and found.residual < RESIDUAL else None
