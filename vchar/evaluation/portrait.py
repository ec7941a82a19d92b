"""`vchar evaluate portrait`: how near an edited photograph comes to the real one of the other expression."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from math import exp
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from vchar.data.london import LondonFace, read_london
from vchar.data.pairs import Pair, pair_up
from vchar.errors import VcharError
from vchar.evaluation.fit import Rig
from vchar.evaluation.readers.lpips import Lpips
from vchar.evaluation.readers.scoring import ScoringReader
from vchar.evaluation.workers import Log
from vchar.rig.warp import WarpSource

SIZE = 512  # pixels; faces fill about a third of London's photographs
HEAD = (64, 448)  # rows and columns that are compared: the head without what stands round it

Distance = Callable[[Tensor, Tensor], Tensor]  # of pictures [1,3,H,W] in 0..1
Happiness = Callable[[NDArray[np.uint8]], float]  # 0..1, in RGB [H,W,3]


def evaluate(*, data: Path, limit: int = 50, write: bool = False, log: Log = print) -> dict[str, Any]:
    """Neutral photographs made to smile and smiles made neutral, on people of a zip like london_faces_dev.zip.

    LPIPS (AlexNet) to the real other photograph, of the photograph as it is and of the plain warp; and how happy
    face-api finds the warped and the real smile.  Raises VcharError for `write`: a warp has no checkpoint.
    """
    if write:
        raise VcharError("The warp has no metrics.json to write; use --json and keep the line it prints.")
    metrics = {"date": date.today().isoformat(), "data": data.name} | compare(
        Rig.load(), read_london(data, limit), Lpips(), happiness(ScoringReader()), log
    )
    log(json.dumps(metrics, indent=2))
    return metrics


def happiness(reader: ScoringReader) -> Happiness:
    """The probability that face-api gives to happiness; 0 where it finds no face."""

    def read(image: NDArray[np.uint8]) -> float:
        emotions = reader.emotions(image)
        return exp(emotions["happiness"]) if emotions else 0.0

    return read


def compare(
    rig: Rig, people: Iterable[LondonFace], distance: Distance, happy: Happiness, log: Log = print
) -> dict[str, Any]:
    """The means over those people of whom both photographs can be read."""
    rows: dict[str, list[float]] = {}
    left_out = 0
    for person in people:
        found = {name: pair_of(rig, *ends) for name, ends in _ways(person).items()}
        if any(pair is None for pair in found.values()):
            left_out += 1
            continue
        for name, pair in found.items():
            assert pair is not None
            for what, picture in (("photo", pair.source), ("warp", pair.warped)):
                value = float(distance(_tensor(picture), _tensor(pair.target)))
                rows.setdefault(f"{name}_lpips_{what}", []).append(value)
        smile = found["to_smile"]
        assert smile is not None
        rows.setdefault("happiness_real", []).append(happy(smile.target))
        rows.setdefault("happiness_warp", []).append(happy(smile.warped))
        log(f"{person.name} done")
    if not rows:
        raise VcharError("Nobody's two photographs could be compared; check that both show the same person's face.")
    count = len(rows["happiness_real"])
    return {"n": count, "left_out": left_out} | {name: round(mean(values), 4) for name, values in rows.items()}


def _ways(person: LondonFace) -> dict[str, tuple[Image.Image, Image.Image]]:
    return {"to_smile": (person.neutral, person.smile), "to_neutral": (person.smile, person.neutral)}


def pair_of(rig: Rig, before: Image.Image, after: Image.Image) -> Pair | None:
    """One photograph warped to what the other shows; None where either can't be read or they don't agree."""
    small = [picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS) for picture in (before, after)]
    first, second = (rig.find(picture) for picture in small)
    if first is None or second is None:
        return None
    try:
        own = rig.fit(small[0], first)
        other = rig.fit(small[1], second, identity=own)
    except VcharError:
        return None
    source = WarpSource(rig.head, np.asarray(small[0], np.float32) / 255, own)
    return pair_up(source, np.asarray(small[1], np.float32) / 255, other)


def _tensor(picture: NDArray[np.uint8]) -> Tensor:
    head = picture[slice(*HEAD), slice(*HEAD)]
    return torch.from_numpy(head.copy()).permute(2, 0, 1)[None] / 255
