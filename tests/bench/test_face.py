import argparse
import json
from pathlib import Path

import pytest

from vchar.bench import face
from vchar.bench.row import Row
from vchar.errors import VcharError


def bench(*argv: str) -> None:
    parser = argparse.ArgumentParser()
    face.add_arguments(parser)
    face.run(parser.parse_args(argv))


def missing() -> list[Row]:
    raise VcharError("install vchar[dev].")


@pytest.fixture(autouse=True)
def measurements(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Row("Slow thing", "9 s", goal="1 s", met=False, numbers={"s": 9.0})
    monkeypatch.setattr(face, "MEASUREMENTS", {"slow": lambda: [slow], "absent": missing})


def test_a_missed_goal_and_a_missing_tool_are_told_in_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    bench()
    out = capsys.readouterr().out
    assert "| Slow thing | 9 s | — | 1 s | **missed** |" in out
    assert "| absent | not measured: install vchar[dev]. | — | — | — |" in out
    assert "threads, torch" in out


def test_only_measures_what_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    bench("--only", "slow")
    assert "absent" not in capsys.readouterr().out
    with pytest.raises(SystemExit):
        bench("--only", "nonsense")


def test_json_holds_the_numbers(tmp_path: Path) -> None:
    bench("--json", str(tmp_path / "bench.json"))
    written = json.loads((tmp_path / "bench.json").read_text())
    assert written["slow"][0]["numbers"] == {"s": 9.0}
    assert written["slow"][0]["met"] is False
    assert list(tmp_path.iterdir()) == [tmp_path / "bench.json"]


def test_json_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(VcharError, match="Can't write"):
        bench("--json", str(tmp_path / "absent" / "bench.json"))
