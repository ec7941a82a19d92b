"""The generator alone, beside the network of its own wheel run by OpenVINO."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from vchar import mobilestylegan
from vchar.bench.machine import THREADS
from vchar.bench.row import Row, median_ms, take_turns
from vchar.models.face import FaceGenerator
from vchar.wheels import open_wheel

SIZES = (256, 512, 1024)
PREVIEW_MS = 60  # goal for 256 px in bfloat16
WHEEL = "OpenVINO fp32"


def measure() -> list[Row]:
    """One row per size: from w to the picture, one picture at a time."""
    torch.set_num_threads(THREADS)
    w = mobilestylegan.load().w_of_seed(7)
    contenders: dict[str, Callable[[], object]] = {}
    for name, dtype in {"bf16": torch.bfloat16, "fp32": torch.float32}.items():
        generator = mobilestylegan.load().set_synthesis_dtype(dtype)
        contenders |= {f"{name} {size}": partial(_draw, generator, w, size) for size in SIZES}
    if wheel := _wheel(w):
        contenders[WHEEL] = wheel
    return rows({name: median_ms(seconds) for name, seconds in take_turns(contenders).items()})


def rows(ms: dict[str, float]) -> list[Row]:
    """`ms`: medians by contender, such as "bf16 256"; the wheel's own network makes 1024 px alone."""
    wheel = ms.get(WHEEL)
    beside = f"{wheel:.0f} ms ({WHEEL}, the wheel's own network)" if wheel else "not measured: install vchar[dev]"
    found = []
    for size in SIZES:
        bf16, fp32 = ms[f"bf16 {size}"], ms[f"fp32 {size}"]
        ours, numbers = f"{bf16:.0f} ms bf16, {fp32:.0f} ms fp32", {"bf16_ms": bf16, "fp32_ms": fp32}
        goal, met = "—", None
        if size == SIZES[0]:
            goal, met = f"below {PREVIEW_MS} ms in bf16", bf16 < PREVIEW_MS
        if size == SIZES[-1]:
            goal, met = f"no slower than {WHEEL}", None if wheel is None else min(bf16, fp32) <= wheel
            numbers |= {} if wheel is None else {"openvino_fp32_ms": wheel}
        found.append(Row(f"The model alone, {size} px", ours, beside if size == SIZES[-1] else "—", goal, met, numbers))
    return found


@torch.inference_mode()
def _draw(generator: FaceGenerator, w: Tensor, size: int) -> Tensor:
    return generator.synthesis(generator.synthesis.styles(w), size)


def _wheel(w: Tensor) -> Callable[[], Any] | None:
    """The wheel's own network at 1024 px, where OpenVINO is installed."""
    try:
        import openvino
    except ImportError:
        return None
    network = "random_face/data/SynthesisNetwork"
    core = openvino.Core()
    with open_wheel(mobilestylegan.WHEEL) as archive:
        model = core.read_model(archive.read(f"{network}.xml"), archive.read(f"{network}.bin"))
    settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": THREADS}
    request = core.compile_model(model, "CPU", settings).create_infer_request()
    return partial(request.infer, [w.numpy()])
