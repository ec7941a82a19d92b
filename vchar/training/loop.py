"""The one training loop: schedule, moving average of the weights, snapshots, and exact resume.

Everything random in a step comes from the seed and the step's number, so a snapshot holds no state of any generator
and a resumed run does what an uninterrupted one would have done.
"""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from vchar.errors import VcharError
from vchar.training import snapshot

Loss = Callable[[int, torch.Generator], Tensor]  # (step, this step's generator) -> scalar


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to learn; the rates themselves are the optimiser's."""

    steps: int
    warm_up: int = 0  # steps in which the rate climbs to the optimiser's own; it then falls to 0 as a cosine
    average: float = 0.999  # decay of the moving average of the weights, per step
    clip: float = math.inf  # the largest norm of the gradient
    seed: int = 0
    snapshot: float = 60.0  # seconds between snapshots

    def rate(self, step: int) -> float:
        """The share of the optimiser's rate used in `step`."""
        if step < self.warm_up:
            return (step + 1) / self.warm_up
        return 0.5 + 0.5 * math.cos(math.pi * (step - self.warm_up) / max(1, self.steps - self.warm_up))


def fit(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    loss: Loss,
    schedule: Schedule,
    *,
    folder: Path,
    log: Callable[[str], object] = print,
) -> nn.Module:
    """Minimise `loss` over `model`; returns a copy of it that holds the averaged weights, in evaluation mode.

    Goes on from `folder`/snapshot.safetensors if there is one; VcharError if it is of a run with another schedule.
    """
    average = copy.deepcopy(model).eval().requires_grad_(False)
    path, parts = folder / "snapshot.safetensors", {"model": model, "average": average, "optimiser": optimiser}
    first = resume(path, parts, schedule)
    rates = [group["lr"] for group in optimiser.param_groups]
    model.train()
    saved = started = time.monotonic()
    for step in range(first, schedule.steps):
        random = torch.manual_seed(schedule.seed * 1_000_003 + step)
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * schedule.rate(step)
        value = loss(step, random)
        optimiser.zero_grad()
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), schedule.clip)
        optimiser.step()
        follow(average, model, min(schedule.average, (1 + step) / (10 + step)))
        now, last = time.monotonic(), step + 1 == schedule.steps
        if last or now - saved >= schedule.snapshot:
            snapshot.save(path, parts, {"step": str(step + 1), "schedule": json.dumps(asdict(schedule))})
            saved = now
            pace = (now - started) / (step + 1 - first)
            log(f"step {step + 1}/{schedule.steps}, loss {value.item():.4f}, {pace:.3f} s a step")
    return average


@torch.no_grad()
def follow(average: nn.Module, model: nn.Module, decay: float) -> None:
    """Move the averaged weights and statistics towards the model's; counters are copied."""
    for kept, new in zip(average.state_dict().values(), model.state_dict().values(), strict=True):
        if kept.is_floating_point():
            kept.lerp_(new, 1 - decay)
        else:
            kept.copy_(new)


def batch_indices(step: int, count: int, batch: int, seed: int) -> Tensor:
    """Which of `count` samples `step` learns from: [batch] int64; every epoch is another shuffle of all."""
    epoch, at = divmod(step, count // batch)
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed * 1_000_003 + epoch))
    return order[at * batch : (at + 1) * batch]


def resume(path: Path, parts: snapshot.Parts, schedule: Schedule) -> int:
    """Take everything from the snapshot; returns the step to go on with (0 without a snapshot)."""
    told = snapshot.told(path)
    if not told:
        return 0
    if json.loads(told["schedule"]) != asdict(schedule):
        raise VcharError(
            f"{path} belongs to a run with another schedule; "
            "delete it to start anew, or train with the settings it was started with."
        )
    snapshot.load(path, parts)
    return int(told["step"])
