"""The Studio generator's speed and size, as the benchmark tells them."""

from collections.abc import Callable, Mapping

import pytest
import torch
from torch import Tensor

from vchar.bench import drawing


def test_both_goals_must_be_met() -> None:
    row = drawing.row({"bf16": 39.6, "fp32": 80.0}, 8.2)
    assert (row.ours, row.met) == ("40 ms bf16, 80 ms fp32, 8.2 MB", True)
    assert drawing.row({"bf16": 41.0, "fp32": 80.0}, 8.2).met is False
    assert drawing.row({"bf16": 20.0, "fp32": 80.0}, 31.0).met is False


def test_both_formats_draw_whole_pictures_and_the_file_is_small_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = {}

    def once(contenders: Mapping[str, Callable[[], Tensor]]) -> dict[str, list[float]]:
        drawn.update({name: run() for name, run in contenders.items()})
        return {name: [0.02] for name in contenders}

    monkeypatch.setattr(drawing.torch, "set_num_threads", lambda _: None)
    monkeypatch.setattr(drawing, "take_turns", once)
    (row,) = drawing.measure()
    assert {name: (picture.dtype, *picture.shape) for name, picture in drawn.items()} == {
        "bf16": (torch.bfloat16, 1, 3, 256, 256), "fp32": (torch.float32, 1, 3, 256, 256),
    }  # fmt: skip
    assert row.met
