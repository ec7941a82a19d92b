"""Portraits as PNG with their recipe inside; dropping one into the studio restores the character."""

import io
import struct
from pathlib import Path

from PIL import Image, PngImagePlugin, UnidentifiedImageError

from vchar.character import Character
from vchar.errors import VcharError
from vchar.export.provenance import licence_line, xmp_packet
from vchar.licence import Licence

MAX_BYTES = 20_000_000  # ten times our largest portrait
_RECIPE = "vchar"


def png_bytes(image: Image.Image, character: Character, licence: Licence) -> bytes:
    """The picture as PNG that carries the recipe, the licence and the AI mark (XMP)."""
    info = PngImagePlugin.PngInfo()
    info.add_itxt(_RECIPE, character.to_json())
    info.add_text("Software", "vchar")
    info.add_text("Source", "AI-generated")
    info.add_text("Copyright", licence_line(licence))
    info.add_itxt("Disclaimer", licence.text)
    info.add_itxt("XML:com.adobe.xmp", xmp_packet(character, licence))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def save_png(path: Path, image: Image.Image, character: Character, licence: Licence) -> None:
    """Write `png_bytes` to `path`, whole or not at all; VcharError when it can't be written."""
    data = png_bytes(image, character, licence)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise VcharError(f"Can't write {path} ({error.strerror}); choose another place.") from error


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
