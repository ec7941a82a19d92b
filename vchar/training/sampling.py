"""Faces to learn sliders from: codes mixed per group of layers, drawn, and read."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vchar import mobilestylegan
from vchar.evaluation.readers.steering import SteeringReader
from vchar.models.face import FaceGenerator

LAYER_GROUPS = (4, 7, 10, 13, 23)  # 4-8, 16, 32, 64 and 128-1024 px
CHUNK = 250  # faces in one snapshot
Array = NDArray[np.float32]
T = TypeVar("T")


@dataclass(frozen=True)
class Faces:
    """Codes and readings of M faces."""

    codes: Array  # [M, G, w_dim] offsets from the average w, one per group of layers
    values: Array  # [M, len(names)]
    identities: Array  # [M, 1024]

    @classmethod
    def join(cls, parts: Sequence[Faces]) -> Faces:
        return cls(*(np.concatenate([getattr(p, f) for p in parts]) for f in cls.__dataclass_fields__))


@cache  # one generator and one reader a process; they never change
def _tools() -> tuple[FaceGenerator, SteeringReader]:
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    return mobilestylegan.load().set_synthesis_dtype(torch.bfloat16), SteeringReader()


def spread(codes: Tensor, layer_groups: Sequence[int] = LAYER_GROUPS) -> Tensor:
    """Codes per group [B, G, w_dim] -> per layer [B, L, w_dim]."""
    sizes = torch.tensor(layer_groups).diff(prepend=torch.tensor([0]))
    return codes.repeat_interleave(sizes, dim=1)


def draw(generator: FaceGenerator, styles: list[Tensor], size: int = 256) -> NDArray[np.uint8]:
    """Styles of B faces -> RGB uint8 [B, size, size, 3]."""
    pictures = generator.synthesis(styles, size=size).float()
    return ((pictures + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()


def mixed_codes(generator: FaceGenerator, count: int, seed: int) -> Tensor:
    """Offsets from the average w [count, G, w_dim]: 30 % one person, 30 % two, 40 % another in every group."""
    random = torch.Generator().manual_seed(seed)
    groups = len(LAYER_GROUPS)
    w = generator.mapping(torch.randn(count * groups, 512, generator=random)) - generator.w_avg
    w = w.unflatten(0, (count, groups)) * torch.tensor([0.75, 0.9]).repeat(count)[:count, None, None]
    kind = torch.rand(count, generator=random)
    border = torch.randint(1, groups, (count,), generator=random)
    second = torch.arange(groups) >= border[:, None]
    two = torch.where(second[..., None], w[:, 1:2], w[:, :1])
    w = torch.where((kind < 0.6)[:, None, None], two, w)
    return torch.where((kind < 0.3)[:, None, None], w[:, :1].expand_as(w), w)


def sample_chunk(path: Path, count: int, seed: int) -> None:
    """Draw and read `count` faces; write those that read as a face to `path`."""
    generator, reader = _tools()
    codes = mixed_codes(generator, count, seed)
    kept, values, identities = [], [], []
    for code in codes:
        ws = generator.w_avg + spread(code[None])
        reading = reader(draw(generator, generator.synthesis.styles(ws))[0])
        if reading is not None:
            kept.append(code.numpy())
            values.append(reading.values)
            identities.append(reading.identity)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, codes=np.float16(kept), values=np.float32(values), identities=np.float16(identities))
    part.replace(path)


def sample(folder: Path, faces: int, seed: int, workers: int, log: Callable[[str], None] = print) -> Faces:
    """`faces` faces, from the snapshots in `folder` as far as they are there.

    The same seed gives the same faces whatever the number of workers and however often the run was stopped.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"faces-{seed}-{i:03d}.npz" for i in range(-(-faces // CHUNK))]
    missing = [(path, 1_000_003 * (seed + 1) + i) for i, path in enumerate(paths) if not path.exists()]
    run_all(sample_chunk, [(path, CHUNK, s) for path, s in missing], workers, "sampling faces", log)
    parts = [dict(np.load(path)) for path in paths]
    return Faces.join([Faces(**{k: v.astype(np.float32) for k, v in part.items()}) for part in parts])


def run_all(
    work: Callable[..., T], jobs: Sequence[tuple], workers: int, what: str, log: Callable[[str], None]
) -> list[T]:
    """`work(*job)` for every job in `workers` fresh processes of one thread each; results in the jobs' order."""
    start = time.monotonic()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(work, *job) for job in jobs]
        for done, future in enumerate(as_completed(futures), start=1):
            future.result()
            left = (time.monotonic() - start) / done * (len(jobs) - done)
            log(f"{what}: {done}/{len(jobs)}, {left / 60:.1f} min left")
    return [future.result() for future in futures]
