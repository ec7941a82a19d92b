"""`vchar train pairs`: people with two expressions or views each, for the refiner to learn from.

Generated people look like photographs but change more than was asked for; rendered ones change exactly that. Pictures
that are spoilt by an edit and restored look like photographs where they should, and change exactly what was asked for.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps

from vchar import checkpoint
from vchar.data.heads import HeadFactory
from vchar.data.labels import HeadSample
from vchar.data.pairs import Pair, pair_back, pair_exactly, pair_up, save
from vchar.data.shards import Archives, make_factory
from vchar.errors import VcharError
from vchar.evaluation.sliders import load_sliders
from vchar.evaluation.workers import Log, face_generator, painter, run_all
from vchar.faces import FaceFinder, Landmarks
from vchar.models.sliders import FaceSliders
from vchar.rig.blendshapes import ARKIT_NAMES, PRESETS
from vchar.rig.body import HeadModel
from vchar.rig.camera import angles, euler
from vchar.rig.fit import Fit, fit
from vchar.rig.prior import Prior
from vchar.rig.warp import WarpSource

FIRST_SEED = {"people": 500_000, "restored": 300_000_000, "renders": 500_000_000}
SEEDS_APART = 100_000  # first seeds of two runs with different `seed`
SIZE = 512
EXPRESSIVE = ("smile", "mouth_open", "eyes_open", "brow_height")
TURNING = ("yaw", "pitch")
TRUNCATION_PSI = (0.5, 0.85)
RESIDUAL, RENDERED_RESIDUAL = 0.018, 0.03  # of a fit that is good enough, inter-ocular distances
TURNS, CHANGES = 0.6, 0.5  # shares of the pictures to restore that an edit turns and whose faces it changes, or both
TURNED = (48.0, 20.0, 10.0)  # yaw, pitch, roll by which it turns them at most
CALM = 0.5  # share of the changed faces that it makes neutral, as whose restoring teaches open mouths
OPEN = 0.5  # share of the generated pictures to restore whose mouths are wide open
CHUNK = 25


def train(
    *,
    people: int = 4000,
    renders: int = 0,
    restored: int = 0,
    makehuman: Path | None = None,
    portraits: Path | None = None,
    skins: Path | None = None,
    seed: int = 0,
    output: Path = Path("runs/pairs"),
    ship: bool = False,
    log: Log = print,
) -> Path:
    """Draw two pictures each of `people` that the generator makes and of `renders` heads, and pair them both ways.

    restored: pictures of others that are spoilt twice each, every other one from `portraits` where it is given.
    makehuman, portraits, skins: what the heads wear, as for `vchar train heads`.  Returns the folder. A stopped run
    goes on. Raises VcharError for `ship`: pictures stay at home.
    """
    if ship:
        raise VcharError("Pairs of pictures are no checkpoint to ship; leave --ship out.")
    output.mkdir(parents=True, exist_ok=True)
    archives, jobs = Archives(makehuman, portraits, skins), []
    for kind, number in {"renders": renders, "people": people, "restored": restored}.items():
        first = FIRST_SEED[kind] + SEEDS_APART * seed
        seeds = [s for s in range(first, first + number) if not _mark(output, s).exists()]
        jobs += [(kind, seeds[at : at + CHUNK], output, archives) for at in range(0, len(seeds), CHUNK)]
    count = sum(run_all(draw, jobs, 2, "people", log))
    log(f"{count} new pairs in {output}")
    return output


@torch.inference_mode()
def draw(kind: str, seeds: Sequence[int], folder: Path, archives: Archives) -> int:
    """Write the pairs of these seeds into `folder`; returns how many there are. kind: a key of FIRST_SEED."""
    count = 0
    for seed in seeds:
        for number, pair in enumerate(_pairs(kind, seed, archives)):
            save(folder / f"pair-{seed:09d}-{number}.npz", pair)
            count += 1
        _mark(folder, seed).touch()
    return count


def _pairs(kind: str, seed: int, archives: Archives) -> Iterator[Pair]:
    if kind == "people":
        return _both_ways(*_paint(seed))
    if kind == "renders":
        return _rendered(*_factory(archives).draw_twice(seed, SIZE))
    zipped = archives.portraits if seed % 2 else None
    return _restored(seed, _photo(zipped, seed) if zipped else _paint(seed, OPEN)[0])


def _mark(folder: Path, seed: int) -> Path:
    """Says that a seed is done, whether its pictures were good for pairs or not."""
    return folder / f"{seed:09d}.done"


def _paint(seed: int, wide: float = 0.0) -> list[NDArray[np.uint8]]:
    """One person twice, [512,512,3]; every other one turns the head.  wide: share of the mouths that are wide open."""
    generator, paint, sliders = face_generator(), painter(SIZE), _models()[0]
    rng = np.random.default_rng(seed)
    w = generator.w_avg.lerp(generator.w_of_seed(seed), rng.uniform(*TRUNCATION_PSI))
    names = EXPRESSIVE + TURNING if rng.random() < 0.5 else EXPRESSIVE
    values = [{name: float(rng.uniform(-1, 1)) for name in names} for _ in range(2)]
    values = [value | ({"mouth_open": 1.0} if rng.random() < wide else {}) for value in values]
    return [paint(sliders(generator.synthesis.styles(w), w, value)) for value in values]


def _both_ways(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Iterator[Pair]:
    faces = _face(first), _face(second)
    if faces[0] is None or faces[1] is None:
        return
    for source, before, target, after in ((first, faces[0], second, faces[1]), (second, faces[1], first, faces[0])):
        with suppress(VcharError):
            own = _fit(before)
            other = _fit(after, own)
            if max(own.residual, other.residual) < RESIDUAL:
                pair = pair_up(_warp(source, own), target / np.float32(255), other)
                if pair is not None:
                    yield pair


def _rendered(first: HeadSample, second: HeadSample) -> Iterator[Pair]:
    for source, target in ((first, second), (second, first)):
        face = _face(source.picture)
        if face is None:
            continue
        with suppress(VcharError):
            own = _fit(face)
            if own.residual < RENDERED_RESIDUAL:
                arkit = np.clip(own.arkit + target.arkit - source.arkit, 0, 1)
                turn = angles(euler(*source.pose).T @ euler(*target.pose))
                seen = target.picture / np.float32(255)
                yield pair_exactly(_warp(source.picture, own), seen, arkit, turn, target.landmarks)


def _restored(seed: int, picture: NDArray[np.uint8]) -> Iterator[Pair]:
    """Twice: the picture spoilt by some edit, and how it was."""
    face, rng = _face(picture), np.random.default_rng(seed)
    if face is None:
        return
    with suppress(VcharError):
        own = _fit(face)
        if own.residual < RESIDUAL:
            source = _warp(picture, own)
            for _ in range(2):
                yield pair_back(source, _models()[2], *_edit(rng, own))


def _edit(rng: np.random.Generator, own: Fit) -> tuple[NDArray, tuple[float, float, float]]:
    """Other ARKit weights, or a turn, or both."""
    what, arkit, turn = rng.random(), own.arkit, (0.0, 0.0, 0.0)
    if what < TURNS:
        yaw, pitch, roll = (float(angle) for angle in rng.uniform(-1, 1, 3) * TURNED)
        turn = yaw, pitch, roll
    if what > 1 - CHANGES:
        preset = {} if rng.random() < CALM else PRESETS[str(rng.choice(sorted(PRESETS)))]
        share = rng.uniform(0.5, 1)
        arkit = np.array([min(share * preset.get(name, 0.0), 1.0) for name in ARKIT_NAMES], np.float32)
    return arkit, turn


def _photo(portraits: Path, seed: int) -> NDArray[np.uint8]:
    """A picture of the zip, [512,512,3]."""
    try:
        with zipfile.ZipFile(portraits) as archive:
            names = sorted(name for name in archive.namelist() if name.lower().endswith((".jpg", ".jpeg")))
            name = names[int(np.random.default_rng(seed).integers(len(names)))]
            picture = Image.open(io.BytesIO(archive.read(name))).convert("RGB")
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise VcharError(f"{portraits} can't be read as a zip of pictures ({error}); give another file.") from error
    return np.asarray(ImageOps.fit(picture, (SIZE, SIZE), Image.Resampling.LANCZOS))


def _warp(picture: NDArray[np.uint8], own: Fit) -> WarpSource:
    return WarpSource(_models()[2], picture / np.float32(255), own)


@cache
def _factory(archives: Archives) -> HeadFactory:
    return make_factory(archives)


@cache  # one a process; it never changes
def _models() -> tuple[FaceSliders, FaceFinder, HeadModel, Prior]:
    sliders = load_sliders(checkpoint.shipped("face-sliders"))
    return sliders, FaceFinder.load("cpu"), HeadModel.load(), Prior.load()


def _face(picture: NDArray[np.uint8]) -> Landmarks | None:
    return next(iter(_models()[1].find(Image.fromarray(picture))), None)


def _fit(face: Landmarks, identity: Fit | None = None) -> Fit:
    _, _, head, prior = _models()
    return fit(head, prior, face.points, face.confidence, SIZE, SIZE, identity)
