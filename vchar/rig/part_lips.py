"""Inner lips set on the edges of the teeth that a photo shows; a landmark network tends to close smiling mouths."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

COLUMNS = ((50, 61, 67, 58), (51, 62, 66, 57), (52, 63, 65, 56))  # outer upper, inner upper, inner lower, outer lower
STEPS = 64  # samples from the upper lip's edge downwards
BEYOND = 1.2  # lengths of the mouth that are looked along
BRIGHT, PALE = 0.62, 0.72  # teeth against skin: light, and share of colour
LEAST = 0.035  # eye distances of teeth that count
SHADE = 0.02  # eye distances of gum and shadow between teeth and either lip
THICK = 0.10  # eye distances of the lower lip below an opened mouth


def part_lips(picture: NDArray, points: NDArray) -> Floats:
    """Landmarks [70,2] of a face in a picture [H,W,3] (0..1), with the inner lips moved apart to where teeth end.

    Where two of three columns of the mouth show no teeth the landmarks are returned as they are.
    """
    points = np.array(points, np.float32)
    unit = float(np.linalg.norm(points[36:42].mean(0) - points[42:48].mean(0)))
    skin = _colours(picture, (points[[31, 35, 33]] + points[[2, 14, 33]]) / 2).mean(0)
    found = {column: _teeth(picture, points, column, skin, unit) for column in COLUMNS}
    if sum(span is not None for span in found.values()) < 2:
        return points
    for (_, upper, lower, outer), span in found.items():
        if span is None:
            continue
        down = points[outer] - points[upper]
        down = down / max(float(np.linalg.norm(down)), 1e-3)
        points[upper], points[lower] = span
        points[outer] += down * max(THICK * unit - float((points[outer] - points[lower]) @ down), 0)
    return points


def _teeth(
    picture: NDArray, points: Floats, column: tuple[int, int, int, int], skin: Floats, unit: float
) -> tuple[Floats, Floats] | None:
    """Both ends of the longest run of teeth down a column of the mouth, None where it is too short."""
    start, stop = points[column[0]], points[column[3]]
    line = start + np.linspace(0, BEYOND, STEPS)[:, None] * (stop - start)
    colours = _colours(picture, line)
    pale = _colourfulness(colours) < PALE * _colourfulness(skin[None])
    teeth = pale & (colours.mean(1) > BRIGHT * skin.mean())
    edges = np.flatnonzero(np.diff(np.concatenate([[False], teeth, [False]])))
    runs = edges.reshape(-1, 2)
    if not len(runs):
        return None
    first, last = runs[np.argmax(runs[:, 1] - runs[:, 0])]
    upper, lower = line[first], line[last - 1]
    length = float(np.linalg.norm(lower - upper))
    if length < LEAST * unit:
        return None
    shade = (lower - upper) * (SHADE * unit / length)
    return upper - shade, lower + shade


def _colours(picture: NDArray, places: NDArray) -> Floats:
    height, width = picture.shape[:2]
    x, y = np.clip(places.astype(int), 0, [width - 1, height - 1]).T
    return np.asarray(picture[y, x], np.float32)


def _colourfulness(colours: Floats) -> Floats:
    return np.ptp(colours, axis=1) / np.maximum(colours.max(1), 1e-3)
