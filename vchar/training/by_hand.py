"""Some of the generator's portraits on which brows, nose, eyes, irises and lips were marked by hand.

Rendered eyes end where the eyeball does and wear long lashes; without a few real-looking ones, the network looks for
their corners in the wrong place. So it does for the brows' hair, the lips' edges and the nose's wings. The portraits
are those of `unlabelled.portraits`, by their number; what can't be seen in one (a brow below hair) is not marked there.

Marked is what the templates of the London set mark too, so that errors against them measure the network: an eye ends
where its white does, not in the fold behind it; a brow's line lies just above the hair and runs on to its last hair.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor

from vchar.errors import VcharError
from vchar.models.landmarks import MARGIN, POINTS, LandmarkNet, frames
from vchar.models.views import Views
from vchar.training.placing import Marked, Squares

MARKS = Path(__file__).with_name("portrait_marks.json")
REGIONS = {"brows": (17, 27), "nose": (27, 36), "eyes": (36, 48), "mouth": (48, 68), "irises": (68, 70)}
WEAK = 0.12  # weight of the points that nobody marked, which stay about where the network has them


def read_marks(path: Path = MARKS) -> tuple[list[int], Tensor, Tensor]:
    """Numbers of the portraits, their points [M,70,2] in pixels, and which of them are marked [M,70] bool."""
    faces = json.loads(path.read_text(encoding="utf-8"))
    points, marked = torch.zeros(len(faces), POINTS, 2), torch.zeros(len(faces), POINTS, dtype=torch.bool)
    for i, face in enumerate(faces):
        for name, (first, end) in REGIONS.items():
            if name in face:
                points[i, first:end] = torch.tensor(face[name])
                marked[i, first:end] = True
    return [face["portrait"] for face in faces], points, marked


def marked_by_hand(net: LandmarkNet, portraits: Tensor, squares: Squares, size: int) -> Marked:
    """The marked ones of portraits [N,3,S,S]; what is not marked comes from the network, which starts at `squares`.

    Raises VcharError when N is too small to hold them.
    """
    numbers, points, marked = read_marks()
    if max(numbers) >= len(portraits):
        raise VcharError(
            f"The portraits marked by hand are among the first {max(numbers) + 1}, and there are only "
            f"{len(portraits)}; generate more."
        )
    centre, side, roll = squares
    guess = settle(net, portraits[numbers], (centre[numbers], side[numbers], roll[numbers]), size)
    return Marked(portraits[numbers], torch.where(marked[..., None], points, guess), marked.float().clamp(min=WEAK))


@torch.no_grad()
def settle(net: LandmarkNet, pictures: Tensor, squares: Squares, size: int, looks: int = 4) -> Tensor:
    """Points [B,70,2] after some looks, each framed by what the last one saw."""
    points = torch.empty(0)
    for _ in range(looks):
        centre, side, roll = squares
        view = Views.of(centre, side * MARGIN, roll, roll > torch.inf, size)
        crops = view.see(pictures.float() / 255).contiguous(memory_format=torch.channels_last)
        points = view.to_picture(net(crops).points)
        squares = frames(points)
    return points
