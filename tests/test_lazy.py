"""Loaded once, however many ask, and again after a failure."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from vchar.errors import VcharError
from vchar.lazy import Lazy
from vchar.progress import Progress


def test_who_asks_at_the_same_time_gets_the_same_thing_and_it_is_loaded_once() -> None:
    start, loads = threading.Barrier(6), []

    def load(_: Progress) -> object:
        loads.append(1)
        return object()

    lazy = Lazy(load)

    def ask() -> object:
        start.wait()
        return lazy()

    assert not lazy.ready
    with ThreadPoolExecutor(6) as pool:
        found = [future.result() for future in [pool.submit(ask) for _ in range(6)]]
    assert lazy.ready
    assert (len(set(map(id, found))), len(loads)) == (1, 1)


def test_after_a_failure_the_next_call_loads_and_says_how_far_it_is() -> None:
    failures, heard = [VcharError("No network; try again.")], []

    def load(progress: Progress) -> str:
        progress(0.5, "Fetching")
        if failures:
            raise failures.pop()
        return "networks"

    lazy = Lazy(load)
    with pytest.raises(VcharError, match="No network"):
        lazy()
    assert not lazy.ready
    assert lazy(lambda share, step: heard.append((share, step))) == "networks"
    assert heard == [(0.5, "Fetching")]
