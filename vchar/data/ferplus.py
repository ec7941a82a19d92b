"""FER+: small grey faces, each with ten people's votes on its emotion.

Votes become labels as the authors' published reader does it (Barsoum et al. 2016, github.com/microsoft/FERPlus): a
column with a single vote is an outlier and counts nothing. To measure, the label is the column that holds more than
half of the remaining votes; pictures without one, or whose one is "unknown" or "not a face", are left out. To learn,
the target is the distribution of the remaining votes over the eight emotions, wherever an emotion leads.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vchar.errors import VcharError

EMOTION_COLUMNS = 8  # the first of ten: neutral, happiness, surprise, sadness, anger, disgust, fear, contempt; then NF
SIZE = 48  # pixels


@dataclass(frozen=True)
class Faces:
    """N pictures and what people see in them."""

    images: NDArray[np.uint8]  # [N,48,48]
    targets: NDArray[np.float32]  # [N,8], rows sum to 1

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> Faces:
        return Faces(self.images[which], self.targets[which])

    @property
    def labels(self) -> NDArray[np.int64]:
        """[N] the emotion with the most votes."""
        return self.targets.argmax(1)


def load(path: Path, split: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Pictures [N,48,48] and votes [N,10] of `split` ("train", "valid"); of the whole file if it isn't split.

    Raises VcharError when the file is missing or holds something else.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            prefix = f"{split}_" if f"{split}_images" in file else ""
            images, votes = file[f"{prefix}images"], file[f"{prefix}votes"]
    except (OSError, ValueError, KeyError) as error:
        raise VcharError(
            f"{path} can't be read as FER+ pictures ({error}); "
            "name an .npz with images [N,48,48] uint8 and votes [N,10]."
        ) from error
    if images.shape[1:] != (SIZE, SIZE) or votes.shape != (len(images), 10) or images.dtype != np.uint8:
        raise VcharError(
            f"{path} holds images {images.shape} and votes {votes.shape}; FER+ has [N,48,48] uint8 and [N,10]."
        )
    return images, votes


def agreed(images: NDArray[np.uint8], votes: NDArray[np.uint8]) -> Faces:
    """The pictures on which most people agree on an emotion: what accuracy is measured on."""
    kept = without_outliers(votes)
    return _faces(images, kept, (kept.max(1) * 2 > kept.sum(1)) & (kept.argmax(1) < EMOTION_COLUMNS))


def voted(images: NDArray[np.uint8], votes: NDArray[np.uint8]) -> Faces:
    """All pictures in which an emotion has the most votes: what a network learns from."""
    kept = without_outliers(votes)
    return _faces(images, kept, kept[:, :EMOTION_COLUMNS].max(1) > kept[:, EMOTION_COLUMNS:].max(1))


def without_outliers(votes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Votes [N,10] with single ones removed."""
    return np.where(votes > 1, votes, 0).astype(np.uint8)


def _faces(images: NDArray[np.uint8], votes: NDArray[np.uint8], which: NDArray[np.bool_]) -> Faces:
    emotions = votes[which, :EMOTION_COLUMNS].astype(np.float32)
    return Faces(images[which], emotions / emotions.sum(1, keepdims=True))
