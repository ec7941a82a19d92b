"""Nothing half-written ever stands where a file was to be."""

from pathlib import Path

import pytest
from safetensors import SafetensorError

from vchar.errors import VcharError
from vchar.writing import whole


def test_what_was_there_stays_until_the_new_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with whole(path) as part:
        part.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def half(path: Path, error: BaseException) -> None:
    with whole(path, "buy a disk") as part:
        part.write_text("half")
        raise error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left"), VcharError),
        (SafetensorError("No space left"), VcharError),
        (KeyboardInterrupt("No space left"), KeyboardInterrupt),
    ],
)
def test_what_fails_leaves_the_old_and_nothing_else(
    tmp_path: Path, error: BaseException, told: type[BaseException]
) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(told, match="No space left"):
        half(path, error)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text() == "old"


def test_a_folder_that_is_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(VcharError, match=r"Can't write .*/a \(.*\); buy a disk\."):
        half(tmp_path / "file" / "a", AssertionError("was reached"))
