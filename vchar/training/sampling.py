"""Faces to learn sliders from: codes mixed per group of layers, drawn, and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vchar.evaluation.workers import Log, face_generator, face_reader, painter, run_all
from vchar.models.face import FaceGenerator
from vchar.writing import whole

LAYER_GROUPS = (4, 7, 10, 13, 23)  # 4-8, 16, 32, 64 and 128-1024 px
CHUNK = 250  # faces in one snapshot
Array = NDArray[np.float32]


@dataclass(frozen=True)
class Faces:
    """Codes and readings of M faces."""

    codes: Array  # [M, G, w_dim] offsets from the average w, one per group of layers
    values: Array  # [M, len(names)]
    identities: Array  # [M, 1024]

    @classmethod
    def join(cls, parts: Sequence[Faces]) -> Faces:
        return cls(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)))


def spread(codes: Tensor, layer_groups: Sequence[int] = LAYER_GROUPS) -> Tensor:
    """Codes per group [B, G, w_dim] -> per layer [B, L, w_dim]."""
    sizes = torch.tensor(layer_groups).diff(prepend=torch.tensor([0]))
    return codes.repeat_interleave(sizes, dim=1)


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
    generator, reader = face_generator(), face_reader("steering")
    codes = mixed_codes(generator, count, seed)
    kept, values, identities = [], [], []
    for code in codes:
        ws = generator.w_avg + spread(code[None])
        reading = reader(painter()(generator.synthesis.styles(ws)))
        if reading is not None:
            kept.append(code.numpy())
            values.append(reading.values)
            identities.append(reading.identity)
    with whole(path) as part, part.open("wb") as file:
        np.savez(
            file,
            codes=np.array(kept, np.float16),
            values=np.array(values, np.float32),
            identities=np.array(identities, np.float16),
        )


def sample(folder: Path, faces: int, seed: int, workers: int, log: Log = print) -> Faces:
    """`faces` faces, from the snapshots in `folder` as far as they are there.

    The same seed gives the same faces whatever the number of workers and however often the run was stopped.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"faces-{seed}-{i:03d}.npz" for i in range(-(-faces // CHUNK))]
    missing = [(path, 1_000_003 * (seed + 1) + i) for i, path in enumerate(paths) if not path.exists()]
    run_all(sample_chunk, [(path, CHUNK, s) for path, s in missing], workers, "sampling faces", log)
    parts = [dict(np.load(path)) for path in paths]
    return Faces.join([Faces(**{k: v.astype(np.float32) for k, v in part.items()}) for part in parts])
