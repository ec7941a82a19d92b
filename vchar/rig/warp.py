"""A fitted portrait bent to another expression or turn: where the head's surface moves, the picture's pixels follow.

Each pixel of the new picture finds the surface point it shows, and through it the place in the photo that showed the
same point (backward flow). Hair and background follow smoothly; what the photo hid is filled in from around it; lids
and the mouth's inside are painted. Where nothing moves the photo stays as it is, to the bit.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.brows import with_stiff_brows
from vchar.rig.eyes import paint_eyes, read_eyes
from vchar.rig.fit import Fit, eye_distance
from vchar.rig.flow import diffuse, length, sample, soften_seams
from vchar.rig.folds import crease, read_light, relight
from vchar.rig.lids import find_lids, paint_lids
from vchar.rig.lips import find_rim, leave_rim
from vchar.rig.mouth import paint, read_tint, slits
from vchar.rig.regions import distance, shrunk
from vchar.rig.teeth import find_teeth
from vchar.rig.view import EYES, NOTHING, SKIN, TEETH, View

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

SAME_DEPTH = 0.004  # metres within which two surfaces are one
GRAZING = 0.2  # cosine below which a surface is seen too much from the side to be sampled
FOLLOWS = 0.6  # turn weight from which the neck counts as head
STILL = 0.05  # pixels: a flow below it is none
MOVING = 0.5  # pixels: a flow from which the surroundings follow
TEAR = 1.5  # pixels by which the flow of neighbours differs across a seam
REACH = 0.45  # inter-ocular distances that the surroundings of what moves follow it
EDGE = 0.03  # inter-ocular distances inside the head's outline where its colour mixes with the background's
LENDS, EAR = 0.04, 0.5  # inter-ocular distances that what a side lends is carried on beyond what shows of it
EAR_MOVES = 0.004  # metres by which wide ears move the vertices of an ear
MATCHED = 0.3  # by how much the light on the two sides of a head may differ
TRUST_BESIDE, TRUST_HIDDEN, TRUST_PAINTED = 0.6, 0.15, 0.1  # confidence beside the head, where hidden, where painted
TRUST_BORROWED = 0.3  # where the head's other side lends its colour


@dataclass(frozen=True)
class Edit:
    """picture [H,W,3] in 0..1; flow [H,W,2] backward, pixels; confidence [H,W] 0..1; mouth [H,W]: painted inside.

    view: the head as it now stands.
    """

    picture: Floats
    flow: Floats
    confidence: Floats
    mouth: Mask
    view: View


class WarpSource:
    """All that depends on the photo alone; good for any number of edits, from several threads."""

    def __init__(self, head: HeadModel, picture: NDArray, fit: Fit) -> None:
        """picture: [H,W,3] sRGB in 0..1; fit: how the head stands in it."""
        self.head, self.fit = with_stiff_brows(head), fit
        self.picture = np.ascontiguousarray(picture, np.float32)
        self.lids = find_lids(self.head)
        self.at_rest = self.head.shape(fit.phenotype, fit.local, fit.arkit)
        self.drop = np.zeros_like(self.at_rest)
        first = self._view(self.at_rest, fit.arkit)
        self.iod = eye_distance(first.screen[head.landmarks, :2])
        self.teeth = find_teeth(self.picture, first, self.iod)
        self.drop = self.teeth.drop
        self.view = self._view(self.at_rest, fit.arkit)
        depth = np.where(self.view.raster.face >= 0, self.view.raster.depth, 0)
        self.deepest = np.asarray(ndimage.maximum_filter(depth, 3), np.float32)  # tolerant by one pixel
        self.eyes = read_eyes(self.picture, self.view, self.iod)
        self.rim = find_rim(self.teeth.opening, self.iod)
        self.light = read_light(self.picture, self.view)
        self.tint = read_tint(self.picture, self.view)
        turn = self.view.spread(head.turn_weight[:, None])[..., 0]
        self.ears = ears(head)
        self.inside = shrunk(turn > FOLLOWS, max(1, round(EDGE * self.iod)))

    def edit(self, arkit: NDArray, yaw: float = 0, pitch: float = 0, roll: float = 0) -> Edit:
        """The portrait with ARKit weights [52] (0..1) and the head turned by degrees from where it is."""
        vertices = self.head.shape(self.fit.phenotype, self.fit.local, np.asarray(arkit, np.float32))
        turned = bool(yaw or pitch or roll)
        if turned:
            vertices = self.head.turn(vertices, yaw, pitch, roll)
        target = self._view(vertices, arkit)
        moved, seen, confidence = self._match(target)
        flow = self._fill(target, moved, seen, turned)
        picture = sample(self.picture, flow)
        if turned:
            self._borrow(picture, flow, confidence, target, seen)
        relight(picture, self.light, self.view, target)
        crease(picture, np.asarray(arkit) - self.fit.arkit, target, self.iod)
        paint_lids(picture, self.lids, self.view, target, self.iod)
        paint_eyes(picture, self.eyes, target, moved, self.iod, STILL)
        mouth = target.mouth & ~seen
        if (target.mouth != self.view.mouth).any():
            mouth |= slits(target, self.iod)
        paint(picture, target, mouth, self.tint, self.teeth.tint, self.iod)
        soften_seams(picture, flow, target.mouth, TEAR)
        confidence[mouth] = TRUST_PAINTED
        np.clip(picture, 0, 1, out=picture)
        return Edit(picture, flow, confidence, mouth, target)

    def hidden(self, yaw: float = 0, pitch: float = 0, roll: float = 0) -> float:
        """Share 0..1 of what shows of the head, turned by degrees from where it is, that the photo doesn't show."""
        target = self._view(self.head.turn(self.at_rest, yaw, pitch, roll), self.fit.arkit)
        confidence = self._match(target)[2]
        return float((confidence[target.part != NOTHING] <= TRUST_HIDDEN).mean())

    def _view(self, vertices: Floats, arkit: NDArray) -> View:
        out = float(arkit[ARKIT_NAMES.index("tongueOut")])
        return View(self.head, vertices + self.drop, self.fit.camera, *self.picture.shape[:2], tongue_out=out)

    def _match(self, target: View, at: NDArray | slice = slice(None)) -> tuple[Floats, Mask, Floats]:
        """Flow of the surface [H,W,2], where the photo shows it well [H,W], and confidence [H,W].

        `at`: the vertices [V] that are looked for in the photo, each vertex itself or its twin.
        """
        moved = self.view.screen[at, :2] - target.screen[:, :2]
        known = np.stack([self.view.screen[at, 2], self.view.facing[at], self.head.turn_weight], axis=1)
        values = target.spread(np.concatenate([moved, known], axis=1))
        flow, seen, confidence = _match(values, target.part, self.view.part, self.deepest, self.inside, self.teeth.seen)
        return flow, seen, confidence

    def _borrow(self, picture: Floats, flow: Floats, confidence: Floats, target: View, seen: Mask) -> None:
        """What the photo hides of the head's one side comes from its other side, in place, in the light around it."""
        head = target.spread(self.head.turn_weight[:, None])[..., 0] > FOLLOWS
        skin = head & (target.part == SKIN)
        hidden = skin & ~seen
        twin, found, _ = self._match(target, self.head.mirror)
        found &= skin
        if not (found & hidden).any():
            return
        twin = diffuse(np.where(found[..., None], twin, 0), found)
        ear = target.spread(self.ears)[..., 0] > 0.5
        lent = hidden & (distance(found) < np.where(ear, EAR, LENDS) * self.iod)
        both = seen & found
        twin[~(lent | both)] = 0
        other = sample(self.picture, twin)
        apart = diffuse(np.where(both[..., None], picture - other, 0), both)
        picture[lent] = (other + apart.clip(-MATCHED, MATCHED))[lent]
        flow[lent], confidence[lent] = twin[lent], TRUST_BORROWED

    def _fill(self, target: View, moved: Floats, seen: Mask, turned: bool) -> Floats:
        """Flow carried on into what is hidden and beside the head; it dies out within REACH of what moves."""
        beside = target.part == NOTHING
        if not turned:  # the neck's skin stretches under the chin
            beside |= target.spread(self.head.turn_weight[:, None])[..., 0] <= FOLLOWS
        skin = seen & ~beside & (target.part == SKIN)
        moving = skin & (length(moved) > MOVING)
        still = beside & ~_within(moving, REACH * self.iod)
        flow = diffuse(np.where(skin[..., None], moved, 0), still | skin)
        leave_rim(flow, self.rim, target)
        inside = seen & (target.part > SKIN)
        flow[inside] = moved[inside]
        flow[length(flow) < STILL] = 0
        return flow


