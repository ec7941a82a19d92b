"""Pairs of pictures of one person: what the warp makes of the first, and what it should have made."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import distance_transform_edt, gaussian_filter
from scipy.spatial import ConvexHull

from vchar.rig import guide
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import PIVOT, HeadModel
from vchar.rig.camera import angles, euler
from vchar.rig.fit import Fit
from vchar.rig.warp import Edit, WarpSource
from vchar.writing import whole

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Angles = tuple[float, float, float]
INNER = slice(17, 68)
QUALITY = 95  # of the JPEGs
COARSE = 2  # pixels a side that share a guide
AROUND = 0.4  # inter-ocular distances about the head in which an exact target counts fully
ELSEWHERE = 0.1  # its weight beyond
FACE_AROUND = 0.4  # inter-ocular distances about the face in which a generated target counts
BLUR = 0.1  # inter-ocular distances: coarser differences of colour are no fold and no shadow of one
UNLIKE, OFTEN = 0.1, 0.04  # such a difference that only another thing makes, and its mean for another person
GAIN = (0.7, 1.4)  # limits of the change of light that is taken off


@dataclass(frozen=True)
class Pair:
    """source, warped, target: [S,S,3] sRGB.  guide: [S/2,S/2,10] of `vchar.rig.guide.layers`.  change: [55].

    weight: [S/2,S/2] in 0..1: how far the target is a truth about the warped picture.
    """

    source: Bytes
    warped: Bytes
    target: Bytes
    guide: Floats
    change: Floats
    weight: Floats


def pair_up(source: WarpSource, target: NDArray, fit: Fit) -> Pair | None:
    """The warp of `source` to what another picture of the same person shows, with that picture moved to its place.

    target: [H,W,3] in 0..1.  fit: of the source's person in it.  None where the two show different people after all.
    """
    turn = angles(source.fit.camera.rotation.T @ fit.camera.rotation)
    edit = source.edit(fit.arkit, *turn)
    there = fit.camera.project(source.head.shape(fit.phenotype, fit.local, fit.arkit)[source.head.landmarks])
    moved, inside = _in_place(source, edit, target, there[:, :2])
    known = inside & (edit.confidence > 0.5) & (edit.view.spread(source.head.turn_weight[:, None])[..., 0] > 0.5)
    moved = _relit(moved, edit.picture, known)
    differ = gaussian_filter((moved - edit.picture) * known[..., None], (BLUR * source.iod, BLUR * source.iod, 0))
    differ = np.abs(differ).mean(-1)
    if differ[known].mean() > OFTEN:
        return None
    weight = _near_face(edit, source.head.landmarks, source.iod) * inside * np.clip(2 - 2 * differ / UNLIKE, 0, 1)
    return _pair(source, edit, moved, guide.change(source, fit.arkit, turn), weight)


def pair_exactly(source: WarpSource, target: NDArray, arkit: NDArray, turn: Angles, marks: NDArray) -> Pair:
    """The same where it is known that nothing has changed but the ARKit weights [52] and the head's turn (degrees).

    marks: where the landmarks are in the target, [68 or more,2] px.
    """
    edit = source.edit(arkit, *turn)
    moved, inside = _in_place(source, edit, target, marks)
    return _pair(source, edit, moved, guide.change(source, arkit, turn), _weight(edit, inside, source.iod))


def pair_back(source: WarpSource, head: HeadModel, arkit: NDArray, turn: Angles) -> Pair:
    """The picture of `source`, spoilt by an edit to ARKit weights [52] and a turn (degrees), and warped back.

    head: the one that `source` was made with.
    """
    spoilt = WarpSource(head, source.edit(arkit, *turn).picture, _turned(source.fit, arkit, turn))
    back = angles(euler(*turn).T)
    edit = spoilt.edit(source.fit.arkit, *back)
    weight = _weight(edit, np.ones(edit.mouth.shape, bool), spoilt.iod)
    return _pair(spoilt, edit, source.picture, guide.change(spoilt, source.fit.arkit, back), weight)


def _turned(fit: Fit, arkit: NDArray, turn: Angles) -> Fit:
    """How the head stands whose neck has turned; as if the camera had gone round it."""
    camera, turned = fit.camera, euler(*turn)
    shift = camera.rotation @ (PIVOT - turned @ PIVOT)
    around = replace(camera, rotation=camera.rotation @ turned, translation=camera.translation + shift)
    return replace(fit, arkit=np.asarray(arkit, np.float32), camera=around)


def _pair(source: WarpSource, edit: Edit, target: NDArray, change: Floats, weight: NDArray) -> Pair:
    layers = _halved(guide.layers(source, edit))
    pictures = _bytes(source.picture), _bytes(edit.picture), _bytes(target)
    return Pair(*pictures, layers, change, _halved(weight[..., None])[..., 0])


def _in_place(source: WarpSource, edit: Edit, target: NDArray, marks: NDArray) -> tuple[NDArray, NDArray]:
    """The target with its landmarks moved to those of the warp, and where it has something to show [H,W]."""
    expected = edit.view.screen[source.head.landmarks, :2]
    return _moved(target, *_similarity(marks[INNER], expected[INNER]))


def _similarity(a: NDArray, b: NDArray) -> tuple[float, NDArray]:
    """Scale and shift [2] that take points a [N,2] nearest to b [N,2]."""
    middle_a, middle_b = a.mean(0), b.mean(0)
    scale = float(((a - middle_a) * (b - middle_b)).sum() / ((a - middle_a) ** 2).sum())
    return scale, middle_b - scale * middle_a


def _moved(picture: NDArray, scale: float, shift: NDArray) -> tuple[NDArray, NDArray]:
    """The picture under x -> scale x + shift, and where it has something to show [H,W]."""
    size = picture.shape[1::-1]
    back = (1 / scale, 0, -shift[0] / scale, 0, 1 / scale, -shift[1] / scale)
    pixels = Image.fromarray(_bytes(picture)).transform(size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)
    shown = Image.new("L", size, 255).transform(size, Image.Transform.AFFINE, back)
    return np.asarray(pixels) / 255, np.asarray(shown) > 0


def _relit(picture: NDArray, like: NDArray, known: NDArray) -> NDArray:
    """The picture in the light of another, by what both show."""
    gain = np.clip(like[known].mean(0) / np.maximum(picture[known].mean(0), 0.01), *GAIN)
    return np.clip(picture * gain, 0, 1)


def _weight(edit: Edit, inside: NDArray, iod: float) -> NDArray:
    """1 on the head and near it, less beyond, 0 outside the target picture."""
    head = edit.view.spread(edit.view.head.turn_weight[:, None])[..., 0] > 0.5
    far = np.asarray(distance_transform_edt(~head), np.float32) / iod
    return np.clip(1.5 - far / AROUND / 2, ELSEWHERE, 1) * inside


def _near_face(edit: Edit, landmarks: NDArray, iod: float) -> NDArray:
    """1 between the landmarks, less about them: hair and clothes of two generated pictures are never the same."""
    marks = edit.view.screen[landmarks[:68], :2]
    mask = Image.new("1", edit.mouth.shape[::-1])
    ImageDraw.Draw(mask).polygon([tuple(mark) for mark in marks[ConvexHull(marks).vertices].tolist()], fill=1)
    far = np.asarray(distance_transform_edt(~np.asarray(mask)), np.float32) / iod
    return np.clip(1.5 - far / FACE_AROUND, 0, 1)


def _bytes(picture: NDArray) -> Bytes:
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)


def _halved(layers: NDArray) -> Floats:
    height, width, count = layers.shape
    return layers.reshape(height // COARSE, COARSE, width // COARSE, COARSE, count).mean((1, 3), dtype=np.float32)


def halved(pair: Pair) -> Pair:
    """The same pictures at half the size."""
    pictures = pair.source, pair.warped, pair.target
    source, warped, target = (np.asarray(Image.fromarray(picture).reduce(COARSE)) for picture in pictures)
    return Pair(source, warped, target, _halved(pair.guide), pair.change, _halved(pair.weight[..., None])[..., 0])


def mirrored(pair: Pair) -> Pair:
    """The same people seen in a mirror."""
    sign = np.ones(guide.GUIDES, np.float32)
    sign[list(guide.SIDEWAYS)] = -1
    actions, turn = np.split(pair.change, [len(ARKIT_NAMES)])
    change = np.concatenate([actions[[ARKIT_NAMES.index(_twin(name)) for name in ARKIT_NAMES]], turn * [-1, 1, -1]])
    source, warped, target = (picture[:, ::-1] for picture in (pair.source, pair.warped, pair.target))
    return Pair(source, warped, target, pair.guide[:, ::-1] * sign, change.astype(np.float32), pair.weight[:, ::-1])


def _twin(name: str) -> str:
    """The ARKit action of the other side, the same where there are no sides."""
    for side, other in (("Left", "Right"), ("Right", "Left")):
        if name.endswith(side):
            return name.removesuffix(side) + other
    return name


def save(path: Path, pair: Pair) -> None:
    """Write a pair as one small file."""
    jpegs = {name: np.frombuffer(_jpeg(getattr(pair, name)), np.uint8) for name in ("source", "warped", "target")}
    rest = {"guide": pair.guide.astype(np.float16), "weight": (pair.weight * 255).astype(np.uint8)}
    with whole(path) as part, part.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, change=pair.change, **jpegs, **rest)


def load(path: Path) -> Pair:
    """Read what `save` wrote."""
    with np.load(path, allow_pickle=False) as file:
        source, warped, target = (_picture(file[name]) for name in ("source", "warped", "target"))
        return Pair(
            source, warped, target, file["guide"].astype(np.float32), file["change"], file["weight"] / np.float32(255)
        )


def _picture(jpeg: Bytes) -> Bytes:
    return np.asarray(Image.open(io.BytesIO(jpeg.tobytes())))


def _jpeg(picture: Bytes) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=QUALITY, subsampling=0)
    return file.getvalue()
