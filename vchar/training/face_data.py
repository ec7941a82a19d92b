"""`vchar data`: what the Studio generator learns from, out of a folder of pictures or out of the data factory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from vchar.data import conditions
from vchar.data.gather import Seen, gather
from vchar.data.portrait_shards import write_portraits
from vchar.data.portraits import shape_of
from vchar.data.shards import Archives
from vchar.errors import VcharError
from vchar.evaluation.fit import Rig
from vchar.evaluation.workers import Log
from vchar.rig import align
from vchar.rig.fit import Fit

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
    cycles: bool = False,
    log: Log = print,
) -> Path:
    """Draw `takes` of each of `people` who don't exist into shards; returns `output`. A run that was stopped goes on.

    makehuman: a zip of MakeHuman's CC0 assets that dress them.  skins: what `vchar train skins` wrote.
    cycles: by Blender's path tracer, some hundred times slower.
    """
    archives = Archives(makehuman, faces=skins)
    write_portraits(archives, output, FIRST_SEED + SEEDS_APART * seed, people, takes, SIZE, workers, cycles, log)
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
            return self._fitted(self._rig.fit(picture, face))
        except VcharError:
            row = np.full(len(conditions.NAMES), np.nan, np.float32)
            row[conditions.NAMES.index(conditions.PHOTO)] = 1
            unknown = np.full(len(self._rig.head.phenotype) + len(self._rig.head.local_up), np.nan, np.float32)
            return Seen(*align.square(face.points), row, unknown)

    def _fitted(self, fit: Fit) -> Seen:
        """Framed as the head at rest would be, whatever the face does and how it is turned."""
        head = self._rig.head
        marks = head.shape(fit.phenotype, fit.local, np.zeros_like(fit.arkit))[head.landmarks]
        row = conditions.row(shape_of(marks), fit.arkit, np.array(fit.camera.yaw_pitch_roll), photo=1.0)
        return Seen(*align.seen_by(fit.camera, marks), row, np.concatenate([fit.phenotype, fit.local]))
