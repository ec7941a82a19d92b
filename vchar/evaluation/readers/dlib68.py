"""dlib's 68 landmarks, to compare with. Their model was learnt from pictures whose licence excludes commerce."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vchar.evaluation.readers import weights


class DlibLandmarks:
    """dlib's face detector and its 68-point model."""

    def __init__(self) -> None:
        import dlib

        model = weights.DLIB.folder() / "shape_predictor_68_face_landmarks.dat"
        self._detect: Any = dlib.get_frontal_face_detector()  # type: ignore[attr-defined]
        self._place: Any = dlib.shape_predictor(str(model))  # type: ignore[attr-defined]

    def __call__(self, picture: Image.Image) -> NDArray[np.float32] | None:
        """Points [68,2] of the largest face of an RGB picture, or None."""
        pixels = np.asarray(picture)
        boxes = list(self._detect(pixels, 0)) or list(self._detect(pixels, 1))
        if not boxes:
            return None
        parts = self._place(pixels, max(boxes, key=lambda box: box.area())).parts()
        return np.array([(p.x + 0.5, p.y + 0.5) for p in parts], np.float32)
