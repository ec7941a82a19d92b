"""A person as meshes: the head model's parts, cards of hair, clothes, and where the landmarks are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vchar.data.assets import Assets
from vchar.data.brows import brow_points
from vchar.data.look import Look
from vchar.data.person import Person, turn_points
from vchar.data.proxy import Proxy
from vchar.data.wear import Tailor, draw_cap, draw_garment, draw_glasses
from vchar.render.occlusion import occlusion
from vchar.render.picture import srgb_to_linear
from vchar.render.scene import BROW, EYE, HAIR, SKIN, TONGUE, TOOTH, Material, Mesh
from vchar.rig.body import PARTS, PIVOT, HeadModel, vertex_normals

Floats = NDArray[np.floating]
EYE_SPAN = 50.0  # degrees from the pupil that the picture of an eye shows, which makes irises 11.5 mm wide
TEXTURE_GREY = 188 / 255  # sRGB of the average strand on a card
BROWS = slice(17, 27)


@dataclass(frozen=True)
class Figure:
    """meshes: everything, in the order to draw it.  landmarks: [70,3] metres; known: [70] False where not defined.

    worn: which of "cap" and "glasses".
    """

    meshes: list[Mesh]
    landmarks: Floats
    known: NDArray[np.bool_]
    worn: frozenset[str] = frozenset()


class Sculptor:
    """Makes figures; knows what of the head model never changes."""

    def __init__(self, head: HeadModel, assets: Assets) -> None:
        self.head = head
        self._brow_marks = [
            brow_points(brow.follow(head.mean), brow.faces, brow.uv, brow.texture[..., 3] / 255)
            for brow in assets.brows
        ]
        self._occlusion = _occlusion_basis(head)
        self._tailor = Tailor.of(head)
        self._parts = _parts(head)

    def figure(
        self, rng: np.random.Generator, person: Person, look: Look, turning: tuple[float, float, float]
    ) -> Figure:
        """The person with the head turned on its neck by (yaw, pitch, roll) degrees, dressed."""
        shape = self.head.shape(person.phenotype, person.local, person.arkit)
        vertices = person.proportions.bend(shape)
        body, cards = self._turned(vertices, look, turning)
        normals = self.head.normals(body)
        meshes = self._body_meshes(person, look, body, normals)
        meshes += [_card_mesh(card, at, look, body) for card, at in cards]
        if look.brows is not None and rng.random() < 0.4:
            meshes.append(_card_mesh(*cards[0], look, body))  # twice as dense
        marks, known = body[self.head.landmarks], np.ones(70, bool)
        known[BROWS] = look.brows is not None
        if look.brows is not None:
            face, bary = self._brow_marks[look.brow_number]
            marks[BROWS] = (cards[0][1][look.brows.faces[face]] * bary[..., None]).sum(1)
        meshes.append(draw_garment(rng, self._tailor, self.head, body, normals))
        worn = []
        if look.hair is None and rng.random() < 0.15:
            meshes.append(draw_cap(rng, self._tailor, body, normals))
            worn.append("cap")
        if rng.random() < 0.16:
            meshes += draw_glasses(rng, marks)
            worn.append("glasses")
        return Figure(meshes, marks, known, frozenset(worn))

    def _turned(
        self, vertices: Floats, look: Look, turning: tuple[float, float, float]
    ) -> tuple[Floats, list[tuple[Proxy, Floats]]]:
        """The body's vertices and those of each card, brows first, with the head turned."""
        cards = [card for card in (look.brows, look.lashes, look.hair) if card is not None]
        weights = [(card.weight * self.head.turn_weight[card.index]).sum(1) for card in cards]
        points = np.concatenate([vertices, *(card.follow(vertices) for card in cards)])
        placed = turn_points(points, np.concatenate([self.head.turn_weight, *weights]), turning, PIVOT)
        body, *rest = np.split(placed, np.cumsum([len(vertices), *(len(weight) for weight in weights)])[:-1])
        return body, list(zip(cards, rest, strict=True))

    def _body_meshes(self, person: Person, look: Look, body: Floats, normals: Floats) -> list[Mesh]:
        seen = self._occlusion[0] + np.tensordot(person.arkit, self._occlusion[1], 1)
        seen = np.clip(seen, 0.02, 1).astype(np.float32)
        plain = srgb_to_linear(self.head.albedo)
        meshes = []
        for part in self._parts:
            at = part.vertices
            colour, texture = np.ones((len(at), 3), np.float32), None
            shade = seen[at]
            if part.material is SKIN:
                texture = look.skin
            elif part.material is EYE:  # wet and white: light finds its way in under the lids
                colour, texture, shade = colour * look.eye_white, look.eye, 0.35 + 0.65 * shade
            else:
                colour = plain[at] * look.tooth
            meshes.append(
                Mesh(body[at], normals[at], part.faces, part.material, colour, texture, part.uv, occlusion=shade)
            )
        return meshes


@dataclass(frozen=True)
class _Part:
    """A piece of the head of one material: which vertices it has, its faces among them, their uv."""

    material: Material
    vertices: NDArray[np.integer]
    faces: NDArray[np.int32]
    uv: Floats


def _parts(head: HeadModel) -> list[_Part]:
    """Skin (with the cavity), eyes, teeth, tongue."""
    found = []
    for names, material in ((("skin", "cavity"), SKIN), (("eyes",), EYE), (("teeth",), TOOTH), (("tongue",), TONGUE)):
        chosen = np.isin(head.face_part, [PARTS.index(name) for name in names])
        uv = head.uv[chosen]
        if material is EYE:
            uv = ((uv - 0.5) * (180 / EYE_SPAN) + 0.5).clip(0.001, 0.999)
        vertices, faces = np.unique(head.faces[chosen], return_inverse=True)
        found.append(_Part(material, vertices, faces.reshape(-1, 3).astype(np.int32), uv))
    return found


def _card_mesh(card: Proxy, at: Floats, look: Look, body: Floats) -> Mesh:
    """Brows, lashes or hair as a blended mesh."""
    colour = srgb_to_linear(look.hair_colour) / srgb_to_linear(np.array(TEXTURE_GREY))
    normals = vertex_normals(at, card.faces)
    is_hair = card is look.hair
    if is_hair:  # lit as the round head below it is
        away = at - body.mean(0)
        normals = normals + 1.5 * away / np.linalg.norm(away, axis=1, keepdims=True)
        normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-9
    else:
        colour = colour * 0.5
    tint = np.tile(colour, (len(at), 1)).astype(np.float32)
    bias, material = (0.0, HAIR) if is_hair else (-0.002, BROW)
    return Mesh(at, normals, card.faces, material, tint, card.texture, card.uv, depth_bias=bias, blended=True)


def _occlusion_basis(head: HeadModel) -> tuple[Floats, Floats]:
    """How much each vertex sees at rest [V], and what each ARKit action at 1 adds [52,V]."""
    directions = 24

    def seen(vertices: Floats) -> Floats:
        return occlusion(vertices, head.normals(vertices), head.faces, directions)

    rest = seen(head.mean)
    return rest, np.stack([seen(head.mean + move) - rest if move.any() else np.zeros_like(rest) for move in head.arkit])
