"""What there is to wear, as cuts round the neutral body in its T-pose (metres from its hips; see vchar.rig.garment)."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vchar.errors import VcharError
from vchar.rig.creases import Crease, creased
from vchar.rig.garment import Cut, Floats

ARM, SHOULDER = 0.463, 0.178  # height of the arms; where sleeves are set in
LEG = 0.112  # how far the legs are from the middle
CHEST = 0.33  # below it nothing belongs to an arm
ANKLE, WELT = -0.867, -0.938  # where soles begin
OPEN = 0.05  # metres into a skirt that legs are still seen
SLOTS = ("top", "bottom", "shoes")


TOP_CREASES = (
    Crease((0.15, 0.40, 0.07), (0.07, 0.07, 0.06), (14, 12, 6), 0.0102),  # from the armpit, before and behind
    Crease((0.15, 0.40, -0.06), (0.06, 0.08, 0.06), (14, 10, -6), 0.0085),
    Crease((0.12, 0.02, 0.03), (0.14, 0.10, 0.14), (5, 16, 4), 0.0085),  # above the hem
    Crease((0.05, 0.16, -0.08), (0.12, 0.09, 0.08), (5, 15, 0), 0.0068),  # in the small of the back
    Crease((0.44, 0.46, 0.01), (0.08, 0.1, 0.1), (22, 6, 9), 0.0102),  # at the elbow
    Crease((0.60, 0.46, 0.01), (0.06, 0.1, 0.1), (26, 5, 5), 0.0085),  # above the cuff
    Crease((0.26, 0.46, 0.01), (0.07, 0.1, 0.1), (14, 9, 9), 0.0068),
)
LEG_CREASES = (
    Crease((0.05, -0.06, 0.10), (0.10, 0.05, 0.06), (7, 20, 6), 0.0085),  # from the crotch
    Crease((0.10, -0.10, -0.10), (0.10, 0.06, 0.06), (5, 18, 0), 0.0068),  # below the seat
    Crease((0.11, -0.42, -0.05), (0.10, 0.07, 0.06), (6, 22, 0), 0.0102),  # behind the knee
    Crease((0.11, -0.36, 0.05), (0.10, 0.08, 0.06), (8, 14, 0), 0.0051),
    Crease((0.11, -0.80, 0.01), (0.15, 0.06, 0.15), (7, 24, 5), 0.0102),  # stacked above the shoe
    Crease((0.17, -0.22, 0.00), (0.08, 0.14, 0.10), (12, 8, 0), 0.0051),
)
PATTERNS = ("plain", "stripes", "pinstripes", "checks", "two_tone")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def is_colour(text: object) -> bool:
    """Whether this is sRGB written like #4a6fa5."""
    return isinstance(text, str) and bool(_COLOUR.fullmatch(text))


@dataclass(frozen=True)
class Wear:
    """A garment that somebody chose.

    kind: in `KINDS`.  colour, second: sRGB such as #4a6fa5.  pattern: in `PATTERNS`, made of both colours.
    Raises VcharError for anything else.
    """

    kind: str
    colour: str = "#4a6fa5"
    pattern: str = "plain"
    second: str = "#f2efe8"

    def __post_init__(self) -> None:
        if not isinstance(self.kind, str) or self.kind not in KINDS:
            raise VcharError(f"There is no garment {self.kind!r}; choose from {', '.join(KINDS)}.")
        if not isinstance(self.pattern, str) or self.pattern not in PATTERNS:
            raise VcharError(f"There is no pattern {self.pattern!r}; choose from {', '.join(PATTERNS)}.")
        for colour in (self.colour, self.second):
            if not is_colour(colour):
                raise VcharError(f"A garment's colour looks like #4a6fa5, not {colour!r}.")


@dataclass(frozen=True)
class Kind:
    """A kind of garment: what users call it, where it is worn, how it's cut from which pattern."""

    label: str
    slot: str
    cut: Cut
    pattern: str = "tights"

    def hides(self, places: Floats) -> Floats:
        """How deep inside the garment places [N,3] round the neutral body lie (m); below zero outside."""
        return self.cut.region(places) - (OPEN if self.pattern == "skirt" else 0)


def _armhole(p: Floats) -> Floats:
    return np.minimum(np.abs(p[:, 0]) - SHOULDER, p[:, 1] - CHEST)


def _ramp(value: Floats, start: float, end: float) -> NDArray[np.float64]:
    """0 at `start`, 1 at `end`, smooth between."""
    share = np.clip((value - start) / (end - start), 0, 1)
    return share * share * (3 - 2 * share)


