"""`vchar train skins`: the faces of portraits of nobody, laid out as skins for rendered heads.

The portraits are our photo-real generator's, or those of a zip: what learns from the skins inherits their licence.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import save_file

from vchar import checkpoint
from vchar.data.assets import SKIN_SIZE, portrait_names
from vchar.data.baked import evenly_lit, face_of
from vchar.data.skin import FaceMap
from vchar.errors import VcharError
from vchar.evaluation.sliders import load_sliders
from vchar.evaluation.workers import Log, face_generator, painter, run_all
from vchar.faces import FaceFinder, Landmarks
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.fit import Fit, fit
from vchar.rig.prior import Prior
from vchar.writing import whole

FIRST_SEED = 350_000
SEEDS_APART = 100_000  # first seeds of two runs with different `seed`
SIZE, TRUNCATION_PSI = 512, 0.8
CALM = {"smile": -0.6, "mouth_open": -0.6}  # slider values that close mouths
RESIDUAL, TURNED, OPEN = 0.015, 15.0, 0.25  # a fit beyond any of these is not good enough: eye distances, degrees, jaw
CHUNK = 10


def train(
    *,
    faces: int = 300,
    portraits: Path | None = None,
    seed: int = 0,
    output: Path = Path("runs/skins"),
    ship: bool = False,
    log: Log = print,
) -> Path:
    """Lay `faces` portraits onto the heads fitted to them, and keep those that show skin well, in even light.

    portraits: a zip of jpegs, of which those in folders named t2i are taken by name from the first one on; else the
    generator paints.  Returns the file with the faces, [N,h,w,4] as `vchar.data.baked.face_of` makes them. Raises
    VcharError for `ship`, since pictures stay at home, and for a zip that can't be read.
    """
    if ship:
        raise VcharError("Skins are no checkpoint to ship; leave --ship out.")
    if portraits is None:
        first = FIRST_SEED + SEEDS_APART * seed
        jobs = [(painted, range(at, min(at + CHUNK, first + faces))) for at in range(first, first + faces, CHUNK)]
    else:
        names = _names(portraits)[:faces]
        jobs = [(zipped, portraits, names[at : at + CHUNK]) for at in range(0, len(names), CHUNK)]
    found = [face for part in run_all(bake_all, jobs, 2, "portraits", log) for face in part]
    if not found:
        raise VcharError("None of the portraits shows its skin well enough; take more with --faces.")
    path = output / "skins.safetensors"
    with whole(path) as part:
        output.mkdir(parents=True, exist_ok=True)
        save_file({"faces": np.stack(found)}, part)
    log(f"{len(found)} of {sum(len(which) for *_, which in jobs)} faces in {path}")
    return path


def bake_all(source: Callable[..., Iterator[NDArray[np.uint8]]], *which: object) -> list[NDArray[np.uint8]]:
    """The faces of the portraits [H,W,3] of `source` that show their skin well."""
    finder, (head, where) = FaceFinder.load("cpu"), _head()
    faces = []
    for picture in source(*which):
        for landmarks in finder.find(Image.fromarray(picture))[:1]:
            behind = _calm_head(head, landmarks, picture.shape[1], picture.shape[0])
            face = None if behind is None else face_of(head, where, picture / 255, behind)
            faces += [] if face is None or not evenly_lit(where, face) else [face]
    return faces


@torch.inference_mode()
def painted(seeds: Sequence[int]) -> Iterator[NDArray[np.uint8]]:
    """The generator's portraits of those seeds, with closed mouths."""
    generator, paint = face_generator(), painter(SIZE)
    sliders = load_sliders(checkpoint.shipped("face-sliders"))
    for seed in seeds:
        w = generator.w_avg.lerp(generator.w_of_seed(seed), TRUNCATION_PSI)
        yield paint(sliders(generator.synthesis.styles(w), w, CALM))


def zipped(path: Path, names: Sequence[str]) -> Iterator[NDArray[np.uint8]]:
    """The pictures of those names in a zip; VcharError where one can't be read."""
    with _opened(path) as archive:
        for name in names:
            yield np.asarray(Image.open(io.BytesIO(archive.read(name))).convert("RGB"))


def _names(path: Path) -> list[str]:
    with _opened(path) as archive:
        names = portrait_names(archive)
    if not names:
        raise VcharError(f"{path} holds no .jpg in folders named t2i; give another file.")
    return names


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (OSError, zipfile.BadZipFile) as error:
        raise VcharError(f"{path} can't be read as a zip of pictures ({error}); give another file.") from error


@cache  # one a process; it never changes
def _head() -> tuple[HeadModel, FaceMap]:
    head = HeadModel.load()
    return head, FaceMap.of(head, SKIN_SIZE)


def _calm_head(head: HeadModel, landmarks: Landmarks, width: int, height: int) -> Fit | None:
    """The head behind a calm face that is seen from the front, None behind another."""
    try:
        found = fit(head, Prior.load(), landmarks.points, landmarks.confidence, width, height)
    except VcharError:
        return None
    yaw, pitch, _ = found.camera.yaw_pitch_roll
    calm = max(abs(yaw), abs(pitch)) < TURNED and found.arkit[ARKIT_NAMES.index("jawOpen")] < OPEN
    return found if calm and found.residual < RESIDUAL else None