def ears(head: HeadModel) -> Floats:
    """[V,1]: 1 on the ears, whose vertices are known by the changes of shape that move ears alone, else 0."""
    moves = [head.local_up[i] for i, name in enumerate(head.local_names) if "ear-wing-incr" in name]
    return (np.linalg.norm(np.sum(moves, 0), axis=1, keepdims=True) > EAR_MOVES).astype(np.float32)


def _within(mask: Mask, reach: float) -> Mask:
    """Pixels nearer than about `reach` to the mask's."""
    step = max(1, round(reach / 8))
    height, width = mask.shape
    small = np.zeros((-(-height // step), -(-width // step)), bool)
    ys, xs = np.nonzero(mask)
    small[ys // step, xs // step] = True
    near = distance(small) * step < reach if small.any() else small
    return near.repeat(step, 0).repeat(step, 1)[:height, :width]


@njit(cache=True)
def _match(
    values: Floats, part: NDArray[np.int8], source_part: NDArray[np.int8], deepest: Floats, inside: Mask, teeth: Mask
) -> tuple[Floats, Mask, Floats]:
    """For values [H,W,5] (move x, y, source depth, facing, turn weight): flow, seen, confidence."""
    height, width = part.shape
    flow, seen = np.zeros((height, width, 2), np.float32), np.zeros((height, width), np.bool_)
    confidence = np.full((height, width), np.float32(TRUST_BESIDE))
    for y in range(height):
        for x in range(width):
            if part[y, x] == NOTHING:
                continue
            confidence[y, x] = TRUST_HIDDEN
            dx, dy, depth, facing, turn = values[y, x]
            flow[y, x, 0], flow[y, x, 1] = dx, dy
            u, v = int(np.floor(x + 0.5 + dx)), int(np.floor(y + 0.5 + dy))
            if u < 0 or v < 0 or u >= width or v >= height or depth > deepest[v, u] + SAME_DEPTH:
                continue
            if part[y, x] == SKIN:
                seen[y, x] = facing > GRAZING and (inside[v, u] or turn < FOLLOWS)
                confidence[y, x] = min(max(1.5 * facing, TRUST_HIDDEN), 1.0)
            else:
                same = source_part[v, u] == part[y, x]
                if part[y, x] != EYES and dx * dx + dy * dy > STILL * STILL:  # the photo's mouth need not be the head's
                    same = part[y, x] == TEETH and teeth[v, u]
                seen[y, x] = same
                confidence[y, x] = 1.0 if seen[y, x] else TRUST_HIDDEN
    return flow, seen, confidence
