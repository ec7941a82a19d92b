"""The teeth that a photo shows: where they are, their colour, and how the head's own must move to meet them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.view import SKIN, TEETH, View

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

BRIGHT, PALE = 0.75, 0.4  # teeth against the median skin's light, and their chroma against their light
DARK = 0.35  # light in gaps between lips, against the median skin's
PALER = 0.25  # of what counts as teeth outside the fitted mouth's opening
INCISORS = 0.008  # metres either side of the middle
MIN_TEETH = 0.02  # inter-ocular distances of teeth in a column
DROP = (-0.006, 0.009)  # metres
ENAMEL = np.array([0.93, 0.89, 0.81])  # what the head's own teeth are painted with
UNLIT = 0.9  # what reaches teeth between the lips


@dataclass(frozen=True)
class PhotoTeeth:
    """seen, opening: [H,W] teeth, and all between the lips.  drop: [V,3] metres that bring the head's teeth there.

    tint: [3] by which the colour of the head's teeth is multiplied, None where the photo shows too few.
    """

    seen: Mask
    opening: Mask
    drop: Floats
    tint: Floats | None


def find_teeth(picture: Floats, view: View, iod: float) -> PhotoTeeth:
    """The teeth of a photo [H,W,3] in which the head stands as in `view`."""
    opening, lips = view.mouth, _lips(view)
    skin = picture[view.part == SKIN]
    light = float(np.median(skin.mean(1))) if len(skin) else 1.0
    seen = _enamel(picture, BRIGHT * light, np.where(opening, PALE, np.where(lips, PALER, 0)))
    gap = lips & (picture.mean(-1) < DARK * light)
    inside = picture[seen & opening]
    enough = len(inside) > (2 * MIN_TEETH * iod) ** 2
    tint = (np.median(inside, axis=0) / ENAMEL / UNLIT).astype(np.float32) if enough else None
    return PhotoTeeth(seen, opening | seen | gap, _drop(seen & opening, view, iod), tint)


def _enamel(picture: Floats, bright: float, pale: Floats) -> Mask:
    highest = picture.max(-1)
    return (picture.mean(-1) > bright) & (highest - picture.min(-1) < pale * highest)


def _lips(view: View) -> Mask:
    """Within the outline of the lips."""
    canvas = Image.new("1", (view.width, view.height))
    outline = view.screen[view.head.landmarks[48:60], :2]
    ImageDraw.Draw(canvas).polygon([(float(x), float(y)) for x, y in outline], fill=1)
    return np.array(canvas)


def _drop(seen: Mask, view: View, iod: float) -> Floats:
    """Down (or up) to where the photo's upper teeth end; where they reach the lower lip, there."""
    drop = np.zeros_like(view.vertices)
    teeth = _upper_teeth(view)
    front = view.screen[teeth & (np.abs(view.vertices[:, 0]) < INCISORS)]
    left, right = np.clip([front[:, 0].min(), front[:, 0].max()], 0, seen.shape[1]).astype(int)
    columns = seen[:, left:right]
    toothed = columns.sum(0) > MIN_TEETH * iod
    if not toothed.size or toothed.mean() < 0.5:
        return drop
    edge = np.median(len(columns) - columns[::-1, toothed].argmax(0))
    metres = (edge - front[:, 1].max()) * front[:, 2].mean() / view.camera.focal
    drop[teeth] = np.clip(metres, *DROP) * view.camera.rotation[1]
    return drop


def _upper_teeth(view: View) -> Mask:
    """[V] the vertices of teeth and gum that the jaw leaves where they are."""
    head = view.head
    teeth = np.zeros(len(head.mean), bool)
    teeth[head.faces[head.face_part == TEETH]] = True
    return teeth & (head.arkit[ARKIT_NAMES.index("jawOpen"), :, 1] < 0.005)
