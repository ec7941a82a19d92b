"""Reading a face in a picture: where it is, how the head stands, what each part of it does, and what it feels."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from vchar import checkpoint
from vchar.errors import VcharError
from vchar.faces import FaceFinder, Landmarks
from vchar.models.expression import EMOTIONS, EmotionConfig, EmotionNet, aligned_face
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.fit import Fit, fit
from vchar.rig.prior import Prior

AROUND = 1.25  # how far what the recogniser may look at reaches from a face's middle, in sides of the face
FINEST = 25.0  # pixels between the eyes that are fine enough for it: in the faces it learnt from there are 18.5


@dataclass(frozen=True)
class Reading:
    """What one face shows.

    emotions: probability by name, likeliest first.  arkit: weight 0..1 by ARKit name.  yaw, pitch, roll: degrees, as
    in `vchar.rig.camera.euler`.  landmarks: 70 points (x, y) in pixels.  confidence: 0..1.  box: left, top, right,
    bottom in pixels.  face, faces: which of how many, 0 the largest.
    """

    emotions: Mapping[str, float]
    arkit: Mapping[str, float]
    yaw: float
    pitch: float
    roll: float
    landmarks: tuple[tuple[float, float], ...]
    confidence: float
    box: tuple[float, float, float, float]
    face: int
    faces: int

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self))


class Reader:
    """The models that read faces; read-only, so safe to share between threads."""

    def __init__(self, finder: FaceFinder, head: HeadModel, prior: Prior, recogniser: EmotionNet) -> None:
        self.head = head
        self._finder = finder
        self._prior = prior
        self._recogniser = recogniser.eval()

    @classmethod
    def load(cls, device: torch.device) -> Reader:
        """The shipped models; VcharError when one is damaged."""
        recogniser = checkpoint.load_network(checkpoint.shipped("emotion"), EmotionNet, EmotionConfig)
        return cls(FaceFinder.load(device), HeadModel.load(), Prior.load(), recogniser.to(device))

    def faces(self, picture: Image.Image) -> list[Landmarks]:
        """Every face in an RGB picture, largest first."""
        return self._finder.find(picture)

    def face(self, picture: Image.Image, index: int, name: str) -> Landmarks:
        """One face, 0 the largest; VcharError, calling the picture `name`, where it shows no such face."""
        return _chosen(self.faces(picture), index, name)

    def fit(self, picture: Image.Image, landmarks: Landmarks) -> Fit:
        """The head behind a face; VcharError when it can't be trusted."""
        return fit(self.head, self._prior, landmarks.points, landmarks.confidence, *picture.size)

    @torch.inference_mode()
    def emotions(self, picture: Image.Image, landmarks: Landmarks) -> dict[str, float]:
        """Probability of each emotion, likeliest first."""
        device = self._recogniser.temperature.device
        small, points = _round_face(picture, landmarks)
        pixels = torch.from_numpy(np.array(small)).to(device).permute(2, 0, 1) / 255
        crop = aligned_face(pixels, torch.from_numpy(points).to(device))
        shares = self._recogniser(crop[None])[0].softmax(-1).tolist()
        return dict(sorted(zip(EMOTIONS, shares, strict=True), key=lambda item: -item[1]))

    def read(self, picture: Image.Image, index: int, name: str) -> Reading:
        """All of it for one face; VcharError where there is none that can be read."""
        found = self.faces(picture)
        landmarks = _chosen(found, index, name)
        head = self.fit(picture, landmarks)
        yaw, pitch, roll = head.camera.yaw_pitch_roll
        return Reading(
            emotions={emotion: round(share, 4) for emotion, share in self.emotions(picture, landmarks).items()},
            arkit={action: round(float(weight), 3) for action, weight in zip(ARKIT_NAMES, head.arkit, strict=True)},
            yaw=round(yaw, 1),
            pitch=round(pitch, 1),
            roll=round(roll, 1),
            landmarks=tuple((round(float(x), 1), round(float(y), 1)) for x, y in landmarks.points),
            confidence=round(float(head.confidence), 3),
            box=tuple(round(float(side), 1) for side in landmarks.box),  # pyright: ignore[reportArgumentType]
            face=index,
            faces=len(found),
        )


def _round_face(picture: Image.Image, landmarks: Landmarks) -> tuple[Image.Image, NDArray[np.float32]]:
    """What surrounds a face, no finer than the recogniser needs it, and the face's points there."""
    points = landmarks.points
    left, top, right, bottom = landmarks.box
    reach = AROUND * max(right - left, bottom - top)
    middle, frame = np.array([left + right, top + bottom]) / 2, np.array(picture.size)
    low, high = (np.clip(middle + reach * way, 0, frame).astype(int) for way in (-1, 1))
    between_eyes = points[36:42].mean(0) - points[42:48].mean(0)
    factor = max(1, int(np.hypot(*between_eyes) / FINEST))
    return picture.reduce(factor, (*low.tolist(), *high.tolist())), ((points - low) / factor).astype(np.float32)


def _chosen(found: Sequence[Landmarks], index: int, name: str) -> Landmarks:
    if not found:
        raise VcharError(
            f"No face found in {name}. Works best with one face filling a third of the picture. "
            "Try cropping it, or start from a generated face."
        )
    if not 0 <= index < len(found):
        raise VcharError(f"{name} shows {len(found)} face(s), counted from 0, so there is no face {index}.")
    return found[index]
