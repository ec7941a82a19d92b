"""An edited picture of which the truth is known: by the plain warp, and with the refiner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from vchar.data.pairs import Pair, pair_up
from vchar.errors import VcharError
from vchar.evaluation.fit import Rig
from vchar.refining import Refiner
from vchar.rig.camera import angles
from vchar.rig.warp import WarpSource

SIZE = 512  # pixels; faces fill about a third of London's photographs
HEAD = (64, 448)  # rows and columns that are compared: the head without what stands round it

Bytes = NDArray[np.uint8]
Distance = Callable[[Tensor, Tensor], Tensor]  # of pictures [1,3,H,W] in 0..1


@dataclass(frozen=True)
class Case:
    """A pair, and what the refiner makes of its warp [S,S,3]."""

    pair: Pair
    refined: NDArray[np.uint8]

    def shown(self) -> dict[str, NDArray[np.uint8]]:
        """The pictures that are compared with the target, by name."""
        return {"photo": self.pair.source, "warp": self.pair.warped, "refined": self.refined}


def case_of(rig: Rig, refiner: Refiner, before: Image.Image, after: Image.Image) -> Case | None:
    """One photograph edited to what the other shows; None where either can't be read or they don't agree."""
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
    pair = pair_up(source, np.asarray(small[1], np.float32) / 255, other)
    if pair is None:
        return None
    turn = angles(own.camera.rotation.T @ other.camera.rotation)
    return Case(pair, completed(refiner, source, other.arkit, turn))


def completed(refiner: Refiner, source: WarpSource, arkit: NDArray, turn: tuple[float, float, float]) -> Bytes:
    """The edit of a picture to ARKit weights [52] and a turn in degrees, with the refiner, [H,W,3]."""
    picture = refiner.complete(source, source.edit(arkit, *turn), arkit, turn)
    return (picture * 255 + 0.5).astype(np.uint8)


def apart(distance: Distance, one: Bytes, other: Bytes) -> float:
    """Between the heads in two pictures."""
    return float(distance(_tensor(one), _tensor(other)))


def _tensor(picture: Bytes) -> Tensor:
    head = picture[slice(*HEAD), slice(*HEAD)]
    return torch.from_numpy(head.copy()).permute(2, 0, 1)[None] / 255
