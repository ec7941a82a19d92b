import pytest

from vchar.bench import memory
from vchar.bench.app import Served


def test_goal_is_about_the_peak() -> None:
    assert memory.row(900, 2499).met
    assert not memory.row(900, 2500).met


def test_use_makes_previews_and_full_pictures(bare_app: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(memory, "PICTURES", 10)
    monkeypatch.setattr(memory.Visitor, "slide", lambda self, values: asked.append("slide"))
    monkeypatch.setattr(memory.Visitor, "refine", lambda self: asked.append("refine"))
    memory.use(bare_app.url)
    assert asked == (["slide"] * 4 + ["refine"]) * 2
