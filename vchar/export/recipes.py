"""The recipe inside any file that vchar made."""

import json
import struct

from vchar.character import Character
from vchar.errors import VcharError
from vchar.export.png import MAX_BYTES, read_png

PNG, GLB = b"\x89PNG\r\n\x1a\n", b"glTF"  # how these files begin
HEADER = struct.Struct("<4sII I4s")  # glTF 2.0, 4.4: magic, version, length; length and type of the first chunk
KINDS = (".png", ".glb", ".json")


def read_file(data: bytes, name: str) -> Character:
    """The character in a PNG, GLB or JSON of ours; VcharError, calling it `name`, for any other file."""
    if data.startswith(PNG) or name.lower().endswith(".png"):
        return read_png(data)
    if data.startswith(GLB) or name.lower().endswith(".glb"):
        return read_glb(data)
    try:
        return Character.from_json(data.decode())
    except UnicodeDecodeError as error:
        raise VcharError(f"{name} is no recipe; choose a PNG, GLB or JSON file that vchar made.") from error


def read_glb(data: bytes) -> Character:
    """The character inside a GLB of ours; VcharError for any other file."""
    if len(data) > MAX_BYTES:
        size, limit = len(data) / 1e6, MAX_BYTES / 1e6
        raise VcharError(
            f"This file has {size:.0f} MB, and at most {limit:.0f} are read; choose a GLB that vchar made."
        )
    try:
        _, _, _, length, kind = HEADER.unpack_from(data)
        tree = json.loads(data[HEADER.size : HEADER.size + length])
        if kind != b"JSON" or not isinstance(tree, dict):
            raise ValueError("no glTF")
    except (struct.error, ValueError, RecursionError) as error:
        raise VcharError("This is not a readable GLB file; choose a GLB that vchar made.") from error
    asset = tree.get("asset")
    extras = asset.get("extras") if isinstance(asset, dict) else None
    recipe = extras.get("vchar") if isinstance(extras, dict) else None
    if not isinstance(recipe, dict):
        raise VcharError(
            "This GLB carries no vchar recipe (it wasn't made by vchar, or shows a photo); choose another."
        )
    return Character.from_json(json.dumps(recipe))
