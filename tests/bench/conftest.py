"""The bare app as a process, once for all tests of the bench."""

from collections.abc import Iterator

import pytest

from vchar.bench.app import BARE, Served, served


@pytest.fixture(scope="session")
def bare_app() -> Iterator[Served]:
    with served(BARE) as app:
        yield app
