"""The recogniser that ships keeps its promises, and its card says what metrics.json says."""

import json

from vchar import checkpoint
from vchar.evaluation.emotion import load, table
from vchar.models.expression import EmotionConfig

FOLDER = checkpoint.shipped("emotion")
METRICS = json.loads((FOLDER / "metrics.json").read_text(encoding="utf-8"))
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_shipped_recogniser_loads() -> None:
    assert load(FOLDER).config == checkpoint.load_config(FOLDER, EmotionConfig)


def test_it_agrees_with_most_people_and_knows_how_sure_it_may_be() -> None:
    assert METRICS["accuracy"] >= 0.84
    assert METRICS["calibration_error"] <= 0.05
    assert METRICS["accuracy"] >= METRICS["fer_accuracy"] + 0.10
    assert METRICS["ms_a_face"] <= 5


def test_the_card_says_what_was_measured() -> None:
    assert table(METRICS) in CARD
    for name in ("accuracy", "fer_accuracy", "calibration_error", "mean_recall", "accuracy_where_an_emotion_leads"):
        assert f"{100 * METRICS[name]:.1f} %" in CARD, name
    assert f"{METRICS['ms_a_face']} ms" in CARD
