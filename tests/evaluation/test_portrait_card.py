"""The refiner that ships is no worse than the plain warp, and its card says what metrics.json says."""

import json

from vchar import checkpoint
from vchar.evaluation.portrait import table
from vchar.refining import Refiner

FOLDER = checkpoint.shipped("portrait")
METRICS = json.loads((FOLDER / "metrics.json").read_text(encoding="utf-8"))
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_shipped_refiner_loads() -> None:
    Refiner.load(FOLDER)


def test_it_comes_nearer_to_the_truth_than_the_warp() -> None:
    for way in ("to_smile", "to_neutral"):
        assert METRICS[f"{way}_lpips_refined"] < METRICS[f"{way}_lpips_warp"]
    for found in METRICS["turns"].values():
        assert found["refined"] < found["warp"]


def test_the_card_says_what_was_measured() -> None:
    assert table(METRICS) in CARD
