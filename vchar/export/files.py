"""Writing what was made: single files, and many in one ZIP."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from vchar.errors import VcharError


def save(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; VcharError when it can't be written."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise VcharError(f"Can't write {path} ({error.strerror}); choose another place.") from error


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
