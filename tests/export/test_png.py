"""Portraits as PNG: what is inside, and what is refused when one comes back."""

import io
from xml.etree import ElementTree

import pytest
from PIL import Image, PngImagePlugin

from vchar.character import Character, Mix
from vchar.errors import VcharError
from vchar.export.png import MAX_BYTES, photo_png_bytes, png_bytes, read_png
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


def xmp_of(image: Image.Image) -> tuple[ElementTree.Element, str]:
    """The XMP packet, and the name of its IPTC digital source type."""
    xmp = ElementTree.fromstring(image.info["XML:com.adobe.xmp"].encode())
    description = xmp.find(".//{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description")
    assert description is not None
    source_type = description.get("{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType") or ""
    assert source_type.startswith("http://cv.iptc.org/newscodes/digitalsourcetype/")
    return xmp, source_type.rsplit("/", 1)[1]


def test_edited_photo_is_marked_as_such_and_holds_no_recipe() -> None:
    data = photo_png_bytes(PICTURE)
    image = Image.open(io.BytesIO(data))
    assert xmp_of(image)[1] == "compositeWithTrainedAlgorithmicMedia"
    assert image.info["Source"] == "AI-edited photo"
    assert "a photo that its user opened" in image.info["Copyright"]
    with pytest.raises(VcharError, match="no vchar recipe"):
        read_png(data)


def test_png_is_marked_as_ai_made_in_valid_xmp_with_its_licence() -> None:
    image = Image.open(io.BytesIO(png_bytes(PICTURE, HERO, LICENCE)))
    xmp, source_type = xmp_of(image)
    assert source_type == "trainedAlgorithmicMedia"
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
