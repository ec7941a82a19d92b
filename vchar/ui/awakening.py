"""The first seconds: fetch and load the networks while the page tells how far it is."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator

from vchar.errors import VcharError
from vchar.studio import Studio
from vchar.ui.preview import Answer, failed, waiting

CANCELLED = "Fetching was cancelled. The studio needs the face model for its pictures; try again when you like."


def awaken(studio: Studio) -> Generator[Answer, None, None]:
    """Answers for the stage until `studio` is ready or has failed; closing the iterator cancels the work."""
    if studio.ready:
        return
    news: queue.Queue[Answer | None] = queue.Queue()
    left = threading.Event()

    def report(share: float, step: str) -> None:
        if left.is_set():
            raise VcharError(CANCELLED)
        news.put(waiting(step, share))

    def work() -> None:
        try:
            studio.prepare(report)
        except VcharError as error:
            news.put(failed(error))
        finally:
            news.put(None)

    yield waiting("Waking the studio …")
    threading.Thread(target=work, daemon=True).start()
    try:
        yield from iter(news.get, None)
    finally:
        left.set()
