"""Readers: small programs that say what they see in a face. What steers a model may not score it.

Steering: MediaPipe's mesh, HSE-FaceRes. Scoring: dlib's 68 points and identity, face-api's age, gender and emotions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Reading:
    """What a reader saw in one face."""

    values: NDArray[np.float32]  # [len(reader.names)]
    identity: NDArray[np.float32]  # [reader.identity_size]; the nearer two of them, the more alike the people
    faces: int = 1  # how many faces there are; the values are the largest one's


class FaceReader(Protocol):
    """RGB uint8 [H,H,3], FFHQ-aligned -> what is seen, or None where there is no face.

    A reader may leave identity out (NaN) where it is not to `identify`.
    """

    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def identity_size(self) -> int: ...
    def __call__(self, image: NDArray[np.uint8], identify: bool = True) -> Reading | None: ...
