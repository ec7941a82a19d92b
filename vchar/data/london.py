"""Reader of the Face Research Lab London Set (CC BY 4.0, DeBruine and Jones): photographs that measure, never train.

A template marks 189 points of a neutral face by hand (numbers as in the file, from 0). `landmarks` reads the 68 iBUG
points and the two pupils off it, by anatomy:

- jaw: the face's outline 109, 185, 110, 186, 111, 125 .. 129 (chin) at equal distances, and its mirror image;
- brows: the upper edge of the hair, 71 .. 75 from tail to head and 78 .. 82 back, at equal distances;
- nose: the middle between the two lines of the bridge (50 .. 54 and 56 .. 60), from pupil height to the tip at equal
  distances; 31 and 35 between the wing's base (64, 69) and the nostril's outer end (65, 70), 33 the columella (55),
  32 and 34 half-way;
- eyes: corners 18, 22, 23, 27, and each lid's edge at a third and two thirds of its length;
- outer lips: 87 .. 93 as they are, 57 the lower edge's middle (106); 55, 56, 58, 59 on that edge below 53, 52, 50, 49;
- inner lips: 61 .. 63 and 65 .. 67 on their edges at the places of 50 .. 52 along the mouth; 60 and 64 half-way
  between the mouth's corner and the next points of the inner edges (94 and 99, 98 and 103);
- 68 and 69: the pupils, 0 and 1.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.interpolate import CubicSpline

from vchar.data.brows import evenly
from vchar.errors import VcharError

TEMPLATE_WIDTH = 1350  # pixels of the photograph that the templates were marked on
Points = NDArray[np.float64]


@dataclass(frozen=True)
class LondonFace:
    """One person, twice."""

    name: str  # the person's number
    neutral: Image.Image  # RGB
    smile: Image.Image  # RGB
    landmarks: NDArray[np.float32]  # [70,2] pixels of `neutral`


def read_london(data: Path, limit: int | None = None) -> Iterator[LondonFace]:
    """The people of a zip that holds NAME_neutral.jpg, NAME_neutral.tem and NAME_smile.jpg, in the order of names.

    Raises VcharError where `data` is no such archive.
    """
    try:
        with zipfile.ZipFile(data) as archive:
            names = sorted(n.removesuffix("_neutral.tem") for n in archive.namelist() if n.endswith("_neutral.tem"))
            if not names:
                raise KeyError("no templates in it")
            for name in names[:limit]:
                yield _read(archive, name)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise VcharError(
            f"{data} is no archive like london_faces_dev.zip ({error}); give a zip of NAME_neutral.jpg, "
            "NAME_neutral.tem and NAME_smile.jpg."
        ) from error


def _read(archive: zipfile.ZipFile, name: str) -> LondonFace:
    neutral, smile = (_picture(archive, f"{name}_{mood}.jpg") for mood in ("neutral", "smile"))
    template = read_template(archive.read(f"{name}_neutral.tem").decode())
    points = landmarks(template) * (neutral.width / TEMPLATE_WIDTH)
    return LondonFace(name, neutral, smile, points.astype(np.float32))


def _picture(archive: zipfile.ZipFile, member: str) -> Image.Image:
    return Image.open(io.BytesIO(archive.read(member))).convert("RGB")


def read_template(text: str) -> Points:
    """The points [N,2] of a .tem file: their count, then x and y line by line; ValueError where it's damaged."""
    lines = text.split("\n")
    count = int(lines[0])
    points = np.array([line.split() for line in lines[1 : count + 1]], np.float64)
    if points.shape != (189, 2):
        raise ValueError(f"a template of shape {points.shape} instead of (189, 2)")
    return points


def landmarks(template: Points) -> Points:
    """189 template points [189,2] -> the 68 iBUG points and two pupils [70,2]."""
    t, points = template, np.empty((70, 2))
    points[0:9] = evenly(t[[109, 185, 110, 186, 111, 125, 126, 127, 128, 129]], 9)
    points[8:17] = evenly(t[[112, 187, 113, 188, 114, 133, 132, 131, 130, 129]], 9)[::-1]
    points[17:22], points[22:27] = _along(t[71:76], 5), _along(t[78:83], 5)
    points[27:36] = _nose(t)
    points[36:40], points[42:46] = _along(t[18:23], 4), _along(t[23:28], 4)
    points[[41, 40]] = _along(t[[18, 28, 29, 30, 22]], 4)[1:3]
    points[[47, 46]] = _along(t[[23, 31, 32, 33, 27]], 4)[1:3]
    points[48:68] = _mouth(t)
    points[68:70] = t[0:2]
    return points


def _nose(t: Points) -> Points:
    ridge = (t[50:55] + t[56:61]) / 2
    root = (ridge[0] + ridge[1]) / 2  # the bridge at pupil height
    bridge = evenly(np.vstack([root, ridge[1:]]), 4)
    right, left, base = (t[64] + t[65]) / 2, (t[69] + t[70]) / 2, t[55]
    return np.vstack([bridge, right, (right + base) / 2, base, (base + left) / 2, left])


def _mouth(t: Points) -> Points:
    mouth, axis = np.empty((20, 2)), t[93] - t[87]
    mouth[0:7] = t[87:94]
    mouth[[11, 10, 8, 7]] = _below(t[[87, 104, 105, 106, 107, 108, 93]], mouth[[1, 2, 4, 5]], axis)
    mouth[9] = t[106]
    mouth[12], mouth[16] = t[87] / 2 + (t[94] + t[99]) / 4, t[93] / 2 + (t[98] + t[103]) / 4
    mouth[13:16] = _below(t[[87, 94, 95, 96, 97, 98, 93]], mouth[2:5], axis)
    mouth[[19, 18, 17]] = _below(t[[87, 99, 100, 101, 102, 103, 93]], mouth[2:5], axis)
    return mouth


def _along(line: Points, count: int) -> Points:
    """`count` points at equal distances along the smooth curve through a line of points."""
    distance = np.concatenate([[0], np.linalg.norm(np.diff(line, axis=0), axis=1).cumsum()])
    return evenly(CubicSpline(distance, line)(np.linspace(0, distance[-1], 200)), count)


def _below(edge: Points, points: Points, axis: Points) -> Points:
    """Where an edge of the mouth, from corner to corner, has the same places along `axis` as the points."""
    places = points @ axis
    return np.column_stack([np.interp(places, edge @ axis, edge[:, k]) for k in (0, 1)])