def top(hem: float, sleeve: float, neck: float, lift: float, blouse: float, thickness: float) -> Cut:
    """A top down to `hem`, with sleeves to `sleeve` and a neckline `neck` below the throat.

    lift: off the skin.  blouse: how much further at the belly and along the sleeves.
    """

    def region(p: Floats) -> Floats:
        x, y, _ = p.T
        return np.minimum.reduce([y - hem, np.where(y > CHEST, sleeve - np.abs(x), 1.0), below_neck(p)])

    def below_neck(p: Floats) -> Floats:
        scoop = neck * (1 - _ramp(np.abs(p[:, 0]), 0.045, 0.095))
        return 0.545 - scoop - 0.62 * p[:, 2] - p[:, 1]

    def away(p: Floats) -> Floats:
        x, y, _ = p.T
        belly = _ramp(CHEST - y, 0.0, 0.25) * _ramp(y, 0.6, 0.2)
        along = _ramp(np.abs(x), SHOULDER, SHOULDER + 0.12) * (y > CHEST)
        cuff = 1 - 1.6 * _ramp(np.abs(x), 0.55, 0.66)
        hugging = 0.35 + 0.65 * _ramp(below_neck(p), 0.0, 0.07)
        away = (lift + blouse * (belly + 0.6 * along * cuff)) * hugging
        return away + hugging * np.maximum(blouse / 0.01, 0.6) * creased(p, TOP_CREASES)

    def loose(p: Floats) -> Floats:
        return 1 - _ramp(p[:, 1], 0.42, 0.5) * (np.abs(p[:, 0]) < SHOULDER)

    return Cut(region, away, (_armhole,), loose, rounds=60, thickness=thickness)


def trousers(waist: float, end: float, lift: float, wide: float, thickness: float) -> Cut:
    """Trousers from `waist` down to `end`; wide: how much further off the skin they are at the ankles."""

    def region(p: Floats) -> Floats:
        return np.minimum(waist + 0.06 * p[:, 2] * -1 - p[:, 1], p[:, 1] - end)

    def away(p: Floats) -> Floats:
        return lift + wide * _ramp(-p[:, 1], 0.1, -ANKLE) + _ramp(-p[:, 1], -0.1, 0.02) * creased(p, LEG_CREASES)

    return Cut(region, away, (lambda p: p[:, 0],), rounds=40, thickness=thickness)


def skirt(waist: float, end: float, wide: float) -> Cut:
    """A skirt from `waist` down to `end`; close below a top's hem, and `wide` further away at its own."""

    def region(p: Floats) -> Floats:
        return np.minimum(waist - p[:, 1], p[:, 1] - end)

    def away(p: Floats) -> Floats:
        return -0.012 + (wide + 0.012) * _ramp(-p[:, 1], 0.03, -end) + 0.6 * creased(p, LEG_CREASES)

    return Cut(region, away, rounds=10)


def shoes(collar: float, lift: float, sole: float) -> Cut:
    """Shoes up to `collar`."""

    def region(p: Floats) -> Floats:
        return np.minimum(collar + 0.12 * np.maximum(p[:, 2] - 0.02, 0) - p[:, 1], p[:, 1] - WELT)

    def away(p: Floats) -> Floats:
        return lift * (0.6 + 0.4 * _ramp(collar - p[:, 1], 0, 0.03))

    return Cut(region, away, (), rounds=0, thickness=0.005, sole=sole)


KINDS = {
    "t_shirt": Kind("T-shirt", "top", top(-0.055, 0.37, 0.0, 0.009, 0.010, 0.003)),
    "long_sleeves": Kind("Long sleeves", "top", top(-0.055, 0.685, 0.0, 0.008, 0.007, 0.003)),
    "sweater": Kind("Sweater", "top", top(-0.07, 0.69, -0.015, 0.013, 0.014, 0.007)),
    "tank_top": Kind("Tank top", "top", top(-0.04, 0.165, 0.045, 0.007, 0.006, 0.003)),
    "trousers": Kind("Trousers", "bottom", trousers(0.11, -0.864, 0.006, 0.020, 0.003)),
    "jeans": Kind("Jeans", "bottom", trousers(0.09, -0.860, 0.005, 0.012, 0.004)),
    "shorts": Kind("Shorts", "bottom", trousers(0.10, -0.39, 0.007, 0.030, 0.004)),
    "skirt": Kind("Skirt", "bottom", skirt(0.11, -0.38, 0.035), "skirt"),
    "sneakers": Kind("Sneakers", "shoes", shoes(-0.850, 0.006, 0.013)),
    "boots": Kind("Boots", "shoes", shoes(-0.74, 0.008, 0.018)),
}
