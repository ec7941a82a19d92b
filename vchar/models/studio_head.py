"""The head inside the Studio generator: a linear mesh that is turned, framed and splatted, so that a face knows where
its parts are in the picture.

A rasterised mesh as a generator's guide, as in GIF (Ghosh et al. 2020, arXiv:2009.00149) and Next3D (Sun et al. 2023,
arXiv:2211.11208). Axes: x right in the picture, y down, z away from the camera; metres. Framed like `vchar.rig.align`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

VIEW = ("yaw", "pitch", "roll")  # degrees
LAYERS = 12  # of a guide: cover, normal x, y, z, and the eight of SHOWN
TEETH = 5  # the first of SHOWN that is inside the mouth
SHOWN = 8  # of each point: place at rest x, y, z; eye, how near its pupil; teeth, tongue, cavity
FULL_SIDE = 128  # pixels of a guide that takes all points
DISTANCE = 1.4  # metres from the camera
ON_NECK = 0.35  # the share of a turn that the neck makes; the body makes the rest
ABOVE, EYES, MOUTH = 0.1, 4.0, 3.6  # the frame: see `vchar.rig.align`
THICKNESS = 0.0015  # metres behind the nearest point of a pixel that still belong to its surface
HIDDEN, HIDDEN_INSIDE = 0.008, 0.006  # metres behind the nearest one around it: skin and eyes, the mouth's inside
NEIGHBOURS = 3  # of eight: a pixel with so many is inside the surface


@dataclass(frozen=True)
class StudioHeadConfig:
    """Counts, and the names of conditions: `moves` deform the mesh, `lengths` are measured on it."""

    vertices: int = 0
    faces: int = 0
    points: int = 0  # on the surface
    shapes: int = 0  # components of who it is
    symmetric: int = 0  # the first so many of them; the others change sign in a mirror
    moves: tuple[str, ...] = ()
    lengths: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Accept the lists that JSON gives back."""
        object.__setattr__(self, "moves", tuple(self.moves))
        object.__setattr__(self, "lengths", tuple(self.lengths))

    @property
    def asked(self) -> int:
        """How many numbers `StudioHead.asked` gives."""
        return len(self.moves) + 2 * len(self.lengths) + len(VIEW)


class Guide(NamedTuple):
    """layers [B,LAYERS,S,S], 0 beside the head; uv [B,S,S,2] where each pixel lies in a texture, in -1..1."""

    layers: Tensor
    uv: Tensor


