"""Writing what was made: single files, and many in one ZIP."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from vchar.writing import whole


def save(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; VcharError when it can't be written."""
    with whole(path, "choose another place") as part:
        part.write_bytes(data)


def packed(files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """A file that has company as a ZIP called after it, one that stands alone as it is: its name and content."""
    name, data = next(iter(files.items()))
    return (f"{name.replace('.', '_')}.zip", zip_bytes(files)) if len(files) > 1 else (name, data)


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of files by name, with the list of them in `files.txt`; the same files give the same bytes."""
    listed = {**files, "files.txt": "".join(f"{name}\n" for name in files).encode()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in listed.items():
            archive.writestr(zipfile.ZipInfo(name), data)  # such an entry has a fixed date; PNGs don't deflate further
    return buffer.getvalue()
