"""A pinhole camera: where the head stands in front of it, and where its points land in the picture."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

Array = NDArray[np.float32]


def euler(yaw: float, pitch: float, roll: float) -> NDArray[np.float64]:
    """The head's rotation [3,3] in camera axes (x right, y down, z away), from degrees.

    +yaw turns the face towards the picture's right, +pitch makes it look up, +roll tilts it clockwise in the picture.
    """
    return Rotation.from_euler("YXZ", [-yaw, -pitch, roll], degrees=True).as_matrix()


def angles(rotation: NDArray[np.floating]) -> tuple[float, float, float]:
    """(yaw, pitch, roll) in degrees: the inverse of `euler`, for |pitch| < 90."""
    yaw, pitch, roll = Rotation.from_matrix(rotation).as_euler("YXZ", degrees=True)
    return float(-yaw), float(-pitch), float(roll)


@dataclass(frozen=True)
class Camera:
    """rotation [3,3] and translation [3] (m) take the head before the camera; focal and centre are in pixels."""

    rotation: NDArray[np.float64]
    translation: NDArray[np.float64]
    focal: float
    centre: tuple[float, float]

    @classmethod
    def facing(cls, size: int, distance: float = 1.6, zoom: float = 4.2) -> "Camera":
        """A portrait camera straight in front of the head, for a square picture of `size` pixels.

        zoom: focal length over picture size; 4.2 is that of a portrait lens (about 150 mm on full frame).
        """
        return cls(np.eye(3), np.array([0, 0.05, distance]), zoom * size, (size / 2, size / 2))

    def place(self, vertices: Array) -> Array:
        """Points [...,3] before the camera (metres, z = depth)."""
        return (vertices @ self.rotation.T + self.translation).astype(np.float32)

    def project(self, vertices: Array) -> Array:
        """Where points [...,3] land: x and y in pixels, and the depth in metres."""
        placed = self.place(vertices)
        screen = self.focal * placed[..., :2] / placed[..., 2:] + np.asarray(self.centre, np.float32)
        return np.concatenate([screen, placed[..., 2:]], axis=-1).astype(np.float32)

    def scaled(self, factor: float) -> "Camera":
        """The same camera for a picture `factor` times as large."""
        x, y = self.centre
        return replace(self, focal=self.focal * factor, centre=(x * factor, y * factor))

    @property
    def yaw_pitch_roll(self) -> tuple[float, float, float]:
        """How the head is turned, in degrees, as in `euler`."""
        return angles(self.rotation)
