"""`vchar train previews`: heads that paint 256 and 512 px out of the generator's inner features.

A head learns the wavelets of the finished picture made smaller: first its linear part by least squares, then all of it
by Adam, from the generator's own pictures.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from vchar import checkpoint
from vchar.evaluation.previews import inner_features
from vchar.evaluation.workers import Log, face_generator
from vchar.models.face import FaceGenerator, PreviewHead

FIRST_SEED = 200_000
PSI = (0.5, 1.0)  # truncations the heads learn at
PATCHES, PATCH = 2, 32  # squares kept of each face, and their side in feature pixels
BATCH, EPOCHS, RATE = 24, 20, 1e-3
CLIP = 0.1  # of the gradient's norm: the styles make rare, large steps
WARM_UP = 60  # steps
INSIDE = (..., slice(1, -1), slice(1, -1))  # of a patch: its border lacks the neighbours that it has in a picture
STYLE_SPREAD = 4.0  # standard deviations that a normalised style of 1 stands for


@dataclass(frozen=True)
class Samples:
    """M patches of features, and the wavelets they should become."""

    features: Tensor  # [M, C, PATCH, PATCH]
    wavelets: Tensor  # [M, 12, PATCH, PATCH]
    styles: Tensor  # [M, D]

    @classmethod
    def join(cls, parts: Sequence[Samples]) -> Samples:
        return cls(*(torch.cat([getattr(part, f.name) for part in parts]) for f in fields(cls)))


def train(
    *, seed: int = 0, faces: int = 500, output: Path = Path("runs/previews"), ship: bool = False, log: Log = print
) -> Path:
    """Train both heads; returns the folder of the checkpoint, the shipped one if `ship`."""
    torch.manual_seed(seed)
    generator = face_generator()
    random = torch.Generator().manual_seed(seed)
    sizes = [preview.resolution for preview in generator.config.previews]
    parts: dict[int, list[Samples]] = {size: [] for size in sizes}
    for i in range(faces):
        for size, part in look(generator, FIRST_SEED + 10_007 * seed + i, sizes, random).items():
            parts[size].append(part)
        if i % 50 == 49:
            log(f"collecting features: {i + 1}/{faces}")
    tensors = {}
    for preview in generator.config.previews:
        samples = Samples.join(parts.pop(preview.resolution))
        head = PreviewHead(samples.features.shape[1], samples.styles.shape[1], preview.hidden)
        fit_linear(head, samples)
        fit_all(head, samples, log, f"{preview.resolution} px")
        tensors |= {f"{preview.resolution}.{name}": tensor for name, tensor in head.state_dict().items()}
    folder = checkpoint.shipped("face-preview") if ship else output / "checkpoint"
    checkpoint.save(folder, generator.config, tensors)
    return folder


@torch.no_grad()
def look(generator: FaceGenerator, seed: int, sizes: Sequence[int], random: torch.Generator) -> dict[int, Samples]:
    """For each size of preview, features and wanted wavelets at a few random places of one face."""
    psi = PSI[0] + (PSI[1] - PSI[0]) * torch.rand(1, generator=random)
    styles = generator.synthesis.styles(generator.w_avg.lerp(generator.w_of_seed(seed), psi))
    picture = generator.synthesis(styles)
    samples = {}
    for size in sizes:
        features, seen = inner_features(generator.synthesis, styles, size)
        wavelets = haar(F.interpolate(picture, (size, size), mode="area"))
        places = torch.randint(0, size // 2 - PATCH + 1, (PATCHES, 2), generator=random).tolist()
        windows = [(..., slice(top, top + PATCH), slice(left, left + PATCH)) for top, left in places]
        samples[size] = Samples.join([Samples(features[w], wavelets[w], seen) for w in windows])
    return samples


def haar(x: Tensor) -> Tensor:
    """One level of the Haar transform: [B,3,2H,2W] -> [B,12,H,W], the inverse of `inverse_haar`."""
    a, b, c, d = F.pixel_unshuffle(x, 2).unflatten(1, (-1, 4)).unbind(2)
    low, hl, lh, hh = (a + b + c + d) / 2, (a - b + c - d) / 2, (a + b - c - d) / 2, (a - b - c + d) / 2
    return torch.cat([low, torch.stack([lh, hl, hh], dim=2).flatten(1, 2)], dim=1)


@torch.no_grad()
def fit_linear(head: PreviewHead, samples: Samples) -> None:
    """Normalise the styles and solve the linear path by least squares."""
    head.styles_mean.copy_(samples.styles.mean(0))
    head.styles_std.copy_(samples.styles.std(0) * STYLE_SPREAD)
    x = samples.features[..., ::2, ::2].movedim(1, -1).flatten(0, 2).double()
    y = samples.wavelets[..., ::2, ::2].movedim(1, -1).flatten(0, 2).double()
    x = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    ridge = 1e-4 * len(x) * torch.eye(x.shape[1], dtype=torch.float64)
    solution = torch.linalg.solve(x.T @ x + ridge, x.T @ y).float()
    head.linear.weight.copy_(solution[:-1].T[:, :, None, None])
    assert head.linear.bias is not None
    head.linear.bias.copy_(solution[-1])


def fit_all(head: PreviewHead, samples: Samples, log: Log, what: str) -> None:
    """Adam on the squared error of all wavelets; the rate warms up, then falls to nothing as a cosine."""
    optimiser = torch.optim.Adam(head.parameters(), lr=RATE)
    steps = EPOCHS * (len(samples.styles) // BATCH)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    warm = torch.optim.lr_scheduler.LinearLR(optimiser, start_factor=0.01, total_iters=WARM_UP)
    schedule = torch.optim.lr_scheduler.ChainedScheduler([warm, cosine], optimizer=optimiser)
    start = time.monotonic()
    for step in range(steps):
        at = torch.randint(len(samples.styles), (BATCH,))
        painted = head(samples.features[at], samples.styles[at])
        loss = F.mse_loss(painted[INSIDE], samples.wavelets[at][INSIDE])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(head.parameters(), CLIP)
        optimiser.step()
        schedule.step()
        if step % 100 == 0:
            log(f"{what}: step {step}/{steps}, loss {loss.item():.5f}, {time.monotonic() - start:.0f} s")
