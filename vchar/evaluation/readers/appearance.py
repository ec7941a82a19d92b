"""What 68 landmarks and the pixels around them say about a face: shape in eye distances, colour in CIELAB.

The same formulas serve every landmark source; which source placed the points decides whether a reading may
steer or score. Points follow the iBUG order: jaw 0-16, brows 17-26, nose 27-35, eyes 36-47, lips 48-67.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

SHAPE_NAMES = (
    "mouth_open",
    "mouth_width",
    "corner_lift",
    "smile",
    "lip_fullness",
    "eyes_open",
    "eye_size",
    "eye_tilt",
    "eye_spacing",
    "brow_height",
    "brow_tilt",
    "face_width",
    "jaw_width",
    "chin_length",
    "nose_width",
    "nose_length",
)
POSE_NAMES = ("yaw", "pitch", "roll")
COLOUR_NAMES = (
    "skin_tone",
    "skin_flush",
    "skin_detail",
    "light_side",
    "lip_colour",
    "eye_colour",
    "brow_weight",
    "eye_shadow",
    "hair_lightness",
    "hair_warmth",
    "hair_redness",
    "hair_detail",
    "hairline",
    "hair_length",
    "fringe",
    "beard",
    "moustache",
    "glasses",
    "backdrop",
    "backdrop_detail",
    "backdrop_warmth",
    "clothes",
    "warmth",
    "colourfulness",
    "contrast",
)
NAMES = SHAPE_NAMES + POSE_NAMES + COLOUR_NAMES


def lab(rgb: NDArray[np.uint8]) -> Array:
    """sRGB uint8 [H,W,3] -> CIELAB (D65) [H,W,3]."""
    x = rgb.astype(np.float32) / 255
    x = np.where(x > 0.04045, ((x + 0.055) / 1.055) ** 2.4, x / 12.92)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], np.float32)
    xyz = x @ to_xyz.T / np.array([0.9505, 1.0, 1.089], np.float32)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


@dataclass(frozen=True)
class Frame:
    """The face's own axes: origin between the eyes, x along them, one eye distance long."""

    origin: Array  # [2] pixels
    roll: float  # radians
    scale: float  # pixels per eye distance

    @classmethod
    def of(cls, points: Array) -> Frame:
        right, left = points[36:42].mean(0), points[42:48].mean(0)
        across = left - right
        return cls((left + right) / 2, float(np.arctan2(across[1], across[0])), float(np.linalg.norm(across)))

    @property
    def axes(self) -> Array:
        c, s = np.cos(self.roll), np.sin(self.roll)
        return np.array([[c, s], [-s, c]], np.float32)

    def local(self, points: Array) -> Array:
        """Pixels [N,2] -> face units."""
        return ((points - self.origin) @ self.axes.T / self.scale).astype(np.float32)

    def pixels(self, local: Array) -> Array:
        """Face units [N,2] -> pixels."""
        return (local * self.scale @ self.axes + self.origin).astype(np.float32)


def shape_readings(q: Array) -> dict[str, float]:
    """Landmarks [68,2] in face units -> SHAPE_NAMES."""

    def far(i: int, j: int) -> float:
        return float(np.linalg.norm(q[i] - q[j]))

    def apart(*pairs: tuple[int, int]) -> float:
        return float(np.mean([far(i, j) for i, j in pairs]))

    height, eye_width = far(27, 8), apart((36, 39), (42, 45))
    corner_lift = float(q[[51, 57, 62, 66], 1].mean() - q[[48, 54], 1].mean())
    return {
        "mouth_open": far(62, 66),
        "mouth_width": far(48, 54),
        "corner_lift": corner_lift,
        "smile": corner_lift + 0.6 * far(48, 54),
        "lip_fullness": far(51, 62) + far(66, 57),
        "eyes_open": apart((37, 41), (38, 40), (43, 47), (44, 46)) / eye_width,
        "eye_size": eye_width,
        "eye_tilt": float((q[39, 1] - q[36, 1] + q[42, 1] - q[45, 1]) / 2),
        "eye_spacing": far(39, 42) / far(36, 45),
        "brow_height": float(-q[17:27, 1].mean()),
        "brow_tilt": float(q[[20, 21, 22, 23], 1].mean() - q[[17, 18, 25, 26], 1].mean()),
        "face_width": far(1, 15) / height,
        "jaw_width": far(5, 11) / far(1, 15),
        "chin_length": far(57, 8) / height,
        "nose_width": far(31, 35),
        "nose_length": far(27, 33),
    }


