"""`vchar evaluate previews`: how near do the small pictures come to the finished one made smaller?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from vchar import checkpoint, mobilestylegan
from vchar.evaluation.probe import TRUNCATION_PSI, truncated
from vchar.evaluation.workers import Log, face_generator
from vchar.models.face import FaceGenerator, SynthesisNetwork

FIRST_SEED = 910_000  # training never goes there


def finished(generator: FaceGenerator, styles: Sequence[Tensor], size: int) -> Tensor:
    """The full picture averaged down to [B,3,size,size]."""
    return F.interpolate(generator.synthesis(list(styles)), (size, size), mode="area")


def inner_features(synthesis: SynthesisNetwork, styles: Sequence[Tensor], size: int) -> tuple[Tensor, Tensor]:
    """What the head of `size` sees: features [B,C,size/2,size/2] and styles [B,D]."""
    seen: list[tuple[Tensor, Tensor]] = []
    hook = synthesis.previews[str(size)].register_forward_pre_hook(lambda _, inputs: seen.append(inputs))
    synthesis(list(styles), size)
    hook.remove()
    return seen[0]


@torch.no_grad()
def evaluate(*, limit: int = 50, folder: Path | None = None, write: bool = False, log: Log = print) -> dict[str, Any]:
    """PSNR of both heads on `limit` fresh faces, the mean in dB; `write` metrics.json."""
    folder = folder or checkpoint.shipped("face-preview")
    generator = face_generator()
    checkpoint.fill(generator.synthesis.previews, folder)
    sizes = [p.resolution for p in generator.config.previews]
    decibels: dict[int, list[float]] = {size: [] for size in sizes}
    for seed in range(FIRST_SEED, FIRST_SEED + limit):
        styles = generator.synthesis.styles(truncated(generator, seed))
        for size in sizes:
            error = generator.synthesis(styles, size).clamp(-1, 1) - finished(generator, styles, size).clamp(-1, 1)
            decibels[size].append(float(10 * (4 / error.square().mean()).log10()))
    metrics = {
        "n": limit,
        "seed": FIRST_SEED,
        "date": date.today().isoformat(),
        "data": f"{mobilestylegan.MODEL_ID} {mobilestylegan.CONVERSION}, truncation_psi {TRUNCATION_PSI}",
        **{f"psnr_{size}": round(sum(d) / len(d), 2) for size, d in decibels.items()},
    }
    log(json.dumps(metrics))
    if write:
        checkpoint.save_metrics(folder, metrics)
    return metrics
