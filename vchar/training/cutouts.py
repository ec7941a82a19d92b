"""Pictures of people with mattes of the person and of the hair: rendered, generated, and of a zip, in snapshots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import load_file, save_file
from torch import Tensor

from vchar import checkpoint
from vchar.data.assets import Assets
from vchar.data.heads import HeadFactory
from vchar.evaluation.readers.selfie import SelfieReader
from vchar.evaluation.readers.weights import MEDIAPIPE
from vchar.evaluation.sliders import load_sliders
from vchar.evaluation.workers import Log, face_generator
from vchar.faces import FaceFinder
from vchar.models.matte import sharpened
from vchar.rig.body import HeadModel
from vchar.training.readout import GROUND, HAIR, Painted, Readout, paint, surely
from vchar.training.sampling import mixed_codes, spread
from vchar.training.unlabelled import zipped
from vchar.writing import whole

SIZE = 256  # pixels a side
CHUNK = 50  # pictures in one snapshot
FIRST_RENDER, FIRST_FACE = 60_000_000, 8_000_003  # seeds
READ_FROM = 80  # portraits that the readout is learnt from
PUSHED = ("smile", "mouth_open", "yaw", "pitch", "beard", "glasses", "age", "hair_length", "fringe", "hair_lightness")
UNSURE = 0.12  # probability that a readout's specks have
AGREED = 0.06  # share of a picture on which its two judges may differ about the person

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Cutouts:
    """pictures [N,3,S,S]; mattes [N,2,S,S]: the person and hair, uint8.

    exact: the mattes are true to the edge, not guessed.  hair: that channel is known at all.
    """

    pictures: Tensor
    mattes: Tensor
    exact: bool
    hair: bool


def renders(folder: Path, count: int, factory: HeadFactory, seed: int, log: Log) -> Cutouts:
    """Heads of the data factory: exact."""

    def draw(chunk: int) -> Iterator[tuple[Bytes, Bytes]]:
        for i in range(chunk * CHUNK, (chunk + 1) * CHUNK):
            sample = factory.draw(FIRST_RENDER + 1_000_000 * seed + i, SIZE, dense=True)
            assert sample.dense is not None
            yield sample.picture, sample.dense.matte

    return Cutouts(*_snapshots(folder, "renders", count, draw, log), exact=True, hair=True)


def generated(folder: Path, count: int, seed: int, log: Log) -> Cutouts:
    """Portraits of the generator, read from its features."""

    def draw(chunk: int) -> Iterator[tuple[Bytes, Bytes]]:
        readout, teacher = _readout(folder, seed), _teacher()
        for one in _portraits(CHUNK, FIRST_FACE + 1000 * seed + 1 + chunk):
            shares = readout(one.features)
            matte = ((torch.stack([1 - shares[GROUND], shares[HAIR]])[None] - UNSURE) / (1 - 2 * UNSURE)).clamp(0, 1)
            colours = torch.from_numpy(one.picture).permute(2, 0, 1)[None] / 255
            mattes = (sharpened(matte, colours, colours)[0] * 255).round().byte().permute(1, 2, 0).numpy()
            if (np.abs(mattes[..., 0] / 255 - teacher(one.picture)) > 0.5).mean() < AGREED:
                yield one.picture, mattes

    return Cutouts(*_snapshots(folder, "generated", count, draw, log), exact=False, hair=True)


def photographs(folder: Path, data: Path, count: int, log: Log) -> Cutouts:
    """Pictures of a zip, with the person as MediaPipe sees it; nothing is known of hair."""
    pictures = zipped(data)[:count]

    def draw(chunk: int) -> Iterator[tuple[Bytes, Bytes]]:
        for picture in pictures[chunk * CHUNK : (chunk + 1) * CHUNK]:
            person = (_teacher()(picture) * 255).astype(np.uint8)
            yield picture, np.stack([person, 0 * person], axis=-1)

    return Cutouts(*_snapshots(folder, "photographs", len(pictures), draw, log), exact=False, hair=False)


def training_factory(makehuman: Path, portraits: Path | None, skins: Path | None, held_out: bool) -> HeadFactory:
    """Dresses heads in four fifths of all skins, faces and hair, or in the fifth that is held out."""
    head = HeadModel.load()
    return HeadFactory(head, Assets.load(head, makehuman, portraits, skins).part(held_out))


def _snapshots(
    folder: Path, kind: str, count: int, draw: Callable[[int], Iterator[tuple[Bytes, Bytes]]], log: Log
) -> tuple[Tensor, Tensor]:
    """About `count` pictures and mattes, drawn as far as `folder` doesn't hold them yet; the same ones every time."""
    folder.mkdir(parents=True, exist_ok=True)
    chunks = -(-count // CHUNK)
    parts = []
    for chunk in range(chunks):
        path = folder / f"{kind}-{chunk:03d}.safetensors"
        if not path.exists():
            pictures, mattes = (np.ascontiguousarray(np.stack(rows)) for rows in zip(*draw(chunk), strict=True))
            with whole(path) as part:
                save_file({"pictures": pictures, "mattes": mattes}, part)
            log(f"{kind}: {min(count, (chunk + 1) * CHUNK)}/{count}")
        parts.append(load_file(path))
    joined = (np.concatenate([part[name] for part in parts])[:count] for name in ("pictures", "mattes"))
    pictures, mattes = (torch.from_numpy(rows).permute(0, 3, 1, 2) for rows in joined)
    return pictures, mattes


@torch.no_grad()
def _portraits(count: int, seed: int) -> Iterator[Painted]:
    """Mixed faces with half of the PUSHED sliders at random values."""
    generator, random = face_generator(), torch.Generator().manual_seed(seed)
    sliders = load_sliders(checkpoint.shipped("face-sliders"))
    for code in mixed_codes(generator, count, seed):
        ws = generator.w_avg + spread(code[None])
        values = (torch.rand(len(PUSHED), generator=random) * 2 - 1) * (torch.rand(len(PUSHED), generator=random) < 0.5)
        pushed = dict(zip(PUSHED, values.tolist(), strict=True))
        yield paint(generator.synthesis, sliders(generator.synthesis.styles(ws), ws, pushed))


@cache  # one a process; it never changes
def _readout(folder: Path, seed: int) -> Readout:
    """Learnt once and kept in `folder`."""
    path = folder / "readout.safetensors"
    if not path.exists():
        finder, teacher = FaceFinder.load("cpu"), _teacher()
        painted, known = [], []
        for one in _portraits(READ_FROM, FIRST_FACE + 1000 * seed):
            for face in finder.find(Image.fromarray(one.picture))[:1]:
                painted.append(one)
                known.append(surely(one.picture, teacher(one.picture), face.points))
        readout = Readout.learn(painted, known, seed)
        arrays = {"weight": readout.weight.numpy(), "bias": readout.bias.numpy()}
        save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, path)
    arrays = load_file(path)
    return Readout(torch.from_numpy(arrays["weight"]), torch.from_numpy(arrays["bias"]))


@cache
def _teacher() -> SelfieReader:
    return SelfieReader(MEDIAPIPE.folder() / "selfie_segmentation.tflite")
