"""Scores of the recogniser, on numbers worked out by hand."""

from pathlib import Path

import numpy as np
import pytest
import torch

from vchar import checkpoint
from vchar.errors import VcharError
from vchar.evaluation import emotion
from vchar.models.expression import EmotionConfig, EmotionNet


def sure_of(*answers: tuple[int, float]) -> np.ndarray:
    """Probabilities [N,8]: each answer's emotion has its confidence, the others share the rest."""
    rows = np.array([[(1 - share) / 7] * 8 for _, share in answers], np.float32)
    rows[range(len(answers)), [which for which, _ in answers]] = [share for _, share in answers]
    return rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    net = EmotionNet(EmotionConfig(widths=(4,), depths=(0,)))
    checkpoint.save(tmp_path / "emotion", net.config, net.state_dict())
    return tmp_path / "emotion"


def pictures(path: Path, votes: int) -> Path:
    """Six pictures of noise, all called happy by `votes` of ten people and unknown by the others."""
    table = np.zeros((6, 10), np.uint8)
    table[:, 1], table[:, 8] = votes, 10 - votes
    np.savez(path, images=np.random.default_rng(0).integers(0, 256, (6, 48, 48), dtype=np.uint8), votes=table)
    return path


def test_scores_count_hits_by_emotion() -> None:
    scores = emotion.scores(sure_of((0, 0.9), (1, 0.9), (1, 0.9), (2, 0.9)), np.array([0, 1, 0, 2]))
    assert scores["accuracy"] == 0.75
    assert scores["recall"]["neutral"] == 0.5
    assert scores["recall"]["contempt"] is None
    assert scores["mean_recall"] == pytest.approx((0.5 + 1 + 1) / 3, abs=1e-4)
    assert scores["confusion"][0][:2] == [1, 1]


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    labels = np.array([0, 0, 0, 0, 1])
    assert emotion.calibration_error(sure_of(*[(0, 0.8)] * 5), labels) == pytest.approx(0, abs=1e-6)
    assert emotion.calibration_error(sure_of(*[(0, 0.99)] * 5), labels) == pytest.approx(0.19, abs=1e-4)


def test_an_evaluation_reports_and_writes_its_numbers(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emotion, "fer_accuracy", lambda faces, log: 0.5)
    monkeypatch.setattr(emotion, "TIMED", 2)
    data, lines = pictures(tmp_path / "faces.npz", votes=9), []
    metrics = emotion.evaluate(data=data, limit=4, folder=folder, write=True, log=lines.append)
    assert metrics["n"] == 4
    assert sum(map(sum, metrics["confusion"])) == 4
    assert len(lines) == 1
    assert '"accuracy"' in (folder / "metrics.json").read_text()
    assert "| happy | 4 |" in emotion.table(metrics)


def test_pictures_on_which_nobody_agrees_are_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(VcharError, match="no picture"):
        emotion.evaluate(data=pictures(tmp_path / "faces.npz", votes=3), folder=folder, log=lambda _: None)


def test_without_fer_the_comparison_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_path: Path) -> None:
        raise VcharError("no network")

    monkeypatch.setattr(emotion.weights, "FER", type("Nowhere", (), {"folder": lambda self: Path()})())
    monkeypatch.setattr(emotion.fer, "FerEmotions", broken)
    lines: list[str] = []
    assert emotion.fer_accuracy(None, lines.append) is None  # pyright: ignore[reportArgumentType]
    assert "no network" in lines[0]
