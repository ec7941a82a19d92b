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
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from vchar.errors import VcharError

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
    run = _Run(model, average, optimiser, schedule, folder / "snapshot.safetensors")
    first = run.resume()
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
            run.save(step + 1)
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


@dataclass(frozen=True)
class _Run:
    """All that a snapshot keeps, and its file."""

    model: nn.Module
    average: nn.Module
    optimiser: torch.optim.Optimizer
    schedule: Schedule
    path: Path

    def tensors(self) -> dict[str, Tensor]:
        tensors = {f"model.{name}": tensor for name, tensor in self.model.state_dict().items()}
        tensors |= {f"average.{name}": tensor for name, tensor in self.average.state_dict().items()}
        for i, state in self.optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser.{i}.{name}": tensor for name, tensor in state.items() if tensor is not None}
        return tensors

    def save(self, step: int) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_name(self.path.name + ".part")
        metadata = {"step": str(step), "schedule": json.dumps(asdict(self.schedule))}
        save_file({name: tensor.contiguous() for name, tensor in self.tensors().items()}, temporary, metadata)
        temporary.replace(self.path)

    def resume(self) -> int:
        """Take everything from the snapshot; returns the step to go on with (0 without a snapshot)."""
        if not self.path.exists():
            return 0
        with safe_open(self.path, framework="pt") as file:
            metadata = file.metadata()
            if json.loads(metadata["schedule"]) != asdict(self.schedule):
                raise VcharError(
                    f"{self.path} belongs to a run with another schedule; "
                    "delete it to start anew, or train with the settings it was started with."
                )
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
        self.model.load_state_dict(_under("model.", tensors))
        self.average.load_state_dict(_under("average.", tensors))
        state: dict[int, dict[str, Tensor]] = {}
        for name, tensor in _under("optimiser.", tensors).items():
            index, key = name.split(".")
            state.setdefault(int(index), {})[key] = tensor
        self.optimiser.load_state_dict({**self.optimiser.state_dict(), "state": state})
        return int(metadata["step"])


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
