import sys
import tarfile
from pathlib import Path

import pytest

from vchar.errors import VcharError
from vchar.evaluation.readers.weights import Package


def pack(folder: Path) -> Path:
    (folder / "model.bin").write_bytes(b"numbers")
    archive = folder / "archive.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(folder / "model.bin", "package/model.bin")
    return archive


def copying(archive: Path, sha256: str) -> Package:
    """A package whose download is a copy of `archive`."""
    copy = f"import shutil; shutil.copy({str(archive)!r}, '.')"
    return Package("numbers@1", sha256, "ours", (sys.executable, "-c", copy), ("package/model.bin",))


@pytest.mark.usefixtures("own_cache")
def test_another_file_than_the_pinned_one_is_refused_and_nothing_stays(tmp_path: Path, own_cache: Path) -> None:
    with pytest.raises(VcharError, match="not the file vchar expects"):
        copying(pack(tmp_path), "0" * 64).folder()
    assert not [p for p in own_cache.rglob("*") if p.is_file()]


def test_a_fetched_package_is_unpacked_once(tmp_path: Path, own_cache: Path) -> None:
    import hashlib

    archive = pack(tmp_path)
    package = copying(archive, hashlib.sha256(archive.read_bytes()).hexdigest())
    assert (package.folder() / "model.bin").read_bytes() == b"numbers"
    archive.unlink()
    assert package.folder().is_relative_to(own_cache)


@pytest.mark.usefixtures("own_cache")
def test_a_failed_download_is_one_clear_sentence() -> None:
    with pytest.raises(VcharError, match="check the network"):
        Package("nothing@1", "0" * 64, "ours", (sys.executable, "-c", "raise SystemExit(1)"), ("a",)).folder()