def flat_pose_readings(q: Array, roll: float) -> dict[str, float]:
    """Landmarks [68,2] in face units -> POSE_NAMES from the picture plane alone."""
    right, left = float(np.linalg.norm(q[30] - q[2])), float(np.linalg.norm(q[30] - q[14]))
    nose = max(float(q[33, 1] - q[27, 1]), 0.1)
    return {"yaw": (right - left) / (right + left), "pitch": float(q[33, 1] - q[30, 1]) / nose, "roll": roll}


class Pixels:
    """Patches of a picture addressed in face units."""

    def __init__(self, image: NDArray[np.uint8], frame: Frame) -> None:
        self.lab, self.frame = lab(image), frame
        self.size = image.shape[0]

    def box(self, centre: Array, half_width: float, half_height: float) -> Array:
        """Lab block [h,w,3] around a point; never empty, clipped at the border."""
        x, y = self.frame.pixels(np.asarray(centre, np.float32)[None])[0]
        w, h = half_width * self.frame.scale, half_height * self.frame.scale
        x0, y0 = (int(np.clip(v, 0, self.size - 3)) for v in (x - w, y - h))
        x1, y1 = (int(np.clip(v, 3, self.size)) for v in (x + w, y + h))
        return self.lab[y0 : max(y1, y0 + 2), x0 : max(x1, x0 + 2)]

    def colour(self, centre: Array, half_width: float, half_height: float) -> Array:
        """Median Lab [3] around a point."""
        return np.median(self.box(centre, half_width, half_height).reshape(-1, 3), axis=0).astype(np.float32)

    def edges(self, centre: Array, half_width: float, half_height: float, rows: int) -> float:
        """Strength of the strongest horizontal edges: the mean of the `rows` rows with the largest L steps."""
        steps = np.abs(np.diff(self.box(centre, half_width, half_height)[..., 0], axis=0)).mean(1)
        return float(np.sort(steps)[-rows:].mean())


def _distance(a: Array, b: Array, lightness: float) -> Array:
    return np.linalg.norm((a - b) * np.array([lightness, 1, 1], np.float32), axis=-1)


def _detail(block: Array) -> float:
    """How restless the lightness of a Lab block is: its mean second difference, which slow shading lacks."""
    light = block[..., 0]
    return float(sum(np.abs(np.diff(light, n=2, axis=axis)).mean() for axis in (0, 1) if light.shape[axis] > 2))


def skin_readings(p: Pixels, q: Array) -> tuple[dict[str, float], Array]:
    """Skin, lips, light -> readings, and the Lab colour of the cheeks [3]."""
    right, left = (p.colour((q[a] + q[b]) / 2, 0.14, 0.14) for a, b in ((2, 31), (14, 35)))
    skin = ((right + left) / 2).astype(np.float32)
    lips = np.median([p.colour((q[57] + q[66]) / 2, 0.12, 0.03), p.colour((q[51] + q[62]) / 2, 0.12, 0.02)], axis=0)
    lids = np.mean([p.colour(q[i] - np.array([0, 0.06], np.float32), 0.12, 0.03) for i in (37, 44)], axis=0)
    patches = [p.box((q[2] + q[31]) / 2, 0.18, 0.18), p.box((q[14] + q[35]) / 2, 0.18, 0.18)]
    patches.append(p.box(np.array([0, -0.6], np.float32), 0.35, 0.12))
    return {
        "skin_tone": float(np.degrees(np.arctan2(skin[0] - 50, max(skin[2], 1.0)))),  # individual typology angle
        "skin_flush": float(skin[1]),
        "skin_detail": float(np.mean([_detail(b) for b in patches])),
        "light_side": float(right[0] - left[0]),
        "lip_colour": float(lips[1] - skin[1]),
        "eye_shadow": float(skin[0] - lids[0]),
    }, skin


