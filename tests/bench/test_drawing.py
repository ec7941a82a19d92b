"""The Studio generator's speed and size, as the benchmark tells them."""

import pytest

from vchar.bench import drawing


def test_both_goals_must_be_met() -> None:
    row = drawing.row({"bf16": 39.6, "fp32": 80.0}, 8.2)
    assert (row.ours, row.met) == ("40 ms bf16, 80 ms fp32, 8.2 MB", True)
    assert drawing.row({"bf16": 41.0, "fp32": 80.0}, 8.2).met is False
    assert drawing.row({"bf16": 20.0, "fp32": 80.0}, 31.0).met is False


def test_measures_both_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing.torch, "set_num_threads", lambda _: None)
    monkeypatch.setattr(drawing, "take_turns", lambda contenders: {n: [run() is None] for n, run in contenders.items()})
    (row,) = drawing.measure()
    assert row.numbers["megabytes"] < drawing.AT_MOST_MB
