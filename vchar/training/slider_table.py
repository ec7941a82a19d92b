"""Which sliders there are. Each is to raise the reading of its own name, and no other but its companions."""

from __future__ import annotations

from vchar.models.sliders import SliderSpec


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
) -> SliderSpec:
    low, high = ends.split(" .. ")
    return SliderSpec(name, label, group, low, high, minimum, tooltip, tuple(companions.split()), new_person)


_LIGHT = "contrast colourfulness"
_SKIN = "skin_flush skin_detail beard moustache fringe hairline lip_colour eye_shadow brow_weight"
_MOUTH = "smile corner_lift mouth_width mouth_open lip_fullness chin_length"
_TURN = "face_width jaw_width nose_width chin_length light_side roll eye_spacing eye_size eye_tilt mouth_width"

TARGETS = (
    _row("age", "Age", "Age & gender", "Younger .. Older", "fringe hairline skin_detail hair_detail", new_person=True),
    _row(
        "gender",
        "Gender",
        "Age & gender",
        "Feminine .. Masculine",
        "beard moustache jaw_width brow_height brow_weight brow_tilt lip_colour lip_fullness hair_length eye_shadow "
        "skin_detail",
        new_person=True,
    ),
    _row("skin_tone", "Skin tone", "Skin", "Darker .. Lighter", f"{_SKIN} {_LIGHT} warmth"),
    _row("skin_flush", "Skin flush", "Skin", "Pale .. Flushed", "lip_colour colourfulness skin_tone warmth"),
    _row("skin_detail", "Skin texture", "Skin", "Smooth .. Rugged", "age beard moustache contrast hair_detail"),
    _row("face_width", "Face width", "Face shape", "Narrow .. Wide", "chin_length jaw_width nose_length"),
    _row("chin_length", "Chin length", "Face shape", "Short .. Long", "face_width jaw_width"),
    _row("eyes_open", "Eyelids", "Eyes & brows", "Narrowed .. Wide open", "brow_height eye_size"),
    _row("eye_colour", "Eye colour", "Eyes & brows", "Brown .. Blue"),
    _row("brow_height", "Brow height", "Eyes & brows", "Lowered .. Raised", "eyes_open brow_tilt"),
    _row("brow_weight", "Brow weight", "Eyes & brows", "Fine .. Heavy", "eye_shadow contrast"),
    _row("nose_width", "Nose width", "Nose & mouth", "Narrow .. Wide"),
    _row("nose_length", "Nose length", "Nose & mouth", "Short .. Long", "pitch"),
    _row("lip_fullness", "Lip fullness", "Nose & mouth", "Thin .. Full", "mouth_open"),
    _row("lip_colour", "Lip colour", "Nose & mouth", "Natural .. Painted"),
    _row("smile", "Smile", "Nose & mouth", "Serious .. Smiling", f"{_MOUTH} nose_width eyes_open"),
    _row("mouth_open", "Mouth", "Nose & mouth", "Closed .. Open", _MOUTH),
    _row(
        "hair_lightness",
        "Hair lightness",
        "Hair & beard",
        "Dark .. Blonde",
        f"hair_warmth hair_detail hairline {_LIGHT}",
    ),
    _row(
        "hair_warmth",
        "Hair warmth",
        "Hair & beard",
        "Cool .. Golden",
        "colourfulness hair_lightness hair_redness warmth",
    ),
    _row("hair_length", "Hair length", "Hair & beard", "Short .. Long", "fringe"),
    _row("hair_detail", "Hair texture", "Hair & beard", "Sleek .. Tousled", "hair_lightness contrast hairline fringe"),
    _row("fringe", "Fringe", "Hair & beard", "Bare forehead .. Fringe", "hair_lightness hairline"),
    _row("beard", "Beard", "Hair & beard", "Shaven .. Bearded", "moustache skin_detail"),
    _row("glasses", "Glasses", "Look & light", "None .. Glasses", "eye_shadow", minimum=0.0),
    _row("yaw", "Head turn", "Look & light", "Left .. Right", _TURN),
    _row(
        "pitch",
        "Head tilt",
        "Look & light",
        "Down .. Up",
        "nose_length chin_length brow_height face_width jaw_width corner_lift smile eyes_open",
    ),
    _row("light_side", "Side light", "Look & light", "From the right .. From the left", "contrast"),
    _row(
        "warmth", "Light colour", "Look & light", "Cool .. Warm", "colourfulness hair_warmth backdrop_warmth skin_tone"
    ),
    _row(
        "colourfulness",
        "Colour",
        "Look & light",
        "Muted .. Vivid",
        "skin_flush hair_warmth hair_redness skin_tone lip_colour warmth backdrop_warmth",
    ),
    _row("backdrop", "Backdrop", "Look & light", "Dark .. Bright", "contrast backdrop_detail backdrop_warmth"),
    _row("clothes", "Clothes", "Look & light", "Dark .. Bright", "contrast"),
)

# Made and measured like the others, then looked at and left out: lips barely change, a narrow nose brings a fringe.
LEFT_OUT = ("lip_fullness", "nose_width")
