"""How much memory the server holds once it has been used."""

import httpx

from vchar.bench.app import REAL, served
from vchar.bench.machine import memory_mb
from vchar.bench.row import Row
from vchar.bench.visitor import Visitor, wake, wires

BELOW = 2500.0  # MB
PICTURES = 100


def measure() -> list[Row]:
    """One row; VcharError where the system doesn't tell."""
    with served(REAL) as server:
        memory_mb(server.pid)  # rather now than after a hundred pictures
        use(server.url)
        return [row(*memory_mb(server.pid))]


def use(url: str) -> None:
    """Make the pictures of someone who lets go of the slider at every fifth step."""
    with httpx.Client(base_url=url, timeout=60) as client:
        wake(client)
        visitor = Visitor(client, wires(client))
        for i in range(PICTURES):
            _ = visitor.refine() if i % 5 == 4 else visitor.slide({"age": i % 100 + 1})


def row(now: float, peak: float) -> Row:
    """Both in MB."""
    return Row(
        f"Resident memory of the server after {PICTURES} pictures",
        f"{now / 1000:.2f} GB (peak {peak / 1000:.2f} GB)",
        goal=f"below {BELOW / 1000} GB",
        met=peak < BELOW,
        numbers={"mb": now, "peak_mb": peak},
    )
