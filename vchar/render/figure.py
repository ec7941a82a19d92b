"""A clothed figure as pieces: what a picture is drawn from, and what a file of it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vchar.errors import VcharError
from vchar.render.fabric import Unrolled, paint, rgb
from vchar.render.occlusion import occlusion
from vchar.render.picture import srgb_to_linear
from vchar.render.scene import CLOTH, EYE, SKIN, Floats, Material, Mesh
from vchar.rig.body import PARTS, vertex_normals
from vchar.rig.figure import BodyModel, Shape
from vchar.rig.garment import SOLE, Garment, Pattern
from vchar.rig.skinning import skin
from vchar.rig.wardrobe import KINDS, SLOTS, Kind, Wear

HIDDEN = 0.012  # metres inside a garment from which the body is left out
TUCKED = 0.035  # the same for what is worn on the legs inside a top
LEATHER = Material(roughness=0.55, reflectance=0.035)
SKIN_TONE, RUBBER = "#c79f86", "#dedbd4"
SOLES = "Soles"
PAINTED = 24  # garments whose pictures are kept, 3 MB each


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of the figure of one material, in the T-pose: N vertices, F triangles.

    vertices [N,3] (m).  faces [F,3].  colour [N,3] linear light, multiplied with the texture [h,w,3] sRGB, if any,
    which lies as uv [F,3,2] says.  occlusion [N]: 0..1.  bone_index, bone_weight [N,4]: the joints that it follows.
    """

    name: str
    material: Material
    vertices: Floats
    faces: NDArray[np.int32]
    colour: Floats
    bone_index: NDArray[np.uint8]
    bone_weight: Floats
    texture: NDArray[np.uint8] | None = None
    uv: Floats | None = None
    occlusion: Floats | None = None

    def only(self, faces: NDArray[np.bool_]) -> "Piece":
        """Some of the faces, and the vertices that they use."""
        used, numbered = np.unique(self.faces[faces], return_inverse=True)
        return replace(
            self,
            vertices=self.vertices[used],
            faces=numbered.reshape(-1, 3).astype(np.int32),
            colour=self.colour[used],
            bone_index=self.bone_index[used],
            bone_weight=self.bone_weight[used],
            uv=None if self.uv is None else self.uv[faces],
        )

    def mesh(self, moves: Floats) -> Mesh:
        """As one frame [J,3,4] of moves takes it."""
        vertices = skin(self.vertices, self.bone_index, self.bone_weight, moves)
        normals = vertex_normals(vertices, self.faces)
        looks = (self.colour, self.texture, self.uv, self.occlusion)
        return Mesh(vertices, normals, self.faces, self.material, *looks)


class Dresser:
    """Dresses bodies; keeps the garments that it has sewn, which fit everybody. Safe to share."""

    def __init__(self, model: BodyModel) -> None:
        self.model = model
        self._neutral = model.shape({})
        self._patterns = {name: Pattern.of(self._neutral, getattr(model, name)) for name in ("tights", "skirt")}
        # Pure caches: what they hold follows from their arguments alone.
        self._sewn = lru_cache(len(KINDS))(self._sew)
        self._unrolled = lru_cache(len(KINDS))(self._unroll)
        self._painted = lru_cache(PAINTED)(self._paint)

    def dress(self, shape: Shape, outfit: Sequence[Wear], skin_tone: str = SKIN_TONE) -> list[Piece]:
        """The body in its clothes; VcharError unless there is one garment for each of SLOTS.

        skin_tone: sRGB such as #c79f86.
        """
        worn = {KINDS[wear.kind].slot: wear for wear in outfit}
        if set(worn) != set(SLOTS) or len(worn) != len(outfit):
            raise VcharError(f"An outfit has one garment for each of {', '.join(SLOTS)}; add or drop some.")
        pieces = self._body(shape, worn, skin_tone)
        for slot in SLOTS:
            pieces += self._garment(shape, worn, slot)
        return _shaded(pieces)

    def _sew(self, kind: Kind) -> Garment:
        return Garment.sewn(self._patterns[kind.pattern], self._neutral, kind.cut)

    def _unroll(self, kind: Kind) -> Unrolled:
        return Unrolled.of(self._sewn(kind), kind.slot)

    def _paint(self, wear: Wear) -> NDArray[np.uint8]:
        return paint(self._unrolled(KINDS[wear.kind]), wear)

    def _body(self, shape: Shape, worn: Mapping[str, Wear], skin_tone: str) -> list[Piece]:
        """What the clothes leave bare, and the eyes."""
        model, places = self.model, self._neutral.vertices
        inside = np.max([KINDS[wear.kind].hides(places) for wear in worn.values()], axis=0)
        bare = inside[model.faces].min(1) < HIDDEN
        eyes = model.face_part == PARTS.index("eyes")
        plain = srgb_to_linear(model.albedo)
        colour = np.where(model.base_index[:, None] < 0, plain, srgb_to_linear(rgb(skin_tone)) * model.complexion)
        whole = Piece("Skin", SKIN, shape.vertices, model.faces, colour, model.bone_index, model.bone_weight)
        return [whole.only(bare & ~eyes), replace(whole.only(eyes), name="Eyes", material=EYE)]

    def _garment(self, shape: Shape, worn: Mapping[str, Wear], slot: str) -> list[Piece]:
        """One garment without what the one above hides; soles apart, for their sharp edge."""
        wear, kind = worn[slot], KINDS[worn[slot].kind]
        garment, vertices = self._sewn(kind), self._sewn(kind).fit(shape)
        shown = np.ones(len(garment.faces), bool)
        if slot == "bottom":
            shown = KINDS[worn["top"].kind].hides(garment.places)[garment.faces].min(1) < TUCKED
        material = LEATHER if slot == "shoes" else CLOTH
        whole = _plain(kind.label, material, garment, vertices, "#ffffff")
        whole = replace(whole, texture=self._painted(wear), uv=self._unrolled(kind).uv)
        soles = garment.part == SOLE
        pieces = [whole.only(shown & ~soles)]
        if soles.any():
            pieces.append(_plain(SOLES, CLOTH, garment, vertices, RUBBER).only(soles))
        return pieces


def _plain(name: str, material: Material, garment: Garment, vertices: Floats, colour: str) -> Piece:
    """A garment in one colour."""
    light = np.broadcast_to(srgb_to_linear(rgb(colour)), vertices.shape)
    return Piece(name, material, vertices, garment.faces, light, garment.bone_index, garment.bone_weight)


def sole_thickness(outfit: Sequence[Wear]) -> float:
    """How much an outfit's shoes lift the feet (m)."""
    return max(KINDS[wear.kind].cut.sole for wear in outfit)


def _shaded(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with how much of its surroundings each vertex sees in the T-pose."""
    starts = np.cumsum([0, *(len(piece.vertices) for piece in pieces)])
    faces = np.concatenate([piece.faces + start for piece, start in zip(pieces, starts, strict=False)])
    normals = np.concatenate([vertex_normals(piece.vertices, piece.faces) for piece in pieces])
    seen = occlusion(np.concatenate([piece.vertices for piece in pieces]), normals, faces, 24)
    per_face = np.repeat(seen[faces].mean(1), 3)  # the maps that it was read from are coarse
    smooth = np.bincount(faces.ravel(), per_face, len(seen)) / np.bincount(faces.ravel(), None, len(seen))
    parts = np.split(smooth.astype(np.float32), starts[1:-1])
    return [
        piece if piece.name == SOLES else replace(piece, occlusion=part)
        for piece, part in zip(pieces, parts, strict=True)
    ]