class StudioHead(nn.Module):
    """Who it is and what is asked of them -> Guide. Nothing here learns."""

    mean: Tensor
    shape: Tensor
    move: Tensor
    face: Tensor
    turn_weight: Tensor
    pivot: Tensor
    marks: Tensor
    point_face: Tensor
    point_bary: Tensor
    point_shown: Tensor
    point_uv: Tensor
    length_mean: Tensor
    length_of: Tensor
    length_back: Tensor

    def __init__(self, config: StudioHeadConfig) -> None:
        """Empty; `load_state_dict` or `vchar.training.studio_head` fills it.

        mean [V,3]; shape [S,V,3] for a standard deviation each; move [M,V,3]; face [F,3]; turn_weight [V]; marks [14]:
        vertices of the right eye (6), the left one (6) and the mouth's corners; point_face [N], point_bary [N,3],
        point_shown [N,SHOWN], point_uv [N,2]; length_mean [L], length_of [L,S] and its inverse length_back [S,L].
        """
        super().__init__()
        self.config = config
        v, n, s, lengths = config.vertices, config.points, config.shapes, len(config.lengths)
        shapes = {
            "mean": (v, 3), "shape": (s, v, 3), "move": (len(config.moves), v, 3), "turn_weight": (v,), "pivot": (3,),
            "point_bary": (n, 3), "point_shown": (n, SHOWN), "point_uv": (n, 2), "length_mean": (lengths,),
            "length_of": (lengths, s), "length_back": (s, lengths),
        }  # fmt: skip
        for name, shape in shapes.items():
            self.register_buffer(name, torch.zeros(shape))
        for name, shape in {"face": (config.faces, 3), "marks": (14,), "point_face": (n,)}.items():
            self.register_buffer(name, torch.zeros(shape, dtype=torch.int32))

    def asked(self, conditions: Tensor, names: Sequence[str]) -> Tensor:
        """Conditions [B,K] of these names, NaN where unknown -> [B,config.asked], linear in what is known."""
        moves = _columns(conditions, names, self.config.moves).nan_to_num(0.0)
        lengths = _columns(conditions, names, self.config.lengths)
        known = (~lengths.isnan()).to(conditions)
        view = _columns(conditions, names, VIEW).nan_to_num(0.0)
        return torch.cat([moves, (lengths - self.length_mean).nan_to_num(0.0), known, view], dim=1)

    @torch.no_grad()
    def forward(self, person: Tensor, asked: Tensor, side: int) -> Guide:
        """person [B,S] in standard deviations; what `asked` gives [B,config.asked]; side: pixels of the guide."""
        batch = len(person)
        if not self.config.points:
            return Guide(person.new_zeros(batch, LAYERS, side, side), person.new_zeros(batch, side, side, 2))
        with torch.autocast(person.device.type, enabled=False):
            counts = [len(self.config.moves), *[len(self.config.lengths)] * 2, len(VIEW)]
            moves, lengths, known, view = asked.float().split(counts, dim=1)
            person = self.with_lengths(person.float(), lengths, known)
            calm = self.mean + (person @ self.shape.flatten(1)).view(batch, -1, 3)
            at_rest = calm + (moves @ self.move.flatten(1)).view(batch, -1, 3)
            screen, turned = self._seen(calm, at_rest, view)
            return self._splat(screen, turned, side)

    def project(self, calm: Tensor) -> Tensor:
        """The shapes [...,S] of heads at rest [...,V,3]: components are at right angles to each other."""
        if not self.config.shapes:
            return calm.new_zeros(*calm.shape[:-2], 0)
        basis = self.shape.flatten(1)
        return (calm - self.mean).flatten(-2) @ basis.T / basis.square().sum(1)

    def with_lengths(self, person: Tensor, lengths: Tensor, known: Tensor) -> Tensor:
        """A person [B,S] near this one whose known lengths [B,L] are about these (less the mean); the others stay."""
        return person + (lengths - known * (person @ self.length_of.T)) @ self.length_back.T

    def _seen(self, calm: Tensor, at_rest: Tensor, view: Tensor) -> tuple[Tensor, Tensor]:
        """Vertices [B,V,3] on screen (x, y in -1..1, depth in metres) and before the camera."""
        neck, body = rotation(ON_NECK * view), rotation(view)
        body = body @ neck.mT  # the neck's turn comes first
        frame = calm[:, self.marks]
        eyes, across = frame[:, :12].mean(1), frame[:, 6:12].mean(1) - frame[:, :6].mean(1)
        down = frame[:, 12:].mean(1) - eyes
        span = torch.maximum(EYES * across.norm(dim=1), MOUTH * down.norm(dim=1))
        weight = self.turn_weight[:, None]
        away = at_rest - self.pivot
        turned = weight * (away @ neck.mT) + (1 - weight) * away + self.pivot
        turned = turned @ body.mT
        middle = (eyes + ABOVE * down - self.pivot)[:, None] @ neck.mT + self.pivot
        x, y, z = (middle @ body.mT).unbind(-1)
        depth = z + DISTANCE
        focal = 2 * depth / span[:, None]
        far = turned[..., 2] + DISTANCE
        across_screen = focal * (turned[..., 0] / far - x / depth)
        down_screen = focal * (turned[..., 1] / far - y / depth)
        return torch.stack([across_screen, down_screen, far], dim=-1), turned

    def _splat(self, screen: Tensor, placed: Tensor, side: int) -> Guide:
        """Points of the surface into pixels; those within THICKNESS of the nearest share theirs."""
        batch, count = screen.shape[:2]
        n = min(self.config.points, int(self.config.points * (side / FULL_SIDE) ** 2) + 1)
        a, b, c = (placed.index_select(1, self.face[:, k]) for k in range(3))
        normal = F.normalize(torch.linalg.cross(b - a, c - a), dim=-1)
        facing = _places((normal[..., 2] < 0).index_select(1, self.point_face[:n]).flatten())
        which, point = facing // n, facing % n
        face, bary = _taken(point, self.point_face, self.point_bary)
        corners = self.face.index_select(0, face) + count * which[:, None]
        at = sum(bary[:, k, None] * screen.flatten(0, 1).index_select(0, corners[:, k]) for k in range(3))
        assert isinstance(at, Tensor)
        pixel = ((at[:, :2] + 1) * (side / 2)).floor().long()
        inside = _places(((pixel >= 0) & (pixel < side)).all(1))
        index = pixel[:, 1] * side + pixel[:, 0] + side**2 * which
        index, point, normals, depth = _taken(inside, index, point, face + len(self.face) * which, at[:, 2])
        nearest = depth.new_full((batch * side**2,), torch.inf).scatter_reduce(0, index, depth, "amin")
        around = -F.max_pool2d(-nearest.view(batch, side, side), 3, 1, 1).flatten()
        most = torch.where((self.point_shown[:, TEETH:] > 0).any(1), HIDDEN_INSIDE, HIDDEN).index_select(0, point)
        front = _places(
            (depth < nearest.index_select(0, index) + THICKNESS) & (depth < around.index_select(0, index) + most)
        )
        index, point, normals = _taken(front, index, point, normals)
        shown, uv = _taken(point, self.point_shown, self.point_uv)
        one = index.new_ones(len(index), 1).float()
        values = torch.cat([one, normal.flatten(0, 1).index_select(0, normals), shown, uv], dim=1)
        sums = values.new_zeros(batch * side**2, LAYERS + 2).index_add(0, index, values)
        layers = sums / sums[:, :1].clamp(min=1)
        return _closed(layers.view(batch, side, side, -1))


