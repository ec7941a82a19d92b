"""MediaPipe's face mesh (Apache-2.0), run by OpenVINO: 468 points in three dimensions. May steer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vchar.evaluation.readers import appearance
from vchar.evaluation.readers.appearance import Array, Frame
from vchar.evaluation.readers.openvino import compiled

SIZE = 192  # the network's input, pixels
CROP = (0.13, 0.17, 0.87, 0.91)  # left, top, right, bottom of the face in an FFHQ-aligned picture
IBUG = (  # the mesh vertices that stand where the 68 iBUG landmarks do
    *(162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389),
    *(70, 63, 105, 66, 107, 336, 296, 334, 293, 300),
    *(168, 197, 5, 4, 75, 97, 2, 326, 305),
    *(33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380),
    *(61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181),
    *(78, 82, 13, 312, 308, 317, 14, 87),
)


class MeshReader:
    """Shape, pose and colour of an FFHQ-aligned face."""

    names = appearance.NAMES

    def __init__(self, weights: Path) -> None:
        self._run = compiled(weights)

    def points(self, image: NDArray[np.uint8]) -> tuple[Array, float]:
        """RGB [H,H,3] -> vertices [468,3] in pixels (z towards the viewer negative), and the logit of a face."""
        size = image.shape[0]
        box = tuple(round(c * size) for c in CROP)
        crop = Image.fromarray(image).resize((SIZE, SIZE), Image.Resampling.BILINEAR, box=box)
        vertices, score = self._run(np.asarray(crop, np.float32)[None] / np.float32(255))
        vertices = vertices.reshape(468, 3) * ((box[2] - box[0]) / SIZE)
        vertices[:, :2] += box[:2]
        return vertices, float(score.item())

    def __call__(self, image: NDArray[np.uint8]) -> dict[str, float] | None:
        """RGB [H,H,3] -> readings by name, or None where the mesh sees no face."""
        vertices, score = self.points(image)
        if score < 0:
            return None
        flat = vertices[list(IBUG), :2]  # the mesh's depth is a guess: turning the head by it makes shape worse
        shape = appearance.shape_readings(Frame.of(flat).local(flat))
        return shape | pose(head_axes(vertices)) | appearance.pixel_readings(image, flat)


def head_axes(vertices: Array) -> Array:
    """Vertices [468,3] -> the head's right, down and back directions as rows [3,3]."""
    across = vertices[[454, 323, 356]].mean(0) - vertices[[234, 93, 127]].mean(0)
    down = vertices[[152, 148, 377]].mean(0) - vertices[[10, 109, 338]].mean(0)
    x = across / np.linalg.norm(across)
    y = down - x * (down @ x)
    y = y / np.linalg.norm(y)
    return np.stack([x, y, np.cross(x, y)])


def pose(axes: Array) -> dict[str, float]:
    """Head axes [3,3] -> yaw (positive to the picture's right), pitch (positive up) and roll, radians."""
    x, y, _ = axes
    return {
        "yaw": float(np.arctan2(x[2], x[0])),
        "pitch": float(-np.arctan2(y[2], y[1])),
        "roll": float(np.arctan2(x[1], x[0])),
    }
