"""Portraits as PNG: what is inside, and what is refused when one comes back."""

import io
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image, PngImagePlugin

from vchar.character import Character, Mix
from vchar.errors import VcharError
from vchar.export.png import MAX_BYTES, png_bytes, read_png, save_png
from vchar.licence import Licence

HERO = Character(seed=5, sliders={"age": 0.25}, mixes=(Mix(3, 0.5, 0.5),), name="Zoë <&> Co")
LICENCE = Licence("Test Model", "for <tests> & nothing else", "The whole lineage.")
PICTURE = Image.new("RGB", (64, 64), (200, 150, 120))


def png(**text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for key, value in text.items():
        info.add_itxt(key, value)
    buffer = io.BytesIO()
    PICTURE.save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def test_png_carries_the_recipe_and_the_pixels() -> None:
    data = png_bytes(PICTURE, HERO, LICENCE)
    assert read_png(data) == HERO
    assert Image.open(io.BytesIO(data)).convert("RGB").tobytes() == PICTURE.tobytes()


def test_png_is_marked_as_ai_made_in_valid_xmp_with_its_licence() -> None:
    image = Image.open(io.BytesIO(png_bytes(PICTURE, HERO, LICENCE)))
    xmp = ElementTree.fromstring(image.info["XML:com.adobe.xmp"].encode())
    description = xmp.find(".//{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description")
    assert description is not None
    source_type = description.get("{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType")
    assert source_type == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    text = "".join(xmp.itertext())
    assert "for <tests> & nothing else" in text
    assert "Zoë <&> Co" in text
    assert "for <tests> & nothing else" in image.info["Copyright"]
    assert image.info["Disclaimer"] == "The whole lineage."


def test_same_recipe_gives_the_same_file() -> None:
    assert png_bytes(PICTURE, HERO, LICENCE) == png_bytes(PICTURE.copy(), HERO, LICENCE)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a readable PNG"),
        (b"MZ not a picture, but named .png", "not a readable PNG"),
        (png()[:30], "not a readable PNG"),
        (png(), "no vchar recipe"),
        (png(vchar="{}"), "not a vchar recipe"),
        (png(vchar='{"vchar": 9}'), "newer vchar"),
        (png(vchar='{"vchar": 1, "hat": 1}'), "keys that vchar doesn't know"),
        (b"\x89PNG" + bytes(MAX_BYTES), "at most 20 are read"),
    ],
)
def test_foreign_files_are_refused_in_one_sentence(data: bytes, message: str) -> None:
    with pytest.raises(VcharError, match=message):
        read_png(data)


def test_jpeg_named_png_is_refused() -> None:
    buffer = io.BytesIO()
    PICTURE.save(buffer, "JPEG")
    with pytest.raises(VcharError, match="not a readable PNG"):
        read_png(buffer.getvalue())


def test_saving_where_it_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "hero.png").mkdir()
    with pytest.raises(VcharError, match="choose another place"):
        save_png(tmp_path / "hero.png", PICTURE, HERO, LICENCE)
    assert [p.name for p in tmp_path.iterdir()] == ["hero.png"]
