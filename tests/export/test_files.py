"""Writing files: whole, or not at all."""

import io
import zipfile
from pathlib import Path

import pytest

from vchar.errors import VcharError
from vchar.export.files import save, zip_bytes


def test_saving_replaces_what_was_there(tmp_path: Path) -> None:
    save(tmp_path / "hero.png", b"one")
    save(tmp_path / "hero.png", b"two")
    assert (tmp_path / "hero.png").read_bytes() == b"two"
    assert len(list(tmp_path.iterdir())) == 1


def test_saving_where_it_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "hero.png").mkdir()
    with pytest.raises(VcharError, match="choose another place"):
        save(tmp_path / "hero.png", b"data")
    assert [p.name for p in tmp_path.iterdir()] == ["hero.png"]


def test_zip_holds_the_files_and_their_list() -> None:
    files = {"hero_happy.png": b"1", "hero_sad.png": b"2"}
    data = zip_bytes(files)
    assert data == zip_bytes(files)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in files} == files
        assert archive.read("files.txt") == b"hero_happy.png\nhero_sad.png\n"
