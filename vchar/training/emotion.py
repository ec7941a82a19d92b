"""`vchar train emotion`: the emotion recogniser, from FER+.

It learns the distribution of people's votes, from pictures turned, shifted, relit, blurred and partly covered anew
in every step; its temperature and bias are fitted on training pictures that it never learnt from.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from vchar import checkpoint
from vchar.data import ferplus
from vchar.evaluation.workers import Log
from vchar.models.expression import SIZE, EmotionConfig, EmotionNet, folded
from vchar.training.loop import Schedule, batch_indices, fit

EPOCHS, BATCH = 19, 64
RATE, MOMENTUM, WEIGHT_DECAY = 0.05, 0.9, 5e-4
WARM_UP = 400  # steps
HELD_OUT = 20  # one picture in this many sets temperature and bias instead of teaching
RIDGE = 1e-4  # on that bias, so that it stays finite for an emotion that does not occur
SIDES = ((0.5, 32), (0.9, 40), (1.0, SIZE))  # up to this share of the steps, the pictures' side in pixels
EASE = 0.6  # share by which augmentation weakens from the first step to the last

TURN, SHIFT, SCALE, SHEAR = 15.0, 0.08, 0.14, 0.06  # degrees; half sides; log; all uniform, either way
GAMMA, RAMP = 0.35, 0.3  # log of the exponent; light that changes by this much from edge to edge
BLUR = (-0.6, 0.6)  # the share of a blurred copy; negative sharpens
NOISE = 0.02  # standard deviation, of pictures in 0..1
COVER, COVER_SIDE = 0.25, (0.15, 0.4)  # probability and sides of a covering rectangle, shares of the picture


def train(
    *, data: Path, output: Path = Path("runs/emotion"), seed: int = 0, ship: bool = False, log: Log = print
) -> Path:
    """Train on `data`'s train split, if it is split; returns the folder of the checkpoint, the shipped one if `ship`.

    A run that was stopped goes on from the snapshot in `output`. Raises VcharError when `data` can't be read.
    """
    faces = ferplus.voted(*ferplus.load(data, "train"))
    held_out = apart(faces.images)
    images = torch.from_numpy(faces.images[~held_out])[:, None]
    targets = torch.from_numpy(faces.targets[~held_out])
    steps = EPOCHS * (len(images) // BATCH)
    torch.manual_seed(seed)
    net = EmotionNet(EmotionConfig()).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]

    def loss(step: int, random: torch.Generator) -> Tensor:
        which = batch_indices(step, len(images), BATCH, seed)
        done = step / steps
        size = next(side for share, side in SIDES if done < share)
        pictures = augment(images[which] / 255, size, 1 - EASE * done, random)
        return F.cross_entropy(net(pictures), targets[which])

    optimiser = torch.optim.SGD(net.parameters(), RATE, MOMENTUM, weight_decay=WEIGHT_DECAY, nesterov=True)
    schedule = Schedule(steps, WARM_UP, seed=seed)
    averaged = fit(net, optimiser, loss, schedule, folder=output, log=log)
    assert isinstance(averaged, EmotionNet)
    calibrate(averaged, faces[held_out])
    folder = checkpoint.shipped("emotion") if ship else output / "checkpoint"
    net = folded(averaged)
    checkpoint.save(folder, net.config, {name: tensor.half() for name, tensor in net.state_dict().items()})
    return folder


def apart(images: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which pictures [N,48,48] to hold out: by their content, so that copies stay together."""
    return np.array([hashlib.sha256(image.tobytes()).digest()[0] % HELD_OUT == 0 for image in images])


def augment(images: Tensor, size: int, strength: float, random: torch.Generator) -> Tensor:
    """Pictures [B,1,H,W] in 0..1 -> the same faces otherwise framed, lit and spoilt, [B,1,size,size] in 0..1.

    strength: 0..1, the share of each range that is used.
    """
    count = len(images)

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, 1, 1, 1, generator=random)

    grid = F.affine_grid(_frames(count, strength, random), [count, 1, size, size], align_corners=False)
    x = F.grid_sample(images, grid, padding_mode="border", align_corners=False)
    x = x.clamp(1e-3, 1) ** (strength * uniform(-GAMMA, GAMMA)).exp()
    across = torch.linspace(-0.5, 0.5, size)
    x = x * (1 + strength * (uniform(-RAMP, RAMP) * across[:, None] + uniform(-RAMP, RAMP) * across))
    x = torch.lerp(x, _blurred(x), strength * uniform(*BLUR))
    x = x + strength * uniform(0, NOISE) * torch.randn(x.shape, generator=random)
    middle, half = [uniform(-0.5, 0.5) for _ in "yx"], [uniform(*COVER_SIDE) / 2 for _ in "yx"]
    rows, columns = (((across - m).abs() < h) for m, h in zip(middle, half, strict=True))
    covered = rows.movedim(-1, -2) & columns & (uniform(0, 1) < strength * COVER)
    return torch.where(covered, uniform(0, 1), x).clamp(0, 1)


def _frames(count: int, strength: float, random: torch.Generator) -> Tensor:
    """Random flips, turns, scales, shears and shifts, [count,2,3]."""
    turn, scale, shear, shift_x, shift_y = (strength * (2 * torch.rand(5, count, generator=random) - 1)).unbind()
    angle, scale = turn * math.radians(TURN), (scale * SCALE).exp()
    flip = torch.randint(0, 2, (count,), generator=random) * 2 - 1
    cos, sin = angle.cos() * scale, angle.sin() * scale
    rows = [flip * cos, -sin + shear * SHEAR, shift_x * SHIFT, flip * sin, cos, shift_y * SHIFT]
    return torch.stack(rows, 1).view(count, 2, 3)


def _blurred(x: Tensor) -> Tensor:
    kernel = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
    return F.conv2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), torch.outer(kernel, kernel)[None, None])


def calibrate(net: EmotionNet, faces: ferplus.Faces) -> None:
    """Set temperature and bias by maximum likelihood of what most people see in `faces`."""
    sure = faces[faces.targets.max(1) > 0.5]
    with torch.no_grad():
        logits = torch.cat([net(images[:, None] / 255) for images in torch.from_numpy(sure.images).split(256)])
    labels = torch.from_numpy(sure.labels)
    scale, shift = torch.ones((), requires_grad=True), torch.zeros(logits.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([scale, shift], max_iter=200)

    def loss() -> Tensor:
        optimiser.zero_grad()
        value = F.cross_entropy(logits * scale + shift, labels) + RIDGE * shift.square().sum()
        value.backward()
        return value

    optimiser.step(loss)  # pyright: ignore[reportArgumentType]
    with torch.no_grad():
        net.temperature /= scale
        net.head.bias.add_(shift * net.temperature)
