"""Which sliders there are: what the artist sees of each, what it is measured by, and what may change along with it."""

from __future__ import annotations

from dataclasses import dataclass

from vchar.models.sliders import SliderSpec


@dataclass(frozen=True)
class Target:
    """One slider's training goal."""

    spec: SliderSpec
    companions: tuple[str, ...] = ()  # readings that rightly change with it; all others count as leakage
    new_person: bool = False  # the slider may make it another person


def _row(
    name: str,
    label: str,
    group: str,
    ends: str,
    companions: str = "",
    *,
    minimum: float = -1.0,
    new_person: bool = False,
    tooltip: str = "",
) -> Target:
    low, high = ends.split(" .. ")
    return Target(SliderSpec(name, label, group, low, high, minimum, tooltip), tuple(companions.split()), new_person)


TARGETS = (
    _row("age", "Age", "Age & gender", "Younger .. Older", "fringe skin_detail", new_person=True),
    _row(
        "gender",
        "Gender",
        "Age & gender",
        "Feminine .. Masculine",
        "beard moustache jaw_width brow_height brow_weight lip_colour hair_length eye_shadow skin_detail",
        new_person=True,
    ),
    _row(
        "skin_tone",
        "Skin tone",
        "Skin",
        "Darker .. Lighter",
        "skin_flush beard moustache fringe lip_colour colourfulness contrast eye_shadow brow_weight skin_detail",
    ),
    _row("skin_flush", "Skin flush", "Skin", "Pale .. Flushed", "lip_colour colourfulness skin_tone"),
    _row("face_width", "Face width", "Face shape", "Narrow .. Wide", "chin_length jaw_width nose_length"),
    _row("chin_length", "Chin length", "Face shape", "Short .. Long", "face_width jaw_width"),
    _row("eyes_open", "Eyes", "Eyes & brows", "Narrowed .. Wide open", "brow_height eye_size"),
    _row("brow_height", "Brow height", "Eyes & brows", "Lowered .. Raised", "eyes_open brow_tilt"),
    _row("nose_width", "Nose width", "Nose & mouth", "Narrow .. Wide"),
    _row("nose_length", "Nose length", "Nose & mouth", "Short .. Long", "pitch"),
    _row("lip_fullness", "Lip fullness", "Nose & mouth", "Thin .. Full", "mouth_open"),
    _row("lip_colour", "Lip colour", "Nose & mouth", "Natural .. Painted"),
    _row(
        "smile",
        "Smile",
        "Nose & mouth",
        "Serious .. Smiling",
        "corner_lift mouth_width mouth_open lip_fullness nose_width eyes_open",
    ),
    _row("mouth_open", "Mouth", "Nose & mouth", "Closed .. Open", "lip_fullness chin_length corner_lift"),
    _row(
        "hair_lightness",
        "Hair lightness",
        "Hair & beard",
        "Dark .. Blonde",
        "hair_warmth contrast colourfulness",
    ),
    _row("hair_warmth", "Hair warmth", "Hair & beard", "Ashen .. Golden", "colourfulness hair_lightness warmth"),
    _row("hair_length", "Hair length", "Hair & beard", "Short .. Long", "fringe"),
    _row("fringe", "Fringe", "Hair & beard", "Bare forehead .. Fringe", "hair_lightness"),
    _row("beard", "Beard", "Hair & beard", "Shaven .. Bearded", "moustache"),
    _row("glasses", "Glasses", "Look & light", "None .. Glasses", "eye_shadow", minimum=0.0),
    _row(
        "yaw",
        "Head turn",
        "Look & light",
        "Left .. Right",
        "face_width jaw_width nose_width chin_length light_side roll eye_spacing eye_size",
    ),
    _row(
        "pitch",
        "Head tilt",
        "Look & light",
        "Down .. Up",
        "nose_length chin_length brow_height face_width corner_lift eyes_open",
    ),
    _row("light_side", "Light from the side", "Look & light", "Right .. Left", "contrast"),
    _row("backdrop", "Backdrop", "Look & light", "Dark .. Bright", "contrast"),
    _row(
        "colourfulness",
        "Colour",
        "Look & light",
        "Muted .. Vivid",
        "skin_flush hair_warmth skin_tone lip_colour warmth",
    ),
)
