"""From starting the process to the first picture on the screen."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from vchar import mobilestylegan
from vchar.bench.app import BARE, REAL, served
from vchar.bench.chromium import FIRST_PICTURE, chromium, visit
from vchar.bench.row import Row

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WITHIN = 15.0  # s
STARTS = 3  # of each app


def measure() -> list[Row]:
    """One row. The browser is already open and the weights are cached; the apps take turns."""
    mobilestylegan.load()
    seconds: dict[tuple[str, ...], list[float]] = {REAL: [], BARE: []}
    with chromium() as browser:
        for _ in range(STARTS):
            for app, found in seconds.items():
                found.append(_first_picture(browser, app))
    return [row(seconds[REAL], seconds[BARE])]


def _first_picture(browser: Browser, app: tuple[str, ...]) -> float:
    with served(app) as server:
        page = visit(browser, server.url, FIRST_PICTURE)
        seconds = time.perf_counter() - server.started
        page.close()
    return seconds


def row(real: list[float], bare: list[float]) -> Row:
    """Both in seconds per start."""
    seconds, bare_seconds = statistics.median(real), statistics.median(bare)
    return Row(
        "Start of the process to the first portrait on screen",
        f"{seconds:.1f} s",
        f"{bare_seconds:.1f} s, the same app with a model that does nothing",
        f"within {WITHIN:.0f} s",
        seconds <= WITHIN,
        {"seconds": seconds, "bare_seconds": bare_seconds, "starts": len(real)},
    )
