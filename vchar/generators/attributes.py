"""The named sliders of the Studio generator: what may be asked of the people that it makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vchar.models.sliders import SliderSpec
from vchar.models.studio_face import UNTOLD

SLIDERS = tuple(
    SliderSpec(*row)
    for row in (
        ("skin_tone", "Skin tone", "Skin", "Darker", "Lighter"),
        ("face_width", "Face width", "Face shape", "Narrow", "Wide"),
        ("jaw_width", "Jaw width", "Face shape", "Narrow", "Wide"),
        ("chin_length", "Chin length", "Face shape", "Short", "Long"),
        ("eye_size", "Eye size", "Eyes & brows", "Small", "Large"),
        ("eye_spacing", "Eye spacing", "Eyes & brows", "Close", "Wide apart"),
        ("eye_lightness", "Eye lightness", "Eyes & brows", "Dark", "Light"),
        ("brow_height", "Brow height", "Eyes & brows", "Low", "High"),
        ("nose_width", "Nose width", "Nose & mouth", "Narrow", "Wide"),
        ("nose_length", "Nose length", "Nose & mouth", "Short", "Long"),
        ("mouth_width", "Mouth width", "Nose & mouth", "Narrow", "Wide"),
        ("lip_fullness", "Lips", "Nose & mouth", "Thin", "Full"),
        ("hair", "Hair", "Hair & beard", "None", "Hair"),
        ("hair_lightness", "Hair lightness", "Hair & beard", "Dark", "Blonde"),
        ("glasses", "Glasses", "Look & light", "None", "Glasses"),
        ("cap", "Cap", "Look & light", "None", "Cap"),
        ("backdrop", "Backdrop", "Look & light", "Dark", "Bright"),
    )
)
FAR = 2.0  # units of spread from the mean to either end of a slider
EITHER = ("hair", "glasses", "cap")  # conditions that are so (1) or not (0)


Units = Mapping[str, tuple[float, float]]  # mean and spread by condition


def sliders_of(units: Units) -> tuple[SliderSpec, ...]:
    """The sliders of a generator that learnt from such pictures: photos and drawings don't tell all about people."""
    return tuple(spec for spec in SLIDERS if units.get(spec.name, (0.0, UNTOLD))[1] < UNTOLD)


def end_of(name: str, value: float, units: Units) -> float:
    """What the end of a slider asks for to which `value` goes."""
    if name in EITHER:
        return float(value > 0)
    mean, spread = units[name]
    return mean + (FAR if value > 0 else -FAR) * spread


def units_of(conditions: Iterable[str], mean: Iterable[float], spread: Iterable[float]) -> Units:
    """Mean and spread by name."""
    return dict(zip(conditions, zip(mean, spread, strict=True), strict=True))
