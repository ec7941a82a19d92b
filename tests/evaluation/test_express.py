"""How expressions are judged."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from vchar.errors import VcharError
from vchar.evaluation import express
from vchar.evaluation.express import Judged, overall, summary, turn

POINTS = np.random.default_rng(0).normal(size=(16, 3)).astype(np.float32)


def judged(face_api: str | None = "neutral", ours: str = "neutral", identity: float | None = 0.0) -> Judged:
    numbers = None if identity is None else np.full(128, identity, np.float32)
    return Judged(numbers, face_api, ours, POINTS)


def test_a_turn_is_measured_whatever_size_and_place() -> None:
    moved = Rotation.from_euler("y", 7, degrees=True).apply(POINTS) * 1.3 + 5
    assert turn(POINTS, moved.astype(np.float32)) == pytest.approx(7, abs=0.01)


def test_shares_count_what_was_intended() -> None:
    pairs = [(judged(), judged("happiness", "happy")), (judged(), judged("sadness", "happy"))]
    seen = summary(pairs, "happy")
    assert (seen["face_api"], seen["ours"], seen["face_api_before"]) == (0.5, 1.0, 0.0)


def test_contempt_is_left_to_our_own_recogniser() -> None:
    seen = summary([(judged(), judged("neutral", "contempt"))], "contempt")
    assert seen["face_api"] is None
    assert seen["ours"] == 1.0


def test_a_lost_face_counts_as_lost_and_not_as_near() -> None:
    seen = overall([(judged(), judged(identity=None)), (judged(), judged(identity=0.1))])
    assert seen["face_lost"] == 0.5
    assert seen["identity"] == pytest.approx(0.1 * 128**0.5, abs=1e-3)
    assert seen["beyond_same_person"] == 1.0


def test_there_is_no_metrics_file_to_write() -> None:
    with pytest.raises(VcharError, match="--json"):
        express.evaluate(write=True)