def _places(mask: Tensor) -> Tensor:
    """Where it is true [M] of [N]."""
    return mask.nonzero()[:, 0]


def _taken(places: Tensor, *each: Tensor) -> tuple[Tensor, ...]:
    """Rows of each at these places: faster than by square brackets."""
    return tuple(one.index_select(0, places) for one in each)


def rotation(view: Tensor) -> Tensor:
    """The head's rotation [B,3,3] from yaw, pitch, roll [B,3] in degrees; see `vchar.rig.camera.euler`."""
    yaw, pitch, roll = (view * (pi / 180)).unbind(1)
    one, nil = torch.ones_like(yaw), torch.zeros_like(yaw)

    def matrix(*rows: Tensor) -> Tensor:
        return torch.stack(rows, dim=1).view(-1, 3, 3)

    about_y = matrix(yaw.cos(), nil, -yaw.sin(), nil, one, nil, yaw.sin(), nil, yaw.cos())
    about_x = matrix(one, nil, nil, nil, pitch.cos(), pitch.sin(), nil, -pitch.sin(), pitch.cos())
    about_z = matrix(roll.cos(), -roll.sin(), nil, roll.sin(), roll.cos(), nil, nil, nil, one)
    return about_y @ about_x @ about_z


def _columns(conditions: Tensor, names: Sequence[str], wanted: Sequence[str]) -> Tensor:
    """Columns [B,W] of these names, NaN for one that there isn't."""
    nothing = conditions.new_full((len(conditions),), torch.nan)
    found = [conditions[:, names.index(name)] if name in names else nothing for name in wanted]
    return torch.stack(found, dim=1) if found else conditions.new_zeros(len(conditions), 0)


def _closed(values: Tensor) -> Guide:
    """The guide of what each pixel's points show [B,S,S,LAYERS+2], cover first, with small holes closed."""
    values = F.pad(values, (0, 0, 1, 1, 1, 1))
    wide = values.shape[2]
    steps = torch.tensor([wide * down + right for down in (-1, 0, 1) for right in (-1, 0, 1)], device=values.device)
    inner = F.pad(torch.ones_like(values[:, 1:-1, 1:-1, 0]), (1, 1, 1, 1)) > 0
    for _ in range(2):
        cover = values[..., 0]
        around = F.avg_pool2d(cover, 3, 1, 1, divisor_override=1)
        hole = _places(((cover == 0) & (around >= NEIGHBOURS) & inner).flatten())
        flat = values.flatten(0, 2)
        found = flat.index_select(0, (hole[:, None] + steps).flatten()).view(-1, 9, LAYERS + 2).sum(1)
        values = flat.index_copy(0, hole, found / found[:, :1]).view_as(values)
    values = values[:, 1:-1, 1:-1].permute(0, 3, 1, 2)
    return Guide(values[:, :LAYERS], values[:, LAYERS:].permute(0, 2, 3, 1))
