"""Faces in a picture: where they are, and 70 landmarks of each, with the networks of checkpoints/landmarks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from vchar import checkpoint
from vchar.models.landmarks import MARGIN, FaceNets, FinderNet, LandmarksConfig, Placed, frames
from vchar.models.views import Views

LIKELY = 0.2  # probability from which the finder's word is looked into
CLEAR = 0.5  # probability, by the landmark network, from which it is a face
LARGE = 1024  # pixels: the longer side of a picture is not made shorter than this
SURE = 0.4  # mean confidence of the points below which a face can't be used
SMALLEST = 24  # pixels: a face with a shorter side is not used
OVERLAP = 0.5  # share of the smaller box from which two boxes are the same face
MOST = 12  # candidates looked into
CLOSER = 0.92  # side of the second look's square in sides of the face: the first one says well where it is


@dataclass(frozen=True)
class Landmarks:
    """One face: the 68 iBUG points (the picture's left first), then the two irises."""

    points: NDArray[np.float32]  # [70,2] pixels
    confidence: NDArray[np.float32]  # [70] probability that the point is right within a tenth of the eye distance

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the points."""
        left, top = self.points.min(0).tolist()
        right, bottom = self.points.max(0).tolist()
        return left, top, right, bottom


@dataclass(frozen=True)
class _Square:
    """Where a face may be: an upright or tilted square of a picture."""

    centre: Tensor  # [2] pixels
    side: float  # pixels
    roll: float  # radians, clockwise


class FaceFinder:
    """Finds faces that fill a sixth of a picture and more, tilted and turned ones too, photographs or not."""

    def __init__(self, nets: FaceNets, device: torch.device) -> None:
        self._nets = nets.to(device).to(memory_format=torch.channels_last).eval().requires_grad_(False)  # pyright: ignore[reportCallIssue]
        self._device = device

    @classmethod
    def load(cls, device: str | torch.device = "cpu") -> FaceFinder:
        """The shipped networks; VcharError if they are missing or damaged."""
        nets = checkpoint.load_network(checkpoint.shipped("landmarks"), FaceNets, LandmarksConfig)
        return cls(nets, torch.device(device))

    @torch.inference_mode()
    def find(self, picture: Image.Image) -> list[Landmarks]:
        """The faces of an RGB picture, largest first; [] when there is none that can be used."""
        factor = max(1, max(picture.size) // LARGE)
        picture, size = picture.reduce(factor), self._nets.config.picture
        faces = self._faces(picture, size) or self._faces(picture, 2 * size)
        faces = [Landmarks(face.points * factor, face.confidence) for face in faces]
        return sorted(faces, key=_area, reverse=True)

    def _faces(self, picture: Image.Image, size: int) -> list[Landmarks]:
        """The faces that show with the longer side of the picture at `size` px."""
        faces: list[Landmarks] = []
        for square in self._candidates(picture, size)[:MOST]:
            face = self._look(picture, square)
            if face is not None and all(overlap(face, other) < OVERLAP for other in faces):
                faces.append(face)
        return faces

    def _candidates(self, picture: Image.Image, size: int) -> list[_Square]:
        """Likely faces, surest first, seen with the longer side of the picture at `size` px."""
        scale = size / max(picture.size)
        small = picture.resize([max(1, round(side * scale)) for side in picture.size], Image.Resampling.BILINEAR)
        pixels = _tensor(small)
        pixels = F.pad(pixels, (0, -pixels.shape[3] % 32, 0, -pixels.shape[2] % 32)).to(self._device)
        found = self._nets.finder(pixels.contiguous(memory_format=torch.channels_last))
        probability = found.face.sigmoid()
        peaks = (probability > LIKELY) & (probability == F.max_pool2d(probability[:, None], 3, 1, 1)[:, 0])
        squares = []
        for _, row, column in sorted(peaks.nonzero().tolist(), key=lambda at: -float(probability[tuple(at)])):
            offset, down = found.offset[0, :, row, column].cpu(), found.down[0, :, row, column]
            centre = (torch.tensor([column, row]) + 0.5 + offset) * FinderNet.cell / scale
            side = float(found.size[0, row, column].exp()) / scale
            squares.append(_Square(centre, side, float(torch.atan2(-down[0], down[1]))))
        return squares

    def _look(self, picture: Image.Image, square: _Square) -> Landmarks | None:
        """Landmarks within a square, looked at twice: then framed by what the first look found."""
        first, points = self._place(picture, square, mirror=False)
        centre, side, roll = frames(points)
        if float(first.face.sigmoid()) < CLEAR / 2 or not SMALLEST < float(side) < 3 * max(picture.size):
            return None
        placed, points = self._place(picture, _Square(centre[0], CLOSER * float(side), float(roll)), mirror=True)
        confidence = placed.confidence[0]
        if float(placed.face.sigmoid()) < CLEAR or float(confidence.mean()) < SURE:
            return None
        return Landmarks(points[0].numpy(), confidence.numpy())

    def _place(self, picture: Image.Image, square: _Square, mirror: bool) -> tuple[Placed, Tensor]:
        """What the network says of a square, or of it and its mirror image, and the points in the picture's pixels."""
        size = self._nets.config.crop
        crop, view, factor, corner = _crop(picture, square, size)
        crops = torch.cat([crop, crop.flip(3)]) if mirror else crop
        seen = self._nets.landmarks(crops.to(self._device).contiguous(memory_format=torch.channels_last))
        placed = Placed(*(part[:1].cpu() for part in seen))
        if mirror:
            other = Placed(*(part[1:].cpu() for part in seen)).mirrored_back(size)
            placed = Placed(*(torch.stack(pair).mean(0) for pair in zip(placed, other, strict=True)))
        return placed, view.to_picture(placed.points) * factor + corner


def _crop(picture: Image.Image, square: _Square, size: int) -> tuple[Tensor, Views, int, Tensor]:
    """The square with MARGIN at `size` px [1,3,size,size]; view pixels become the picture's by view, factor, corner."""
    side = square.side * MARGIN
    corner = (square.centre - side * 0.75).floor()
    left, top = corner.long().tolist()
    factor = max(1, int(side / size / 1.5))
    region = picture.crop((left, top, left + int(side * 1.5) + 1, top + int(side * 1.5) + 1)).reduce(factor)
    one = torch.ones(1)
    view = Views.of((square.centre - corner)[None] / factor, one * side / factor, one * square.roll, one < 0, size)
    return view.see(_tensor(region)), view, factor, corner


def _tensor(picture: Image.Image) -> Tensor:
    """RGB -> [1,3,H,W] in 0..1."""
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None] / 255


def _area(face: Landmarks) -> float:
    left, top, right, bottom = face.box
    return (right - left) * (bottom - top)


def overlap(a: Landmarks, b: Landmarks) -> float:
    """What two faces' boxes share, as a share of the smaller one."""
    width = min(a.box[2], b.box[2]) - max(a.box[0], b.box[0])
    height = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    shared = max(width, 0) * max(height, 0)
    return shared / min(_area(a), _area(b))
