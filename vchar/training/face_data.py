"""`vchar data`: what the Studio generator learns from, out of a folder of pictures or out of the data factory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from vchar.data import conditions
from vchar.data.gather import Seen, gather
from vchar.data.portrait_shards import write_portraits
from vchar.data.shards import Archives
from vchar.errors import VcharError
from vchar.evaluation.fit import Rig
from vchar.evaluation.workers import Log

SIZE = 256  # pixels a side of what is kept
FIRST_SEED = 5_000_000  # nobody else's
SEEDS_APART = 1_000_000  # first seeds of two runs with different `seed`


def faces(*, folder: Path, output: Path, log: Log = print) -> Path:
    """Gather the faces of a folder into shards; returns the report (see `vchar.data.gather`)."""
    return gather(folder, output, Looker(Rig.load()), SIZE, log)


def portraits(
    *,
    output: Path,
    makehuman: Path | None = None,
    skins: Path | None = None,
    people: int = 3000,
    takes: int = 4,
    seed: int = 0,
    workers: int = 2,
    log: Log = print,
) -> Path:
    """Draw `takes` of each of `people` who don't exist into shards; returns `output`. A run that was stopped goes on.

    makehuman: a zip of MakeHuman's CC0 assets that dress them.  skins: what `vchar train skins` wrote.
    """
    archives = Archives(makehuman, faces=skins)
    write_portraits(archives, output, FIRST_SEED + SEEDS_APART * seed, people, takes, SIZE, workers, log)
    return output


class Looker:
    """Finds the largest face of a picture, and reads what it does where the head behind it can be told."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig

    def __call__(self, picture: Image.Image) -> Seen | None:
        face = self._rig.find(picture)
        if face is None:
            return None
        try:
            head = self._rig.fit(picture, face)
            row = conditions.row({}, head.arkit, np.array(head.camera.yaw_pitch_roll))
        except VcharError:
            row = np.full(len(conditions.NAMES), np.nan, np.float32)
        return Seen(face.points, row)
