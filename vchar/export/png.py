"""Portraits as PNG with their recipe inside; dropping one into the studio restores the character."""

import io
import struct

from PIL import Image, PngImagePlugin, UnidentifiedImageError

from vchar.character import Character
from vchar.errors import VcharError
from vchar.export.provenance import rights_line, xmp_packet
from vchar.licence import Licence

MAX_BYTES = 20_000_000  # ten times our largest portrait
_RECIPE = "vchar"


def png_bytes(image: Image.Image, character: Character, licence: Licence) -> bytes:
    """The picture as PNG that carries the recipe, the licence and the AI mark (XMP)."""
    info = _marked(title_of(character), licence)
    info.add_itxt(_RECIPE, character.to_json())
    return _encode(image, info)


def photo_png_bytes(image: Image.Image) -> bytes:
    """A visitor's edited photo as PNG that says it was edited by AI; no recipe, and nothing else of the visitor's."""
    return _encode(image, _marked(title_of(None), None))


def title_of(character: Character | None) -> str:
    """What a file is called inside; None is a visitor's photo, whose name is nobody's business."""
    return character.name or f"Face {character.seed}" if character else "Edited photo"


def _marked(title: str, licence: Licence | None) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", "vchar")
    info.add_text("Source", "AI-generated" if licence else "AI-edited photo")
    info.add_text("Copyright", rights_line(licence))
    if licence:
        info.add_itxt("Disclaimer", licence.text)
    info.add_itxt("XML:com.adobe.xmp", xmp_packet(title, licence))
    return info


def _encode(image: Image.Image, info: PngImagePlugin.PngInfo) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def read_png(data: bytes) -> Character:
    """The character inside a PNG of ours; VcharError for any other file."""
    if len(data) > MAX_BYTES:
        size, limit = len(data) / 1e6, MAX_BYTES / 1e6
        raise VcharError(
            f"This file has {size:.0f} MB, and at most {limit:.0f} are read; choose a PNG that vchar made."
        )
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            recipe = image.info.get(_RECIPE)
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        struct.error,
        Image.DecompressionBombError,
    ) as error:
        raise VcharError("This is not a readable PNG picture; choose a PNG that vchar made.") from error
    if not isinstance(recipe, str):
        raise VcharError(
            "This PNG carries no vchar recipe (it wasn't made by vchar, or was edited since); choose another."
        )
    return Character.from_json(recipe)
