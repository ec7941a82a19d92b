import argparse
import json
from pathlib import Path

import pytest

from vchar.bench import suite
from vchar.bench.row import Row
from vchar.errors import VcharError


def missing() -> list[Row]:
    raise VcharError("install vchar[dev].")


def slow() -> list[Row]:
    return [Row("Slow thing", "9 s", goal="1 s", met=False, numbers={"s": 9.0})]


def bench(*argv: str) -> None:
    measurements = {"slow": slow, "absent": missing}
    parser = argparse.ArgumentParser()
    suite.add_arguments(parser, measurements)
    suite.run(measurements, parser.parse_args(argv))


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
