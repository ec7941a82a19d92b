"""Twenty visitors who move sliders at once, each in a session of their own."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx
import torch

from vchar.bench.app import BARE, REAL, served
from vchar.bench.machine import THREADS
from vchar.bench.row import Row, median_ms, p95_ms
from vchar.bench.visitor import Visitor, wake, wires
from vchar.character import Character
from vchar.errors import VcharError
from vchar.studio import Studio
from vchar.ui.preview import picture

VISITORS = 20
SECONDS = 60
STEPS = 12  # different recipes of a visitor, who goes round and round
Step = tuple[dict[str, int], str | None]  # what the sliders say; the picture that must follow, if that is checked


@dataclass
class Tally:
    """What visitors saw."""

    seconds: list[float] = field(default_factory=list)  # of each answer
    mixed_up: int = 0  # pictures that were not this visitor's
    errors: list[str] = field(default_factory=list)
    lasted: float = 0.0  # s

    @property
    def pace(self) -> str:
        p50, p95 = median_ms(self.seconds or [0]), p95_ms(self.seconds or [0])
        return f"{len(self.seconds) / self.lasted:.0f} a second, p50 {p50:.0f} ms, p95 {p95:.0f} ms"


def measure() -> list[Row]:
    """One row; beside it a shorter run of the same app with a model that does nothing."""
    torch.set_num_threads(THREADS)
    strokes = [stroke(Studio.load(), visitor) for visitor in range(VISITORS)]
    with served(REAL) as app:
        real = crowd(app.url, strokes, SECONDS)
    unchecked = [[(values, None) for values, _ in steps] for steps in strokes]
    with served(BARE) as app:
        bare = crowd(app.url, unchecked, SECONDS / 4)
    return [row(real, bare)]


def stroke(studio: Studio, visitor: int) -> list[Step]:
    """A visitor's way through the recipes, and the picture that this process makes of each."""
    faces = studio.generator(Character())
    faces.prepare()
    draw = random.Random(visitor)
    steps: list[Step] = []
    for _ in range(STEPS):
        moved = {spec.name: draw.randint(round(100 * spec.minimum), 100) for spec in draw.sample(faces.sliders, 3)}
        character = Character(sliders={name: value / 100 for name, value in moved.items()})
        values = {spec.name: moved.get(spec.name, 0) for spec in faces.sliders}
        steps.append((values, picture(studio, character)["src"]))
    return steps


def crowd(url: str, strokes: Sequence[Sequence[Step]], seconds: float) -> Tally:
    """One visitor per stroke, all at once; each takes the next step as soon as the picture of the last one is there."""
    with httpx.Client(base_url=url, timeout=60) as client, ThreadPoolExecutor(len(strokes)) as pool:
        wake(client)
        known = wires(client)
        start = time.perf_counter()
        visits = [pool.submit(_move, Visitor(client, known), steps, start + seconds) for steps in strokes]
        tallies = [visit.result() for visit in visits]
        lasted = time.perf_counter() - start
    return Tally(
        [each for tally in tallies for each in tally.seconds],
        sum(tally.mixed_up for tally in tallies),
        [each for tally in tallies for each in tally.errors],
        lasted,
    )


def _move(visitor: Visitor, steps: Sequence[Step], until: float) -> Tally:
    tally = Tally()
    for values, expected in itertools.cycle(steps):
        start = time.perf_counter()
        if start >= until:
            break
        try:
            seen = visitor.slide(values)["src"]
        except (VcharError, httpx.HTTPError, KeyError) as error:
            tally.errors.append(f"{type(error).__name__} {error}")
            time.sleep(0.1)
            continue
        tally.seconds.append(time.perf_counter() - start)
        tally.mixed_up += expected is not None and seen != expected
    return tally


def row(real: Tally, bare: Tally) -> Row:
    counts = f"{len(real.seconds)} pictures, {len(real.errors)} errors, {real.mixed_up} mixed up"
    return Row(
        f"{VISITORS} visitors moving sliders at once for {SECONDS} s",
        f"{counts}; {real.pace}" + (f"; first error: {real.errors[0]}" if real.errors else ""),
        f"{bare.pace} (the same app with a model that does nothing)",
        "no error, none mixed up",
        bool(real.seconds) and not real.errors and not real.mixed_up,
        {
            "pictures": len(real.seconds),
            "errors": len(real.errors),
            "mixed_up": real.mixed_up,
            "per_s": len(real.seconds) / real.lasted,
            "p50_ms": median_ms(real.seconds or [0]),
            "p95_ms": p95_ms(real.seconds or [0]),
        },
    )
