"""The model card of the shipped sliders says what metrics.json says, and no slider is missing from either."""

import json

from vchar import checkpoint
from vchar.evaluation.sliders import load_sliders, table

FOLDER = checkpoint.shipped("face-sliders")
METRICS = json.loads((FOLDER / "metrics.json").read_text(encoding="utf-8"))


def test_every_shipped_slider_was_measured() -> None:
    assert set(METRICS["sliders"]) == set(load_sliders(FOLDER).config.names)


def test_the_table_in_the_card_is_that_of_the_metrics() -> None:
    assert table(METRICS) in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_no_shipped_slider_loses_faces_or_changes_people_too_often() -> None:
    edits = 4 * METRICS["n"]
    for name, row in METRICS["sliders"].items():
        assert row["lost"] + row["doubled"] <= 0.01 * edits, name
        assert row["strangers"] <= (0.5 if name in ("age", "gender") else 0.2), name
        assert row["response"] > 0.5, name
