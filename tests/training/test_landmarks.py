"""`vchar train landmarks` as a whole, on next to nothing."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from vchar import checkpoint
from vchar.models.landmarks import FaceNets, LandmarksConfig
from vchar.training import by_hand, landmarks


@pytest.fixture
def heads(tmp_path: Path) -> Path:
    """A shard of four faces of noise."""
    random = np.random.default_rng(1)
    points = (random.uniform(60, 190, (4, 70, 2)) + np.linspace(-20, 20, 70)[:, None]).astype(np.float32)
    points[:, 48:68, 1] += 60
    tensors = {
        "picture": random.integers(0, 256, (4, 256, 256, 3), np.uint8),
        "landmarks": points,
        "visibility": np.ones((4, 70), np.float32),
        "arkit": np.zeros((4, 52), np.float32),
        "pose": np.zeros((4, 3), np.float32),
        "seed": np.arange(4),
    }
    save_file(tensors, tmp_path / "heads-256-00000000-00000004.safetensors")
    return tmp_path


def train(heads: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[dict, list[str]]:
    """The weights after two steps a stage, and what was logged."""
    noise = np.random.default_rng(0).integers(0, 256, (4, 256, 256, 3), np.uint8)
    monkeypatch.setattr(landmarks, "portraits", lambda folder, count, log: noise)
    monkeypatch.setattr(landmarks, "STEPS", dict.fromkeys(landmarks.STEPS, 2))
    monkeypatch.setattr(landmarks, "GROUNDS", 8)
    _, points, marked = by_hand.read_marks()
    monkeypatch.setattr(by_hand, "read_marks", lambda: ([0, 3], points[:2], marked[:2]))
    said: list[str] = []
    folder = landmarks.train(heads=heads, generated=4, output=output, log=said.append)
    return checkpoint.load_tensors(folder), said


def test_training_ends_with_weights_that_load_and_is_not_done_twice(
    heads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tensors, said = train(heads, tmp_path / "run", monkeypatch)
    config = checkpoint.load_config(tmp_path / "run" / "checkpoint", LandmarksConfig)
    FaceNets(config).load_state_dict(tensors)
    assert all(bool(tensor.isfinite().all()) for tensor in tensors.values())
    assert [line for line in said if line.startswith("learning")] == [f"learning: {stage}" for stage in landmarks.STEPS]

    again, said = train(heads, tmp_path / "run", monkeypatch)
    assert not [line for line in said if line.startswith("step")]
    assert all(bool((tensors[name] == again[name]).all()) for name in tensors)
