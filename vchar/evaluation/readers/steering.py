"""The reader that steers training: permissively licensed, and nothing of it scores the result."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vchar.evaluation.readers import Reading, weights
from vchar.evaluation.readers.faceres import FaceResReader
from vchar.evaluation.readers.mesh import MeshReader


class SteeringReader:
    """Mesh for shape, pose and where to look at colour; FaceRes for age, gender and identity."""

    names = (*FaceResReader.names, *MeshReader.names)
    identity_size = 1024

    def __init__(self) -> None:
        self._mesh = MeshReader(weights.MEDIAPIPE.folder() / "face_landmark.tflite")
        self._faceres = FaceResReader(weights.HUMAN.folder() / "faceres.json")

    def __call__(self, image: NDArray[np.uint8], identify: bool = True) -> Reading | None:
        seen = self._mesh(image)
        if seen is None:
            return None
        person, identity = self._faceres.read(image)
        values = person | seen
        return Reading(np.array([values[n] for n in self.names], np.float32), identity)
