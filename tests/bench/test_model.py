import pytest

from vchar.bench import model
from vchar.models.face import FaceConfig, FaceGenerator

MS = {"bf16 256": 20.0, "bf16 512": 35.0, "bf16 1024": 65.0, "fp32 256": 40.0, "fp32 512": 70.0, "fp32 1024": 120.0}


def test_previews_must_be_fast_and_portraits_no_slower_than_the_wheel() -> None:
    assert [row.met for row in model.rows(MS | {model.WHEEL: 65.0})] == [True, None, True]
    assert [row.met for row in model.rows(MS | {model.WHEEL: 64.9})] == [True, None, False]
    assert model.rows(MS | {"bf16 256": 60.0})[0].met is False


def test_without_openvino_the_portrait_has_no_verdict_and_says_why() -> None:
    portrait = model.rows(MS)[-1]
    assert portrait.met is None
    assert "install vchar[dev]" in portrait.beside


def test_measures_every_size_in_both_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = FaceGenerator(FaceConfig(resolution=8, channels=(8,), previews=()))
    monkeypatch.setattr(model.mobilestylegan, "load", lambda: tiny)
    monkeypatch.setattr(model.torch, "set_num_threads", lambda _: None)
    monkeypatch.setattr(model, "_wheel", lambda _: lambda: None)
    monkeypatch.setattr(model, "take_turns", lambda contenders: {name: [0.02] for name in contenders})
    rows = model.measure()
    assert [row.what for row in rows] == [f"The model alone, {size} px" for size in (256, 512, 1024)]
    assert {row.ours for row in rows} == {"20 ms bf16, 20 ms fp32"}
