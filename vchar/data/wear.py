"""What people wear: a garment round the shoulders, glasses, a cap. Made in code, fitted to the head at hand."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vchar.render.picture import srgb_to_linear
from vchar.render.scene import CLOTH, Material, Mesh
from vchar.rig.body import PARTS, HeadModel, vertex_normals

Floats = NDArray[np.floating]
Ints = NDArray[np.int32]
# how the garment continues where the body's mesh ends: outwards (times), down (metres)
RINGS = ((1.06, 0.012), (1.16, 0.04), (1.24, 0.09), (1.28, 0.2), (1.3, 0.6))
CAP_EDGE = 0.012  # metres over which a cap rises from the skin
FRAME = Material(roughness=0.25, reflectance=0.06)
LENS = Material(roughness=0.25, reflectance=0.1)


@dataclass(frozen=True)
class Tailor:
    """Where clothes may lie on the head model.

    border: vertices of the skin's lower edge, in order.  torso, scalp: faces.  above_hairline: [V] metres.
    """

    border: Ints
    torso: Ints
    scalp: Ints
    above_hairline: Floats

    @classmethod
    def of(cls, head: HeadModel) -> "Tailor":
        skin = head.faces[head.face_part == PARTS.index("skin")]
        hairline = np.interp(head.mean[:, 2], [-0.11, -0.07, -0.03, 0.02, 0.09], [-0.085, -0.075, -0.06, -0.04, 0.0])
        above = hairline - head.mean[:, 1]
        torso, scalp = head.turn_weight[skin].min(1) < 0.6, above[skin].max(1) > -CAP_EDGE
        return cls(_border(skin, head.mean), skin[torso], skin[scalp], above)


def _border(skin: Ints, mean: Floats) -> Ints:
    """Vertices of the lower open edge, round the body."""
    edges = np.sort(np.concatenate([skin[:, [0, 1]], skin[:, [1, 2]], skin[:, [2, 0]]]), axis=1)
    edges, count = np.unique(edges, axis=0, return_counts=True)
    loose = np.unique(edges[count == 1])
    loose = loose[mean[loose, 1] > 0.1]
    middle = mean[loose].mean(0)
    return loose[np.argsort(np.arctan2(mean[loose, 2] - middle[2], mean[loose, 0] - middle[0]))].astype(np.int32)


def draw_garment(rng: np.random.Generator, tailor: Tailor, head: HeadModel, body: Floats, normals: Floats) -> Mesh:
    """A shirt, jumper or dress: plain or striped, its collar low or high."""
    collar = rng.choice([rng.uniform(0.03, 0.12), rng.uniform(0.12, 0.55)], p=[0.7, 0.3])
    thick = rng.uniform(0.003, 0.008)
    # the cloth dives under the skin where it ends, which makes a smooth edge
    lift = thick * np.clip((collar - head.turn_weight) / (0.3 * collar), -1, 1)[:, None]
    cover = tailor.torso[head.turn_weight[tailor.torso].min(1) < 1.3 * collar]
    border = body[tailor.border] + thick * normals[tailor.border]
    centre = border.mean(0)
    out = (border - centre) * np.array([1, 0, 1])
    level = centre + (border - centre) * np.array([0, 1, 0])
    rings = [level + out * wide + np.array([0, down, 0]) for wide, down in RINGS]
    vertices = np.concatenate([body + lift * normals, *rings]).astype(np.float32)
    index = np.concatenate([tailor.border, len(body) + np.arange(len(RINGS) * len(border))]).reshape(-1, len(border))
    faces = np.concatenate([cover, _strip(index)])
    colour = np.tile(_cloth_colour(rng), (len(vertices), 1))
    if rng.random() < 0.25:
        stripes = np.sin(vertices[:, 1] * rng.uniform(100, 500)) > rng.uniform(-0.8, 0.8)
        colour[stripes] = _cloth_colour(rng)
    return _compact(Mesh(vertices, _outward(vertices, faces, centre), faces, CLOTH, colour))


def _strip(index: NDArray) -> Ints:
    """Triangles between rows of vertices that close to rings."""
    a, b = index[:-1], index[1:]
    c, d = np.roll(b, -1, 1), np.roll(a, -1, 1)
    return np.stack([a, b, c, a, c, d], -1).reshape(-1, 3).astype(np.int32)


def _outward(vertices: Floats, faces: Ints, centre: Floats) -> Floats:
    normals = vertex_normals(vertices, faces)
    return normals * np.where(((vertices - centre) * normals).sum(1, keepdims=True) < 0, -1, 1)


def _cloth_colour(rng: np.random.Generator) -> Floats:
    """Mostly grey, white, black or blue; linear light."""
    grey = rng.uniform(0.02, 0.95)
    return srgb_to_linear(np.clip(grey + rng.normal(0, rng.choice([0.02, 0.25]), 3), 0.02, 0.97))


def draw_cap(rng: np.random.Generator, tailor: Tailor, body: Floats, normals: Floats) -> Mesh:
    """A close cap or scarf over the scalp."""
    lift = rng.uniform(0.006, 0.022) * np.clip(tailor.above_hairline / CAP_EDGE, -1, 1)[:, None]
    vertices = (body + lift * normals).astype(np.float32)
    colour = np.tile(_cloth_colour(rng), (len(body), 1))
    return _compact(Mesh(vertices, vertex_normals(vertices, tailor.scalp), tailor.scalp, CLOTH, colour))


def _compact(mesh: Mesh) -> Mesh:
    """The same without vertices that no face uses."""
    used, faces = np.unique(mesh.faces, return_inverse=True)
    kept = {name: getattr(mesh, name)[used] for name in ("vertices", "normals", "colour")}
    return replace(mesh, faces=faces.reshape(-1, 3).astype(np.int32), **kept)


def draw_glasses(rng: np.random.Generator, marks: Floats) -> list[Mesh]:
    """A frame with two lenses for the landmarks [70,3] of a head; sunglasses now and then."""
    across, down, ahead, middle = _face_axes(marks)
    half = np.linalg.norm(marks[42:48].mean(0) - marks[36:42].mean(0)) / 2
    width, height = half * rng.uniform(0.68, 0.92), half * rng.uniform(0.45, 0.8)
    power = rng.uniform(2, 5)  # from ellipse to rounded box
    turn = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    round_x, round_y = (np.sign(f) * np.abs(f) ** (2 / power) for f in (np.cos(turn), np.sin(turn)))
    thick = rng.choice([0.0006, 0.0011, 0.002])
    colour = srgb_to_linear(np.clip(rng.choice([0.04, 0.2, 0.6]) + rng.normal(0, 0.06, 3), 0, 1))
    dark = [*rng.integers(5, 60, 3), rng.integers(150, 252)]
    tint = np.array([[dark if rng.random() < 0.2 else [210, 220, 225, rng.integers(8, 35)]]])
    wires, lenses = [], []
    for side in (-1, 1):
        centre = middle + side * across * half * 1.02 + ahead * rng.uniform(0.012, 0.016) + down * 0.002
        rim = centre + round_x[:, None] * across * width + round_y[:, None] * down * height
        hinge = centre + side * across * width - down * height * 0.5
        ear = hinge + side * across * half * 0.18 - ahead * 0.105 + down * 0.004
        wires += [_tube(np.concatenate([rim, rim[:1]]), thick), _tube(np.stack([hinge, ear]), thick)]
        lenses.append(_lens(rim, centre, -ahead, tint.astype(np.uint8)))
    nose = middle + ahead * 0.016
    inner = half * 1.02 - width
    bridge = np.stack([nose - across * inner, nose - down * 0.003, nose + across * inner])
    return [_joined([*wires, _tube(bridge, thick)], colour), *lenses]


def _joined(pieces: list[tuple[Floats, Floats, Ints]], colour: Floats) -> Mesh:
    """Vertices, normals and faces of several pieces as one mesh of one colour."""
    starts = np.cumsum([0, *(len(vertices) for vertices, _, _ in pieces)])
    vertices, normals = (np.concatenate([piece[i] for piece in pieces]) for i in (0, 1))
    faces = np.concatenate([faces + start for (_, _, faces), start in zip(pieces, starts, strict=False)])
    return Mesh(vertices, normals, faces, FRAME, np.tile(colour, (len(vertices), 1)))


def _face_axes(marks: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Unit vectors across (picture right), down and ahead of the face, and the middle of the eyes."""
    left, right = marks[36:42].mean(0), marks[42:48].mean(0)
    across = (right - left) / np.linalg.norm(right - left)
    down = marks[8] - marks[27]
    down = down - across * (down @ across)
    down /= np.linalg.norm(down)
    return across, down, np.cross(down, across), (left + right) / 2


