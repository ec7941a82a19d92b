"""Networks that are loaded when somebody first needs them, once for all visitors."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from vchar.progress import Progress, silent

T = TypeVar("T")


class Lazy(Generic[T]):
    """What `load` makes, from the first call on. Who calls while it loads waits; after a failure the next call loads.

    Safe to share between threads.
    """

    def __init__(self, load: Callable[[Progress], T]) -> None:
        self._load, self._lock = load, threading.Lock()
        self._loaded: T | None = None

    def __call__(self, progress: Progress = silent) -> T:
        """Raises whatever `load` raises; raise inside `progress` to cancel."""
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load(progress)
            return self._loaded

    @property
    def ready(self) -> bool:
        """Whether it is loaded."""
        return self._loaded is not None
