"""Files that are written whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from safetensors import SafetensorError

from vchar.errors import VcharError

AGAIN = "make room and run the same command again"


@contextmanager
def whole(path: Path, advice: str = AGAIN) -> Iterator[Path]:
    """Where to write what becomes `path` when the block ends well, and vanishes when it doesn't.

    Raises VcharError, which ends with the `advice`, where it can't be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    except (OSError, SafetensorError) as error:
        why = getattr(error, "strerror", None) or error
        raise VcharError(f"Can't write {path} ({why}); {advice}.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
