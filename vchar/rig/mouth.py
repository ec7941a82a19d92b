"""The mouth's inside where the photo doesn't show it: teeth, tongue and cavity, in the photo's light."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.view import CAVITY, EYES, SKIN, TEETH, TONGUE, View

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

LIGHT_FROM = np.array([0.0, -0.45, -0.9])  # towards the light, camera axes
OPEN = 0.05  # inter-ocular distances around a point whose openness decides how much light falls in
FADE = {CAVITY: 0.016, TEETH: 0.04, TONGUE: 0.02}  # metres behind the lips at which the light has fallen to 1/e
FLOOR = {CAVITY: 0.12, TEETH: 0.55, TONGUE: 0.30}  # light that reaches the narrowest gap
GLOSS = {CAVITY: 0.0, TEETH: 0.22, TONGUE: 0.12}
BRIGHT, PALE = 0.75, 0.4  # teeth against the median skin's light, and their chroma against their light
INCISORS = 0.008  # metres either side of the middle
MIN_TEETH = 0.02  # inter-ocular distances of teeth in a column
DROP = (-0.004, 0.009)  # metres
SCLERA = np.array([0.82, 0.78, 0.76])  # of the plain light that albedo is meant for


def read_tint(picture: Floats, view: View) -> Floats:
    """The photo's light [3], by which albedo is multiplied: how bright skin is, and the colour of the eyes' white."""
    skin = picture[(view.part == SKIN)]
    eyes = picture[view.part == EYES]
    bright = np.percentile(skin.mean(1), 75) if len(skin) else 0.6
    if len(eyes) < 12:
        return np.full(3, 1.3 * bright, np.float32).clip(0.2, 1.05)
    white = eyes[eyes.mean(1) >= np.percentile(eyes.mean(1), 80)].mean(0)
    cast = white / max(float(white.mean()), 1e-3)
    level = 0.5 * white.mean() / SCLERA.mean() + 0.5 * 1.3 * bright
    return (level * (0.5 + 0.5 * cast)).clip(0.2, 1.05).astype(np.float32)


def tooth_like(picture: Floats, view: View) -> Mask:
    """Where the photo [H,W,3] shows teeth between the lips [H,W]: bright, and of little colour."""
    inside = view.part > SKIN
    inside &= view.part != EYES
    found = np.zeros(inside.shape, bool)
    if inside.any():
        colour = picture[inside]
        light, chroma = colour.mean(1), np.ptp(colour, axis=1)
        skin = np.median(picture[view.part == SKIN].mean(1))
        found[inside] = (light > BRIGHT * skin) & (chroma < PALE * colour.max(1))
    return found


def teeth_drop(picture: Floats, view: View, iod: float) -> Floats:
    """How far the upper teeth [V,3] must move, in head axes, for their edge to lie where the photo shows it."""
    drop = np.zeros_like(view.vertices)
    teeth = _upper_teeth(view)
    found, inside = tooth_like(picture, view), (view.part > SKIN) & (view.part != EYES)
    middle = np.abs(view.vertices[:, 0]) < INCISORS
    front = view.screen[teeth & middle]
    columns = slice(*np.clip(front[:, 0].round().astype(int)[[front[:, 0].argmin(), front[:, 0].argmax()]], 0, None))
    seen = found[:, columns]
    some = seen.sum(0) > MIN_TEETH * iod
    if some.mean() < 0.5 if some.size else True:
        return drop
    rows = np.arange(len(seen))[:, None]
    edge = np.median(np.where(seen, rows, -1).max(0)[some]) + 1
    lip = np.median(np.where(inside[:, columns], rows, -1).max(0)[some]) + 1
    pixels = edge - front[:, 1].max()
    if edge > lip - 0.01 * iod:  # the lower lip hides the edge
        pixels = max(pixels, 0.0)
    metres = np.clip(pixels * front[:, 2].mean() / view.camera.focal, *DROP)
    drop[teeth] = metres * view.camera.rotation[1]
    return drop


def _upper_teeth(view: View) -> Mask:
    head = view.head
    teeth = np.zeros(len(head.mean), bool)
    teeth[head.faces[head.face_part == TEETH]] = True
    return teeth & (head.arkit[ARKIT_NAMES.index("jawOpen"), :, 1] < 0.005)


def paint(picture: Floats, target: View, hidden: Mask, tint: Floats, iod: float) -> None:
    """Paint teeth, tongue and cavity where `hidden` [H,W], in place, with an edge of about a pixel."""
    if not hidden.any():
        return
    rows, columns = ndimage.find_objects(hidden.astype(np.int8))[0]
    margin = int(3 * OPEN * iod) + 2
    at = (
        slice(max(rows.start - margin, 0), rows.stop + margin),
        slice(max(columns.start - margin, 0), columns.stop + margin),
    )
    colour, inside = _shade(target, at, tint, iod)
    soft = iod / 250
    weight = ndimage.gaussian_filter(inside.astype(np.float32), soft)
    spread = ndimage.gaussian_filter(colour * inside[..., None], (soft, soft, 0)) / np.maximum(weight, 1e-3)[..., None]
    blend = ndimage.gaussian_filter(hidden[at].astype(np.float32), soft) * np.clip(2 * weight - 0.4, 0, 1)
    blend = np.where(ndimage.binary_dilation(hidden[at], iterations=2), blend, 0)[..., None]
    picture[at] = picture[at] * (1 - blend) + spread * blend


def _shade(target: View, at: tuple[slice, slice], tint: Floats, iod: float) -> tuple[Floats, Mask]:
    """Colours [h,w,3] of the mouth's inside in a window, and where it is."""
    part, depth = target.part[at], target.raster.depth[at]
    inside = (part == CAVITY) | (part == TEETH) | (part == TONGUE)
    values = target.spread(np.concatenate([target.head.albedo, target.normals], axis=1), at)
    albedo, normal = values[..., :3], values[..., 3:]
    normal = normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    normal = normal * np.where(normal[..., 2:] > 0, -1, 1)  # both sides are seen
    lips = depth[ndimage.binary_dilation(inside, iterations=3) & (part == SKIN)]
    behind = np.maximum(depth - (np.percentile(lips, 15) if len(lips) else depth[inside].min()) - 0.006, 0)
    openness = np.clip(1.5 * ndimage.gaussian_filter(inside.astype(np.float32), OPEN * iod), 0, 1)
    fade, floor, gloss = (_by_part(part, table) for table in (FADE, FLOOR, GLOSS))
    reach = (floor + (1 - floor) * openness) * (0.35 + 0.65 * np.exp(-behind / fade))
    lit = 0.6 + 0.4 * np.clip(normal @ LIGHT_FROM, 0, 1)
    half = LIGHT_FROM / np.linalg.norm(LIGHT_FROM) + np.array([0, 0, -1.0])
    shine = gloss * np.clip(normal @ (half / np.linalg.norm(half)), 0, 1) ** 40 * reach
    colour = albedo * tint * (reach * lit)[..., None] + shine[..., None] * tint
    return colour.clip(0, 1).astype(np.float32), inside


def _by_part(part: NDArray[np.int8], table: dict[int, float]) -> Floats:
    out = np.ones(part.shape, np.float32)
    for number, value in table.items():
        out[part == number] = value
    return out
