"""Answers for the Stage and the Thumbnails: pictures as data, so that nothing is written on the server."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from PIL import Image

from vchar.character import Body, Character, Motion
from vchar.errors import VcharError
from vchar.export.sheet import label
from vchar.models.sliders import SliderSpec
from vchar.studio import Studio
from vchar.turning import name_of
from vchar.ui.photo import Photo

PREVIEW = 256  # px while a control moves
FULL = 1024  # px once it rests
THUMBNAIL = 192  # px of the variations
NOTICEABLE = 0.15  # sliders below this are not worth a word in a description

Answer = dict[str, Any]


def data_uri(image: Image.Image, quality: int = 88) -> str:
    """A JPEG for an `<img>`. JPEG, as it is the format that costs the least time per picture."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def clear_uri(image: Image.Image) -> str:
    """The same for a picture on clear ground."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=88, method=1)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def describe(character: Character, specs: Iterable[SliderSpec]) -> str:
    """The picture in words, for those who do not see it: "Portrait of Ada, seed 7. Age: older. Happy 80 %."."""
    who = (
        f"Portrait of {character.name}, seed {character.seed}" if character.name else f"Portrait, seed {character.seed}"
    )
    others = ", ".join(str(mix.seed) for mix in character.mixes)
    mixed = f"Mixed with seed {others}" if others else ""
    traits = [_trait(spec, character.sliders) for spec in specs]
    return ". ".join(filter(None, [who, *traits, mixed, *_acts(character)])) + "."


def _acts(character: Character) -> list[str]:
    """What was asked of the face: "Happy 80 %", "Looks 30° left"."""
    felt = [f"{label(name)} {100 * strength:.0f} %" for name, strength in character.expression.emotions.items()]
    looks = f"Looks {name_of(character.view.yaw)}".replace("Front", "straight ahead") if character.view else ""
    return [*felt, *filter(None, [looks])]


def _trait(spec: SliderSpec, sliders: Mapping[str, float]) -> str:
    value = sliders.get(spec.name, 0.0)
    if abs(value) < NOTICEABLE:
        return ""
    end = spec.high_label if value > 0 else spec.low_label
    return f"{spec.label}: {end.lower()}"


def picture(studio: Studio, character: Character, size: int = PREVIEW, photo: Photo | None = None) -> Answer:
    """The answer that puts `character`, or `photo` with its expression, on the stage; without a picture, the reason."""
    preview = size == PREVIEW
    try:
        if photo:
            sitter = photo.preview if preview else photo.full
            image = sitter.express(character.expression, view=character.view)
            alt = ". ".join(["Your photo", *_acts(character)]) + "."
        else:
            image, alt = studio.portrait(character, size), describe(character, studio.generator(character).sliders)
    except VcharError as error:
        return failed(error)
    return {
        "kind": "picture",
        "src": data_uri(image, 84 if preview else 94),
        "alt": alt,
        "code": character.to_code(),
        "photo": photo.key if photo else "",
        "size": size,
        "preview": preview,
    }


def portrayed(character: Character) -> Character:
    """The character without what its portrait doesn't show."""
    return replace(character, body=Body(), motion=Motion())


def recoded(character: Character, photo: Photo | None) -> Answer:
    """The answer that leaves the picture on the stage: only what lies beyond it has changed."""
    return {"kind": "recoded", "code": character.to_code(), "photo": photo.key if photo else ""}


def waiting(message: str, fraction: float | None = None) -> Answer:
    """`fraction` 0..1 where it is known; then the visitor may cancel too."""
    return {"kind": "waiting", "message": message, "fraction": fraction}


def asleep() -> Answer:
    """Nothing can be drawn before what draws it is awake: the stage asks for that."""
    return {"kind": "asleep"}


def failed(error: VcharError) -> Answer:
    return {"kind": "failed", "message": str(error)}


def thumbnail(studio: Studio, character: Character, size: int = THUMBNAIL, quality: int = 84) -> str:
    image = studio.portrait(character, PREVIEW)
    return data_uri(image.resize((size, size), Image.Resampling.LANCZOS), quality)
