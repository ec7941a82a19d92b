"""The refiner that ships turns heads better than the plain warp, and its card says what metrics.json says."""

import json

from vchar import checkpoint
from vchar.evaluation.portrait import table
from vchar.refining import Refiner

FOLDER = checkpoint.shipped("portrait")
METRICS = json.loads((FOLDER / "metrics.json").read_text(encoding="utf-8"))
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_shipped_refiner_loads() -> None:
    assert isinstance(Refiner.load(FOLDER), Refiner)


def test_turned_heads_come_nearer_to_the_truth_than_by_the_warp() -> None:
    for found in METRICS["turns"].values():
        assert found["refined"] < found["warp"]
    warp, refined = (METRICS["generated"][name] for name in ("warp", "refined"))
    assert refined["identity at yaw 45"] < warp["identity at yaw 45"]
    assert refined["out and back"] > warp["out and back"]


def test_the_card_says_what_was_measured() -> None:
    assert table(METRICS) in CARD
