"""Work spread over fresh processes of one thread each."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vchar import mobilestylegan
from vchar.evaluation.readers import FaceReader
from vchar.evaluation.readers.openvino import compiled
from vchar.models.face import FaceGenerator

T = TypeVar("T")
Log = Callable[[str], None]


def run_all(work: Callable[..., T], jobs: Sequence[tuple], workers: int, what: str, log: Log) -> list[T]:
    """`work(*job)` for every job; the results in the jobs' order, whatever the number of workers."""
    start = time.monotonic()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by the workers only: here numpy is long loaded
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_one_thread) as pool:
        futures = [pool.submit(work, *job) for job in jobs]
        for done, future in enumerate(as_completed(futures), start=1):
            future.result()
            left = (time.monotonic() - start) / done * (len(jobs) - done)
            log(f"{what}: {done}/{len(jobs)}, {left / 60:.1f} min left")
    return [future.result() for future in futures]


def _one_thread() -> None:
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)


class Painter:
    """Small pictures by OpenVINO in bfloat16: those of the generator within a grey level or two, in half the time."""

    def __init__(self, generator: FaceGenerator, size: int) -> None:
        self._run = compiled(_FlatSynthesis(generator, size), torch.zeros(1, sum(generator.config.style_dims)), "bf16")

    def __call__(self, styles: Sequence[Tensor]) -> NDArray[np.uint8]:
        """Styles of one face, [1, C_i] each -> RGB uint8 [size, size, 3]."""
        picture = self._run(torch.cat(list(styles), dim=1))[0][0]
        return np.ascontiguousarray(((picture + 1) * 127.5).round().clip(0, 255).astype(np.uint8).transpose(1, 2, 0))


class _FlatSynthesis(nn.Module):
    def __init__(self, generator: FaceGenerator, size: int) -> None:
        super().__init__()
        self.synthesis, self.dims, self.size = generator.synthesis, generator.config.style_dims, size

    def forward(self, styles: Tensor) -> Tensor:
        return self.synthesis(list(styles.split(self.dims, dim=1)), self.size)


@cache  # one a process; it never changes
def face_generator() -> FaceGenerator:
    """The photo-real generator in float32."""
    return mobilestylegan.load()


@cache
def painter(size: int = 256) -> Painter:
    """The photo-real generator at `size` px."""
    return Painter(face_generator(), size)


@cache
def face_reader(kind: str) -> FaceReader:
    """The reader called "steering" or "scoring"."""
    if kind == "steering":
        from vchar.evaluation.readers.steering import SteeringReader

        return SteeringReader()
    from vchar.evaluation.readers.scoring import ScoringReader

    return ScoringReader()
