"""Training the recogniser: its pictures, its held-out part, its temperature."""

from pathlib import Path

import numpy as np
import pytest
import torch

from vchar import checkpoint
from vchar.data import ferplus
from vchar.evaluation.emotion import load
from vchar.models.expression import EmotionConfig, EmotionNet
from vchar.training import emotion


def stripes(count: int) -> ferplus.Faces:
    """Half the pictures striped across and called neutral, half striped down and called happy."""
    random = np.random.default_rng(0)
    waves = 128 + 100 * np.sin(np.arange(48) * 0.9 + random.uniform(0, 6, (count, 1)))
    down = np.arange(count) % 2 == 0
    images = np.where(down[:, None, None], waves[:, None, :], waves[:, :, None]) + random.normal(0, 8, (count, 48, 48))
    targets = np.zeros((count, 8), np.float32)
    targets[np.arange(count), down.astype(int)] = 1
    return ferplus.Faces(images.clip(0, 255).astype(np.uint8), targets)


def test_copies_of_a_picture_are_held_out_together() -> None:
    images = np.random.default_rng(0).integers(0, 256, (400, 48, 48), dtype=np.uint8)
    apart = emotion.apart(np.concatenate([images, images]))
    assert np.array_equal(apart[:400], apart[400:])
    assert 5 <= apart[:400].sum() <= 45


@pytest.mark.parametrize("size", [32, 48])
def test_augmented_faces_differ_within_bounds_and_depend_on_the_seed_alone(size: int) -> None:
    images = torch.rand(6, 1, 48, 48, generator=torch.Generator().manual_seed(0))
    first, again, other = (emotion.augment(images, size, 1.0, torch.Generator().manual_seed(s)) for s in (1, 1, 2))
    assert first.shape == (6, 1, size, size)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert float(first.min()) >= 0
    assert float(first.max()) <= 1


def test_augmentation_without_strength_only_mirrors() -> None:
    images = 0.1 + 0.8 * torch.rand(6, 1, 48, 48, generator=torch.Generator().manual_seed(0))
    plain = emotion.augment(images, 48, 0.0, torch.Generator().manual_seed(1))
    away = torch.stack([(plain - images).abs().amax((1, 2, 3)), (plain - images.flip(-1)).abs().amax((1, 2, 3))])
    assert float(away.amin(0).max()) < 1e-4
    assert float(away.amax(0).min()) > 0.1


def test_calibration_undoes_overconfidence() -> None:
    faces = stripes(200)
    wrong = faces.labels.copy()
    wrong[:40] = 1 - wrong[:40]  # a fifth of the labels is flipped, so being sure is being wrong
    net = AlwaysSure(EmotionConfig(widths=(4,), depths=(0,)))
    emotion.calibrate(net, ferplus.Faces(faces.images, np.eye(8, dtype=np.float32)[wrong]))
    sureness = float(torch.tensor([4.0 / float(net.temperature), 0]).softmax(0)[0])
    assert sureness == pytest.approx(0.8, abs=0.03)


class AlwaysSure(EmotionNet):
    """Tells stripes apart perfectly, with logits 4 and 0 (and never any other emotion)."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        down = x.diff(dim=-1).abs().mean((1, 2, 3)) > x.diff(dim=-2).abs().mean((1, 2, 3))
        logits = torch.full((len(x), 8), -100.0)
        logits[:, 0], logits[:, 1] = 4.0 * ~down, 4.0 * down
        return logits / self.temperature


def test_training_learns_and_leaves_a_checkpoint_that_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emotion, "EPOCHS", 3)
    monkeypatch.setattr(emotion, "WARM_UP", 2)
    monkeypatch.setattr(emotion, "SIDES", ((0.5, 16), (1.0, 24)))
    faces = stripes(600)
    votes = np.zeros((600, 10), np.uint8)
    votes[np.arange(600), faces.labels] = 9
    np.savez(tmp_path / "faces.npz", train_images=faces.images, train_votes=votes)
    folder = emotion.train(data=tmp_path / "faces.npz", output=tmp_path / "run", log=lambda _: None)
    net = load(folder)
    assert not checkpoint.load_config(folder, EmotionConfig).normalised
    with torch.inference_mode():
        read = net(torch.from_numpy(faces.images)[:, None] / 255).argmax(1).numpy()
    assert (read == faces.labels).mean() > 0.9
