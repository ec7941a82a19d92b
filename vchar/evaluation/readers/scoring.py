"""The reader that scores: dlib's points and identity, face-api's age, gender and smile. It must never steer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from vchar.evaluation.readers import Reading, appearance, weights
from vchar.evaluation.readers.appearance import Frame
from vchar.evaluation.readers.faceapi import EMOTIONS, SIZE, AgeGender, Emotions

SAME_PERSON = 0.6  # dlib's own threshold: two pictures of one person are nearer than this


class Box(Protocol):
    """What we use of dlib.rectangle."""

    def left(self) -> int: ...
    def right(self) -> int: ...
    def top(self) -> int: ...
    def bottom(self) -> int: ...
    def area(self) -> int: ...


@dataclass(frozen=True)
class Found:
    """How many faces dlib's detector sees, without enlarging the picture and, if none, enlarged once."""

    count: int
    box: Box  # of the largest face


class ScoringReader:
    """Shape and colour at dlib's 68 points; age and gender; `smile` is the log-odds of happiness against neutral."""

    names = ("age", "gender", *appearance.NAMES)
    identity_size = 128

    def __init__(self) -> None:
        import dlib

        folder, networks = weights.DLIB.folder(), weights.FACE_API.folder()
        self._detect: Any = dlib.get_frontal_face_detector()  # type: ignore[attr-defined]
        self._place: Any = dlib.shape_predictor(str(folder / "shape_predictor_68_face_landmarks.dat"))  # type: ignore[attr-defined]
        self._identify: Any = dlib.face_recognition_model_v1(  # type: ignore[attr-defined]
            str(folder / "dlib_face_recognition_resnet_model_v1.dat")
        )
        self._age_gender, self._emotions = AgeGender(networks), Emotions(networks)

    def detect(self, image: NDArray[np.uint8], enlarge: int = 0) -> Found | None:
        """Faces in RGB [H,W,3] at 2**enlarge times its size."""
        boxes = list(self._detect(image, enlarge))
        return Found(len(boxes), max(boxes, key=lambda box: box.area())) if boxes else None

    def __call__(self, image: NDArray[np.uint8], identify: bool = True) -> Reading | None:
        found = self.detect(image) or self.detect(image, enlarge=1)
        if found is None:
            return None
        parts = self._place(image, found.box)
        points = np.array([(p.x, p.y) for p in parts.parts()], np.float32)
        frame = Frame.of(points)
        local = frame.local(points)
        values = appearance.shape_readings(local) | appearance.flat_pose_readings(local, frame.roll)
        values |= appearance.pixel_readings(image, points) | self._person(image, found.box)
        identity = np.full(self.identity_size, np.nan, np.float32)
        if identify:
            identity = np.array(self._identify.compute_face_descriptor(image, parts), np.float32)
        return Reading(np.array([values[n] for n in self.names], np.float32), identity, found.count)

    def identity(self, image: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """RGB [H,W,3] -> who it is [128], or None where there is no face: the part of a reading that tells people."""
        found = self.detect(image) or self.detect(image, enlarge=1)
        if found is None:
            return None
        return np.array(self._identify.compute_face_descriptor(image, self._place(image, found.box)), np.float32)

    def emotions(self, image: NDArray[np.uint8]) -> dict[str, float] | None:
        """RGB [H,W,3] -> log-probability of each of face-api's EMOTIONS, or None where there is no face."""
        found = self.detect(image) or self.detect(image, enlarge=1)
        return None if found is None else self._feelings(_crop(image, found.box))

    @torch.inference_mode()
    def _feelings(self, rgb: torch.Tensor) -> dict[str, float]:
        return dict(zip(EMOTIONS, self._emotions(rgb)[0].tolist(), strict=True))

    @torch.inference_mode()
    def _person(self, image: NDArray[np.uint8], box: Box) -> dict[str, float]:
        rgb = _crop(image, box)
        age, gender = self._age_gender(rgb)
        emotions = self._feelings(rgb)
        smile = float(np.clip(emotions["happiness"] - emotions["neutral"], -15, 15))
        return {"age": float(age), "gender": float(gender), "smile": smile}


def _crop(image: NDArray[np.uint8], box: Box) -> torch.Tensor:
    """The face with a small margin, as face-api's networks want it: [1,3,SIZE,SIZE] in 0..255."""
    x, y = (box.left() + box.right()) / 2, (box.top() + box.bottom()) / 2
    half = max(box.right() - box.left(), box.bottom() - box.top()) / 2 * 1.1
    crop = Image.fromarray(image).resize(
        (SIZE, SIZE), Image.Resampling.BILINEAR, box=_inside((x - half, y - half, x + half, y + half), image)
    )
    return torch.from_numpy(np.asarray(crop).copy()).float().permute(2, 0, 1)[None]


def _inside(box: tuple[float, float, float, float], image: NDArray[np.uint8]) -> tuple[float, float, float, float]:
    height, width = image.shape[:2]
    return max(box[0], 0.0), max(box[1], 0.0), min(box[2], float(width)), min(box[3], float(height))
