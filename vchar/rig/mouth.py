"""The mouth's inside where the photo doesn't show it: teeth, tongue and cavity, in the photo's light."""

import numpy as np
from numpy.typing import NDArray

from vchar.rig.regions import around, blurred, grown
from vchar.rig.view import CAVITY, EYES, SKIN, TEETH, TONGUE, View

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

LIGHT_FROM = np.array([0.0, -0.45, -0.9])  # towards the light, camera axes
OPEN = 0.05  # inter-ocular distances around a point whose openness decides how much light falls in
FADE = {CAVITY: 0.016, TEETH: 0.08, TONGUE: 0.03}  # metres behind the lips at which the light has fallen to 1/e
FLOOR = {CAVITY: 0.12, TEETH: 0.6, TONGUE: 0.45}  # light that reaches the narrowest gap
ROUND, ROOT = 0.4, 0.15  # light that a tooth loses towards its neighbours and its root
SLIT = 0.016  # inter-ocular distances: lips nearer than about that show a dark seam, nothing behind it
NARROW = 0.25  # share of the surroundings that a slit fills
SEAM = np.array([0.30, 0.13, 0.12], np.float32)
WHITER = 1.2  # teeth against what the albedo of plain light says
GLOSS = {CAVITY: 0.0, TEETH: 0.22, TONGUE: 0.12}
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


def slits(target: View, iod: float) -> Mask:
    """Where [H,W] the lips are so near each other that nothing is seen between them."""
    out = np.zeros(target.mouth.shape, bool)
    at = around(target.mouth, round(3 * SLIT * iod) + 2)
    out[at] = target.mouth[at] & (blurred(target.mouth[at], SLIT * iod) < NARROW + 0.15)
    return out


def paint(picture: Floats, target: View, hidden: Mask, tint: Floats, teeth: Floats | None, iod: float) -> None:
    """Paint teeth, tongue and cavity where `hidden` [H,W], in place, with an edge of about a pixel.

    tint, teeth: [3] what albedo is multiplied by, and that of teeth if it is known.
    """
    if not hidden.any():
        return
    at = around(hidden, round(3 * OPEN * iod) + 2)
    colour = _shade(target, at, tint, teeth, iod)
    inside = target.mouth[at]
    soft = iod / 250
    weight = blurred(inside, soft)
    spread = blurred(colour * inside[..., None], soft) / np.maximum(weight, 1e-3)[..., None]
    blend = blurred(hidden[at], soft) * np.clip(2 * weight - 0.4, 0, 1)
    blend = np.where(grown(hidden[at], 2), blend, 0)[..., None]
    picture[at] = picture[at] * (1 - blend) + spread * blend


def _shade(target: View, at: tuple[slice, slice], tint: Floats, teeth: Floats | None, iod: float) -> Floats:
    """Colours [h,w,3] of the mouth's inside in a window."""
    part, depth, inside = target.part[at], target.raster.depth[at], target.mouth[at]
    values = target.spread(np.concatenate([target.head.albedo, target.normals], axis=1), at)
    albedo, normal = values[..., :3], values[..., 3:]
    normal = normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    normal = normal * np.where(normal[..., 2:] > 0, -1, 1)  # both sides are seen
    lips = depth[grown(inside, 3) & (part == SKIN)]
    behind = np.maximum(depth - (np.percentile(lips, 15) if len(lips) else depth[inside].min()) - 0.006, 0)
    openness = np.clip(1.5 * blurred(inside, OPEN * iod), 0, 1)
    fade, floor, gloss = (_by_part(part, table) for table in (FADE, FLOOR, GLOSS))
    reach = (floor + (1 - floor) * openness) * (0.35 + 0.65 * np.exp(-behind / fade))
    across, up = np.moveaxis(2 * target.uv(at) - 1, -1, 0)
    rounded = 1 - ROUND * np.abs(across) ** 6 - ROOT * np.clip(up, 0, 1) ** 2
    lit = np.where(part == TEETH, rounded, 1) * (0.7 + 0.3 * np.clip(normal @ LIGHT_FROM, 0, 1))
    half = LIGHT_FROM / np.linalg.norm(LIGHT_FROM) + np.array([0, 0, -1.0])
    shine = gloss * np.clip(normal @ (half / np.linalg.norm(half)), 0, 1) ** 40 * reach
    own = np.where((part == TEETH)[..., None], WHITER * tint if teeth is None else teeth, tint)
    colour = albedo * own * (reach * lit)[..., None] + shine[..., None] * tint
    ajar = np.clip((blurred(inside, SLIT * iod) - NARROW) / 0.4, 0, 1)[..., None]
    return (SEAM * tint * (1 - ajar) + colour * ajar).clip(0, 1).astype(np.float32)


def _by_part(part: NDArray[np.int8], table: dict[int, float]) -> Floats:
    out = np.ones(part.shape, np.float32)
    for number, value in table.items():
        out[part == number] = value
    return out
