"""Snapshots: all that a run has to know to go on, in one file without code, written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from vchar.errors import VcharError
from vchar.writing import AGAIN, whole

Parts = Mapping[str, nn.Module | torch.optim.Optimizer]


def save(path: Path, parts: Parts, told: Mapping[str, str]) -> None:
    """Write the state of networks and optimisers, and some text; VcharError when the disk is full."""
    tensors: dict[str, Tensor] = {}
    for name, each in parts.items():
        tensors |= {f"{name}.{key}": tensor.contiguous() for key, tensor in _state(each).items()}
    with whole(path, f"{AGAIN}: it goes on from the last snapshot") as part:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(tensors, part, dict(told))


def told(path: Path) -> dict[str, str]:
    """The text in a snapshot; {} where there is none. VcharError when it can't be read."""
    if not path.exists():
        return {}
    try:
        with safe_open(path, framework="pt") as file:
            return dict(file.metadata())
    except (OSError, SafetensorError) as error:
        raise VcharError(f"The snapshot {path} can't be read ({error}); delete it to start anew.") from error


def load(path: Path, parts: Parts) -> None:
    """Give every part the state that `save` wrote."""
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    for name, part in parts.items():
        own = {key.removeprefix(f"{name}."): value for key, value in tensors.items() if key.startswith(f"{name}.")}
        if isinstance(part, nn.Module):
            part.load_state_dict(own)
            continue
        parameters = [p for group in part.param_groups for p in group["params"]]
        state: dict[int, dict[str, Tensor]] = {}
        for key, value in own.items():
            index, what = int(key.split(".")[0]), key.split(".")[1]
            state.setdefault(index, {})[what] = _laid_out_like(parameters[index], value)
        part.load_state_dict({**part.state_dict(), "state": state})


def _laid_out_like(parameter: Tensor, value: Tensor) -> Tensor:
    """In the parameter's order in memory, which fused optimisers rely on."""
    return torch.empty_like(parameter, dtype=value.dtype).copy_(value) if value.shape == parameter.shape else value


def _state(part: nn.Module | torch.optim.Optimizer) -> dict[str, Tensor]:
    if isinstance(part, nn.Module):
        return part.state_dict()
    rows = part.state_dict()["state"].items()
    return {f"{i}.{name}": tensor for i, row in rows for name, tensor in row.items() if tensor is not None}
