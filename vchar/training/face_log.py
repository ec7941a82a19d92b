"""What a run tells: a line of JSON now and then, and pages of pictures."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from pathlib import Path
from statistics import fmean

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from vchar.evaluation.generators import calm
from vchar.models.pixels import to_bytes
from vchar.models.studio_face import StudioFace

ACROSS, DOWN = 8, 3  # different people on a page
YAWS = (-40, -27, -13, 0, 13, 27, 40)  # degrees
FACES = (
    {}, {"mouthSmileLeft": 1, "mouthSmileRight": 1}, {"jawOpen": 0.8}, {"browInnerUp": 1, "browOuterUpLeft": 1,
    "browOuterUpRight": 1}, {"eyeBlinkLeft": 1, "eyeBlinkRight": 1}, {"mouthPucker": 1},
    {"mouthFrownLeft": 1, "mouthFrownRight": 1, "browDownLeft": 1, "browDownRight": 1},
)  # fmt: skip


class Diary:
    """Gathers the losses of steps and writes their means as lines of JSON."""

    def __init__(self, path: Path, pictures: int) -> None:
        """Goes on with `path` where it has told about `pictures` pictures; what it said of later ones is taken back."""
        self.path = path
        self._sums: dict[str, list[float]] = defaultdict(list)
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        kept = [line for line in lines if _told_at(line) <= pictures]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")

    def note(self, losses: dict[str, float]) -> None:
        for name, value in losses.items():
            self._sums[name].append(value)

    def tell(self, **numbers: float) -> str:
        """Write and return a line: `numbers`, and the means of what was noted since the last one."""
        means = {name: round(fmean(values), 5) for name, values in self._sums.items()}
        self._sums.clear()
        line = json.dumps(numbers | means)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        return line


def _told_at(line: str) -> float:
    try:
        return json.loads(line)["pictures"]
    except ValueError:  # the run was stopped while it wrote this
        return math.inf


def asked(faces: int, **values: float) -> Tensor:
    """Conditions [faces,K] of calm photos that look ahead, but for `values`; attributes as they come."""
    return torch.from_numpy(calm(**values)).expand(faces, -1)


@torch.no_grad()
def page(net: StudioFace, seed: int = 0) -> Image.Image:
    """Different people, the last row of them as if rendered; below, one person looking about, and one making faces."""
    people = ACROSS * DOWN
    z = torch.cat([net.of_seed(seed + i) for i in range(people)])
    rows = [*z.split(ACROSS), z[:1].expand(len(YAWS), -1), z[1:2].expand(len(FACES), -1)]
    wishes = [asked(ACROSS)] * (DOWN - 1) + [asked(ACROSS, photo=0)]
    wishes += [torch.cat([asked(1, yaw=yaw) for yaw in YAWS]), torch.cat([asked(1, **face) for face in FACES])]
    drawn = [to_bytes(net(z, c.to(z))).cpu().numpy() for z, c in zip(rows, wishes, strict=True)]
    side = net.config.size
    sheet = np.zeros((len(drawn) * side, ACROSS * side, 3), np.uint8)
    for i, pictures in enumerate(drawn):
        sheet[i * side : (i + 1) * side, : len(pictures) * side] = np.concatenate(list(pictures), axis=1)
    return Image.fromarray(sheet)
