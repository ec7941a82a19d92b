"""Recipes out of files of ours."""

import json
import struct

import pytest
from PIL import Image

from vchar.character import Character
from vchar.errors import VcharError
from vchar.export.png import png_bytes
from vchar.export.recipes import HEADER, read_file, read_glb
from vchar.licence import Licence

HERO = Character(seed=11, name="Ada")


def glb(tree: object) -> bytes:
    text = json.dumps(tree).encode()
    return HEADER.pack(b"glTF", 2, HEADER.size + len(text), len(text), b"JSON") + text


OURS = glb({"asset": {"version": "2.0", "extras": {"vchar": json.loads(HERO.to_json())}}})


def test_each_kind_of_file_gives_its_character_whatever_it_is_called() -> None:
    png = png_bytes(Image.new("RGB", (8, 8)), HERO, Licence("a", "b", "c"))
    assert [read_file(data, "ada") for data in (png, OURS, HERO.to_json().encode())] == [HERO] * 3


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"glTF", "not a readable GLB"),
        (HEADER.pack(b"glTF", 2, 99, 9, b"JSON") + b"[" * 9, "not a readable GLB"),
        (glb([1]), "not a readable GLB"),
        (glb({"asset": {"version": "2.0"}}), "no vchar recipe"),
        (glb({"asset": {"extras": {"vchar": 5}}}), "no vchar recipe"),
        (glb({"asset": {"extras": {"vchar": {"seed": "x"}}}}), "."),
        (OURS + bytes(20_000_001), "20 are read"),
    ],
    ids=["cut off", "damaged", "a list", "another's", "a number", "no recipe", "huge"],
)
def test_other_glb_files_get_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(VcharError, match=sentence):
        read_glb(data)


def test_what_is_no_text_is_no_recipe() -> None:
    with pytest.raises(VcharError, match=r"letter.bin is no recipe"):
        read_file(struct.pack("<I", 0xFFFFFFFF), "letter.bin")
