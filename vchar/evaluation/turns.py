"""How near a turned portrait comes to the truth: rendered heads that turn before one camera."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from statistics import mean

import numpy as np
from PIL import Image

from vchar.data.assets import Assets
from vchar.data.heads import HeadFactory
from vchar.data.pairs import pair_exactly
from vchar.errors import VcharError
from vchar.evaluation.fit import Rig
from vchar.evaluation.refined import SIZE, Case, Distance, apart, completed
from vchar.evaluation.workers import Log
from vchar.refining import Refiner
from vchar.rig.warp import WarpSource

FIRST_SEED = 970_000  # of heads that no network has seen
YAWS = (20, 30, 45)  # degrees, to either side in turn


def measure(
    rig: Rig, refiner: Refiner, makehuman: Path | None, distance: Distance, limit: int, log: Log = print
) -> dict[str, dict[str, float]]:
    """By yaw: the mean distances to the truth of the picture as it is, of the warp, and with the refiner."""
    factory = HeadFactory(rig.head, Assets.load(rig.head, makehuman))
    found = {}
    for yaw in YAWS:
        rows: dict[str, list[float]] = defaultdict(list)
        for seed in range(FIRST_SEED, FIRST_SEED + limit):
            case = case_of(rig, refiner, factory, seed, float(yaw if seed % 2 else -yaw))
            if case is not None:
                for name, picture in case.shown().items():
                    rows[name].append(apart(distance, picture, case.pair.target))
        found[str(yaw)] = {"n": len(rows["warp"])} | {name: round(mean(values), 4) for name, values in rows.items()}
        log(f"turned by {yaw} degrees: {found[str(yaw)]}")
    return found


def case_of(rig: Rig, refiner: Refiner, factory: HeadFactory, seed: int, yaw: float) -> Case | None:
    """The head of this seed turned by `yaw` degrees; None where its face can't be read."""
    before, after = factory.draw_twice(seed, SIZE, (yaw, 0.0, 0.0))
    picture = Image.fromarray(before.picture)
    face = rig.find(picture)
    if face is None:
        return None
    try:
        own = rig.fit(picture, face)
    except VcharError:
        return None
    source = WarpSource(rig.head, np.asarray(picture, np.float32) / 255, own)
    turn = (yaw, 0.0, 0.0)
    pair = pair_exactly(source, after.picture / np.float32(255), own.arkit, turn, after.landmarks)
    return Case(pair, completed(refiner, source, own.arkit, turn))
