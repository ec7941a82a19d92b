"""Figures on a stage: a camera that sees all of them, soft light, and their shadow on the ground."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.spatial.transform import Rotation

from vchar.render.figure import Piece
from vchar.render.light import studio_light
from vchar.render.picture import BRIGHTEST, filmic, render
from vchar.render.scene import CLOTH, Floats, Mesh
from vchar.rig.camera import Camera

DISTANCE = 7.0  # metres from the camera to the figure
MARGIN = 1.06  # of the figure's extent
SHADOW, TEXELS, REACH = 0.55, 160, 0.16  # of the ground: darkness, pixels a side, metres above it that still darken
EXPOSURE, KNEE = 1.25, 0.6  # of pictures, and the light from which highlights bend
SPREAD = 0.35  # metres that the shadow's picture goes beyond the figure


def camera(low: NDArray, high: NDArray, height: int, width: int, yaw: float = 25.0, pitch: float = 6.0) -> Camera:
    """A camera before which everything between the corners `low` and `high` [3] fits into height x width pixels.

    yaw: degrees that it stands towards the figure's left.  pitch: degrees that it looks down.
    """
    rotation = np.diag([1.0, -1.0, -1.0]) @ Rotation.from_euler("XY", [pitch, -yaw], degrees=True).as_matrix()
    middle = (low + high) / 2
    corners = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
    extent = np.abs((corners - middle) @ rotation.T).max(0) * 2 * MARGIN
    focal = (DISTANCE - extent[2] / 2) * min(width / extent[0], height / extent[1])
    return Camera(rotation, -rotation @ middle + [0, 0, DISTANCE], float(focal), (width / 2, height / 2))


def draw(pieces: Sequence[Piece], moves: Floats, view: Camera, height: int, width: int, shadow: bool = True) -> Floats:
    """A picture [height,width,4] of the figure as one frame [J,3,4] of moves takes it: sRGB and alpha in 0..1."""
    meshes = [piece.mesh(moves) for piece in pieces]
    if shadow:
        meshes.append(_ground_shadow(np.concatenate([mesh.vertices for mesh in meshes])))
    picture = render(meshes, view, studio_light(), height, width)
    picture[..., :3] = _plain(picture[..., :3])
    return picture


def bounds(pieces: Sequence[Piece], moves: Floats) -> tuple[NDArray, NDArray]:
    """The lowest and highest corner [3] that the figure reaches in one frame, the ground included."""
    points = np.concatenate([piece.mesh(moves).vertices for piece in pieces])
    low, high = points.min(0), points.max(0)
    return low * [1, 0, 1] + [0, min(low[1], 0), 0], high


def _plain(shown: Floats) -> Floats:
    """sRGB values as plain print has them: the film's curve, which deepens colours, taken off; only highlights bend."""
    light = np.linspace(0, BRIGHTEST ** (1 / 2.2), 512) ** 2.2
    printed = EXPOSURE * light
    bent = KNEE + (1 - KNEE) * (1 - np.exp(-(printed - KNEE) / (1 - KNEE)))
    return np.interp(shown, filmic(light), np.where(printed < KNEE, printed, bent) ** (1 / 2.2)).astype(np.float32)


def _ground_shadow(points: Floats) -> Mesh:
    """A see-through sheet on the ground, dark below what is near to it."""
    low, high = points[:, [0, 2]].min(0) - SPREAD, points[:, [0, 2]].max(0) + SPREAD
    near = np.exp(-np.maximum(points[:, 1], 0) / REACH)
    cells = ((points[:, [0, 2]] - low) / (high - low) * TEXELS).astype(int).clip(0, TEXELS - 1)
    cover = np.zeros((TEXELS, TEXELS))
    np.maximum.at(cover, (cells[:, 1], cells[:, 0]), near)
    metre = TEXELS / (high - low)
    wide, tight = (gaussian_filter(cover, (r * metre[1], r * metre[0])) for r in (0.09, 0.03))
    dark = np.clip(0.8 * tight / max(tight.max(), 1e-6) + 0.6 * wide / max(wide.max(), 1e-6), 0, 1) * SHADOW
    texture = np.zeros((TEXELS, TEXELS, 4), np.uint8)
    texture[..., 3] = (dark * near.max() * 255).astype(np.uint8)
    corners = np.array([[low[0], 0, low[1]], [high[0], 0, low[1]], [high[0], 0, high[1]], [low[0], 0, high[1]]])
    uv = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], np.float32)  # v points up, rows down
    faces = np.array([[0, 2, 1], [0, 3, 2]], np.int32)
    black, up = np.zeros((4, 3), np.float32), np.tile([0.0, 1.0, 0.0], (4, 1))
    return Mesh(corners.astype(np.float32), up, faces, CLOTH, black, texture, uv[faces], blended=True)
