"""Votes become labels as the authors of FER+ make them."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vchar.data import ferplus
from vchar.errors import VcharError


def picture(count: int) -> NDArray[np.uint8]:
    """`count` flat pictures, each of its own grey."""
    return np.broadcast_to(np.arange(count, dtype=np.uint8)[:, None, None], (count, 48, 48))


def votes(*rows: tuple[int, ...]) -> NDArray[np.uint8]:
    return np.array([row + (0,) * (10 - len(row)) for row in rows], np.uint8)


def test_single_votes_are_outliers() -> None:
    assert ferplus.without_outliers(votes((6, 1, 1, 2))).tolist() == [[6, 0, 0, 2, 0, 0, 0, 0, 0, 0]]


def test_only_pictures_with_a_majority_for_an_emotion_are_agreed() -> None:
    rows = votes((5, 5), (6, 4), (3, 0, 2, 1, 1, 1, 1, 1), (0, 4, 0, 0, 0, 0, 0, 0, 6), (2, 0, 0, 0, 0, 0, 0, 0, 0, 8))
    faces = ferplus.agreed(picture(5), rows)
    assert faces.images[:, 0, 0].tolist() == [1, 2]  # a tie, "unknown" and "not a face" are left out
    assert faces.labels.tolist() == [0, 0]


def test_targets_share_out_the_votes_for_emotions_alone() -> None:
    faces = ferplus.voted(picture(3), votes((0, 6, 2, 0, 0, 0, 0, 0, 2), (4, 0, 0, 4), (2, 0, 0, 0, 0, 0, 0, 0, 5)))
    assert faces.targets[:, :4].tolist() == [[0, 0.75, 0.25, 0], [0.5, 0, 0, 0.5]]


@pytest.mark.parametrize("prefix", ["", "valid_"])
def test_a_file_with_or_without_splits_is_read(tmp_path: Path, prefix: str) -> None:
    path = tmp_path / "faces.npz"
    arrays = {f"{prefix}images": picture(2), f"{prefix}votes": votes((6,), (0, 7))}
    np.savez(path, **arrays)  # pyright: ignore[reportArgumentType]
    images, read = ferplus.load(path, "valid")
    assert images[1, 0, 0] == 1
    assert read[1, 1] == 7


def test_anything_else_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(VcharError, match="can't be read"):
        ferplus.load(tmp_path / "missing.npz", "valid")
    (tmp_path / "text.npz").write_text("hello")
    with pytest.raises(VcharError, match="can't be read"):
        ferplus.load(tmp_path / "text.npz", "valid")
    np.savez(tmp_path / "small.npz", images=np.zeros((2, 32, 32), np.uint8), votes=votes((6,), (7,)))
    with pytest.raises(VcharError, match="FER\\+ has"):
        ferplus.load(tmp_path / "small.npz", "valid")
