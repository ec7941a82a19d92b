"""One process or many: started by torchrun, they share every batch and agree on gradients; alone, nothing changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn

from vchar.errors import VcharError


@dataclass(frozen=True)
class Processes:
    """Which of how many this one is, and what it computes on."""

    rank: int
    count: int
    device: torch.device

    @property
    def mixed(self) -> bool:
        """Whether bfloat16 is worth it: on GPUs, and on processors that multiply it."""
        processor = getattr(torch.cpu, "get_capabilities", dict)()  # torch before 2.10 can't tell
        return self.device.type != "cpu" or bool(processor.get("avx512_bf16"))

    @property
    def first(self) -> bool:
        """Whether this one writes the files."""
        return self.rank == 0

    def share(self, batch: int) -> range:
        """This process's places in a batch; VcharError where it can't be shared evenly."""
        if batch % self.count:
            raise VcharError(f"A batch of {batch} can't be shared by {self.count} processes; choose a multiple.")
        each = batch // self.count
        return range(self.rank * each, (self.rank + 1) * each)

    def average_gradients(self, model: nn.Module) -> None:
        """Give every process the mean of all processes' gradients."""
        if self.count == 1:
            return
        gradients = [p.grad for p in model.parameters() if p.grad is not None]
        flat = torch.cat([g.flatten() for g in gradients])
        dist.all_reduce(flat)
        for gradient, mean in zip(gradients, (flat / self.count).split([g.numel() for g in gradients]), strict=True):
            gradient.copy_(mean.view_as(gradient))

    def mean(self, values: Tensor) -> Tensor:
        """The mean of every process's values."""
        if self.count > 1:
            dist.all_reduce(values)
        return values / self.count


@contextmanager
def processes(device: str | None = None) -> Iterator[Processes]:
    """All processes that torchrun started with this one, by nccl on CUDA devices and gloo elsewhere."""
    count, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
    cuda = torch.cuda.is_available() if device is None else device.startswith("cuda")
    place = torch.device(f"cuda:{os.environ.get('LOCAL_RANK', '0')}") if cuda else torch.device("cpu")
    if count == 1:
        yield Processes(0, 1, place)
        return
    dist.init_process_group("nccl" if cuda else "gloo")
    try:
        yield Processes(rank, count, place)
    finally:
        dist.destroy_process_group()
