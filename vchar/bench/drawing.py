"""How fast the Studio generator draws, whatever it has learnt, and how large its file is."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from vchar.bench.machine import THREADS
from vchar.bench.row import Row, median_ms, take_turns
from vchar.data.conditions import NAMES
from vchar.models.studio_face import StudioFace, StudioFaceConfig
from vchar.rig.body import HeadModel
from vchar.training.studio_head import build

SIZE = 256  # pixels
AT_MOST_MS, AT_MOST_MB = 40, 30
PEOPLE = 60  # whose heads the guide is made from, which makes no difference to its speed
FORMATS = {"bf16": torch.bfloat16, "fp32": torch.float32}


def measure() -> list[Row]:
    """One row: from w to the picture, one picture at a time."""
    torch.set_num_threads(THREADS)
    head = build(HeadModel.load(), PEOPLE)
    net = StudioFace(StudioFaceConfig(SIZE, NAMES, head=head.config)).eval().requires_grad_(False)
    net.head.load_state_dict(head.state_dict())
    contenders = {name: partial(_draw, net.painting_in(dtype)) for name, dtype in FORMATS.items()}
    ms = {name: median_ms(seconds) for name, seconds in take_turns(contenders).items()}
    return [row(ms, 2 * sum(t.numel() for t in net.state_dict().values()) / 1e6)]


def row(ms: dict[str, float], megabytes: float) -> Row:
    """ms: medians by number format.  megabytes: of the weights in the checkpoint, two bytes each."""
    ours = f"{ms['bf16']:.0f} ms bf16, {ms['fp32']:.0f} ms fp32, {megabytes:.1f} MB"
    goal, met = f"at most {AT_MOST_MS} ms in bf16, {AT_MOST_MB} MB", ms["bf16"] <= AT_MOST_MS
    numbers = {f"{name}_ms": each for name, each in ms.items()} | {"megabytes": megabytes}
    return Row(f"The Studio generator, {SIZE} px", ours, "—", goal, met and megabytes <= AT_MOST_MB, numbers)


def _draw(net: StudioFace) -> Tensor:
    with torch.inference_mode():
        return net.synthesis(torch.zeros(1, sum(net.config.halves)))