def _tube(line: Floats, radius: float) -> tuple[Floats, Floats, Ints]:
    """A round wire along a polyline [N,3]: vertices, normals, faces."""
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-12
    side = np.cross(along, [0.3, 0.5, 0.8])
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-12
    other = np.cross(along, side)
    turn = np.linspace(0, 2 * np.pi, 6, endpoint=False)
    normals = np.cos(turn)[None, :, None] * side[:, None] + np.sin(turn)[None, :, None] * other[:, None]
    vertices = (line[:, None] + radius * normals).reshape(-1, 3).astype(np.float32)
    faces = _strip(np.arange(len(vertices)).reshape(len(line), 6))
    return vertices, normals.reshape(-1, 3), faces


def _lens(rim: Floats, centre: Floats, normal: Floats, tint: NDArray[np.uint8]) -> Mesh:
    vertices = np.concatenate([rim, centre[None]]).astype(np.float32)
    ring = np.arange(len(rim))
    faces = np.stack([ring, np.roll(ring, -1), np.full(len(rim), len(rim))], -1).astype(np.int32)
    uv = np.full((len(faces), 3, 2), 0.5, np.float32)
    white = np.ones((len(vertices), 3), np.float32)
    return Mesh(vertices, np.tile(-normal, (len(vertices), 1)), faces, LENS, white, tint, uv, blended=True)
