"""Lines of the table, and what they are made of: medians of runs that took turns."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One line of the table.

    met: whether `goal` was reached, None where there is none or it wasn't measured.  numbers: the same, for machines.
    """

    what: str
    ours: str
    beside: str = "—"  # the same by what one would use instead
    goal: str = "—"
    met: bool | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        return "—" if self.met is None else "met" if self.met else "**missed**"


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [("What", "vchar", "Beside it", "Goal", ""), ("---",) * 5]
    lines += [(row.what, row.ours, row.beside, row.goal, row.verdict) for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def take_turns(contenders: Mapping[str, Callable[[], object]], rounds: int = 20) -> dict[str, list[float]]:
    """Seconds of every run of every contender.

    A round is one turn each, so that whatever else the machine does hits them all. The first run of a turn isn't
    counted, as it finds the caches full of another's data; neither is the first round, which warms up.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds + 1):
        for name, run in contenders.items():
            run()
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: times[1:] for name, times in seconds.items()}


def median_ms(seconds: Sequence[float]) -> float:
    return 1000 * statistics.median(seconds)


def p95_ms(seconds: Sequence[float]) -> float:
    return 1000 * sorted(seconds)[int(0.95 * (len(seconds) - 1))]
