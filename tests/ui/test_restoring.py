from pathlib import Path

import pytest
from PIL import Image

from tests.ui.fakes import FakeFaces, FakeStudio
from vchar.character import Character
from vchar.errors import VcharError
from vchar.export.png import png_bytes
from vchar.ui.restoring import read_upload

CHARACTER = Character(seed=12, sliders={"age": 0.3}, name="Ada")


def uploaded(folder: Path, name: str, data: bytes) -> str:
    file = folder / name
    file.write_bytes(data)
    return str(file)


def test_a_png_of_ours_brings_its_character_back_and_is_deleted(tmp_path: Path) -> None:
    studio = FakeStudio()
    file = uploaded(tmp_path, "ada.png", png_bytes(studio.portrait(CHARACTER, 256), CHARACTER, FakeFaces.licence))
    assert read_upload(file) == CHARACTER
    assert not Path(file).exists()


def test_a_recipe_brings_its_character_back(tmp_path: Path) -> None:
    assert read_upload(uploaded(tmp_path, "ada.json", CHARACTER.to_json().encode())) == CHARACTER


def foreign_png(folder: Path) -> bytes:
    Image.new("RGB", (8, 8)).save(folder / "foreign.png")
    return (folder / "foreign.png").read_bytes()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("holiday.png", b"not a picture"),
        ("empty.png", b""),
        ("binary.json", b"\xff\xfe\x00\x80"),
        ("list.json", b"[1, 2]"),
        ("unknown.json", b'{"vchar": 1, "wings": 2}'),
        ("future.json", b'{"vchar": 99}'),
    ],
)
def test_any_other_file_is_refused_in_one_sentence(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(VcharError) as refusal:
        read_upload(uploaded(tmp_path, name, data))
    assert str(refusal.value).endswith(".")
    assert "Traceback" not in str(refusal.value)


def test_a_png_of_others_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VcharError):
        read_upload(uploaded(tmp_path, "other.png", foreign_png(tmp_path)))