def eye_readings(p: Pixels, q: Array, skin: Array) -> dict[str, float]:
    """Irises, brows and glasses."""
    blue = []
    for lids in ((37, 38, 40, 41), (43, 44, 46, 47)):
        iris = p.box(q[list(lids)].mean(0), 0.06, 0.045).reshape(-1, 3)
        middle = iris[np.argsort(iris[:, 0])][len(iris) // 5 : -max(len(iris) // 5, 1)]  # no pupil, no highlight
        blue.append(-float(middle[:, 2].mean()))
    dark = []
    for brow in ((18, 19, 20), (23, 24, 25)):
        block = p.box(q[list(brow)].mean(0), 0.2, 0.14)[..., 0]
        dark.append(float(np.maximum(skin[0] - 8 - block, 0).mean()))
    bridge = p.edges((q[39] + q[42]) / 2, 0.16, 0.21, rows=3)
    under = np.array([0, 0.24], np.float32)
    rims = [p.edges((q[i] + q[j]) / 2 + under, 0.2, 0.12, rows=2) for i, j in ((40, 41), (46, 47))]
    return {
        "eye_colour": float(np.mean(blue)),
        "brow_weight": float(np.mean(dark)),
        "glasses": bridge + float(np.mean(rims)),
    }


def hair_readings(p: Pixels, q: Array, skin: Array, backdrop: Array) -> dict[str, float]:
    """Hair above and beside the face, fringe, beard and moustache."""
    crown = np.array([0, -1.36], np.float32)
    hair = p.colour(crown, 0.4, 0.13)
    beside = [p.box(np.array([x, 1.05], np.float32), 0.22, 0.5).reshape(-1, 3) for x in (-1.2, 1.2)]
    sides = np.concatenate(beside)
    other = np.minimum(_distance(sides, backdrop, 0.6), _distance(sides, skin, 0.6))
    like_hair = 1 / (1 + np.exp(-(other - _distance(sides, hair, 0.6)) / 6))
    forehead, hairline = (p.colour(np.array([0, y], np.float32), 0.35, 0.1) for y in (-0.78, -1.1))
    chin = p.colour((q[57] + q[8]) / 2, 0.2, 0.1)
    jaw = [p.colour(q[a] * 0.75 + q[b] * 0.25, 0.1, 0.1) for a, b in ((5, 48), (11, 54))]
    moustache = p.colour(q[33] * 0.45 + q[51] * 0.55, 0.18, 0.05)
    return {
        "hair_lightness": float(hair[0]),
        "hair_warmth": float(hair[2]),
        "hair_redness": float(hair[1]),
        "hair_detail": _detail(p.box(crown, 0.6, 0.2)),
        "hairline": -float(_distance(hairline, skin, 0.7)),
        "hair_length": float(like_hair.mean()),
        "fringe": float(_distance(forehead, skin, 0.7)),
        "beard": float(skin[0] - 0.6 * chin[0] - 0.4 * np.mean([j[0] for j in jaw])),
        "moustache": float(skin[0] - moustache[0]),
    }


def scene_readings(p: Pixels) -> tuple[dict[str, float], Array]:
    """Backdrop and overall colour -> readings, and the Lab colour of the backdrop [3]."""
    edge, rows = max(2, int(0.14 * p.size)), int(0.35 * p.size)
    left, right = p.lab[:rows, :edge], p.lab[:rows, -edge:]
    both = np.concatenate([left.reshape(-1, 3), right.reshape(-1, 3)])
    low, side = int(0.92 * p.size), int(0.15 * p.size)
    return {
        "backdrop": float(both[:, 0].mean()),
        "backdrop_detail": _detail(left) + _detail(right),
        "backdrop_warmth": float(both[:, 2].mean()),
        "clothes": float(p.lab[low:, side:-side, 0].mean()),
        "warmth": float(p.lab[..., 2].mean()),
        "colourfulness": float(np.hypot(p.lab[..., 1], p.lab[..., 2]).mean()),
        "contrast": float(p.lab[..., 0].std()),
    }, np.median(both, axis=0)


def pixel_readings(image: NDArray[np.uint8], points: Array) -> dict[str, float]:
    """RGB [H,H,3] and landmarks [68,2] in pixels -> COLOUR_NAMES."""
    frame = Frame.of(points)
    pixels, q = Pixels(image, frame), frame.local(points)
    scene, backdrop = scene_readings(pixels)
    skin_values, skin = skin_readings(pixels, q)
    return skin_values | eye_readings(pixels, q, skin) | hair_readings(pixels, q, skin, backdrop) | scene
