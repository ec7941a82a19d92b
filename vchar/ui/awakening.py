"""The first seconds: fetch and load the networks while the page tells how far it is."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

from vchar.errors import VcharError
from vchar.studio import Studio
from vchar.ui.jobs import heard
from vchar.ui.preview import Answer, failed, waiting

CANCELLED = "Fetching was cancelled. The studio needs the face model for its pictures; try again when you like."


def awaken(studio: Studio) -> Generator[Answer, None, None]:
    """Answers for the stage until `studio` is ready or has failed; closing the iterator cancels the work."""
    if studio.ready:
        return
    yield waiting("Waking the studio …")
    try:
        with closing(heard(studio.prepare)) as news:
            yield from (waiting(step, share) for share, step in news)
    except VcharError as error:
        yield failed(error)
