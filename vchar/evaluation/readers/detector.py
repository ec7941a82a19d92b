"""MediaPipe's short-range face detector (Apache-2.0), run by OpenVINO: how many faces are in a picture?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vchar.evaluation.readers.openvino import compiled

SIZE = 128  # the network's input, pixels
Floats = NDArray[np.floating[Any]]
GRIDS = ((16, 2), (8, 6))  # cells a side, anchors a cell
SURE = 0.5  # probability from which a box counts
OVERLAP = 0.3  # intersection over union from which two boxes are the same face


class FaceCounter:
    """Counts faces in RGB uint8 [H,H,3]."""

    def __init__(self, weights: Path) -> None:
        self._run = compiled(weights)
        self._anchors = anchors()

    def __call__(self, image: NDArray[np.uint8]) -> int:
        small = Image.fromarray(image).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
        places, logits = self._run(np.asarray(small, np.float32)[None] / 127.5 - 1)
        scores = 1 / (1 + np.exp(-np.clip(logits[0, :, 0], -80, 80)))
        centres = self._anchors + places[0, :, :2] / SIZE
        boxes = np.concatenate([centres - places[0, :, 2:4] / SIZE / 2, centres + places[0, :, 2:4] / SIZE / 2], axis=1)
        return len(distinct(boxes[scores > SURE], scores[scores > SURE]))


def anchors() -> NDArray[np.float32]:
    """Centres [896,2] of the anchor boxes, in shares of the picture."""
    grids = []
    for cells, count in GRIDS:
        line = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        grid = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 1, 2)
        grids.append(np.repeat(grid, count, axis=1).reshape(-1, 2))
    return np.concatenate(grids)


def distinct(boxes: Floats, scores: Floats) -> list[int]:
    """Indices of the boxes [N,4] that overlap with no surer one."""
    kept: list[int] = []
    for i in np.argsort(-scores):
        if all(overlap(boxes[i], boxes[k]) < OVERLAP for k in kept):
            kept.append(int(i))
    return kept


def overlap(a: Floats, b: Floats) -> float:
    """Intersection over union of two boxes (left, top, right, bottom)."""
    sides = np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None)
    shared = float(np.prod(sides))
    return shared / (float(np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2])) - shared)
