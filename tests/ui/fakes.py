"""The same studio with a model that does nothing: for tests of the app and for the bench's bare app."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pygltflib as gltf
import torch
from PIL import Image, ImageChops, ImageDraw

from vchar.character import Character, Expression, Mix, View
from vchar.dressing import LICENCE, Figure, t_pose
from vchar.errors import VcharError
from vchar.export.gltf_file import GltfFile
from vchar.export.ground import cut_out
from vchar.export.sheet import PAPER
from vchar.expressing import Sitter, target, vector
from vchar.faces import Landmarks
from vchar.generators import Generator, known
from vchar.licence import Licence
from vchar.models.expression import EMOTIONS
from vchar.models.sliders import SliderSpec
from vchar.moving import Movement
from vchar.performing import Performance
from vchar.progress import Progress, silent
from vchar.reading import Reading
from vchar.rig.blendshapes import ARKIT_NAMES, PRESETS
from vchar.rig.clip import Clip
from vchar.studio import Studio, Subject
from vchar.turning import TRIED, Angles, Trust

SLIDERS = (
    SliderSpec("age", "Age", "Age & gender", "younger", "older"),
    SliderSpec("gender", "Gender", "Age & gender", "feminine", "masculine"),
    SliderSpec("skin_tone", "Skin tone", "Skin", "darker", "lighter"),
    SliderSpec("smile", "Smile", "Nose & mouth", "serious", "smiling"),
    SliderSpec("glasses", "Glasses", "Look & light", "none", "glasses", minimum=0.0),
)


LOOKS = (5.0, -3.2, 1.0)  # yaw, pitch and roll of every fake face
TRUST = Trust(LOOKS[0], np.tile(np.abs(TRIED[1] - LOOKS[0]) / 120, (3, 1)))  # from 9 left to 19 right
SMILE = {"mouthSmileLeft": 0.4, "mouthSmileRight": 0.4}  # what every fake face does by itself


@dataclass(frozen=True)
class FakeSitter(Sitter):
    """A sitter whose picture takes a tint from the expression, shown in the pixel at the top left, and moves aside."""

    picture: Image.Image

    @property
    def own(self) -> dict[str, float]:
        return {name: SMILE.get(name, 0.0) for name in ARKIT_NAMES}

    @property
    def frame(self) -> tuple[int, int, int, int]:
        side = min(self.picture.size)
        return 0, 0, side, side

    @property
    def angles(self) -> Angles:
        return LOOKS

    @property
    def trust(self) -> Trust:
        return TRUST

    def smaller(self, side: int) -> FakeSitter:
        small = self.picture.copy()
        small.thumbnail((side, side))
        return FakeSitter(small)

    def express(self, expression: Expression, strength: float = 1.0, view: View | None = None) -> Image.Image:
        weights = target(vector(SMILE), expression, strength)
        shown = ImageChops.offset(self.picture, round(view.yaw), -round(view.pitch)) if view else self.picture.copy()
        if not np.array_equal(weights, vector(SMILE)):
            shown = Image.blend(
                shown, Image.new("RGB", shown.size, f"hsl({int(weights @ np.arange(52)) * 7},80%,60%)"), 0.4
            )
            strongest = max(expression.emotions, key=lambda name: expression.emotions[name], default="neutral")
            shown.putpixel((0, 0), (0, 0, list(PRESETS).index(strongest)))
        return shown


@dataclass(frozen=True, eq=False)
class FakeFigure(Figure):
    """A body that is a rectangle in the colour of its top, as tall as its slider says."""

    @classmethod
    def of(cls, character: Character) -> FakeFigure:
        return cls(character.body, None, None, str)  # pyright: ignore[reportArgumentType]

    def picture(self, clip: Clip | None = None, seconds: float = 0, size: int = 512, yaw: float = 25) -> Image.Image:
        image = Image.new("RGBA", (size, size))
        height = round(size * (0.6 + 0.3 * self.body.shape.get("height", 0)))
        image.paste(self.body.top.colour, (size // 3, size - height, 2 * size // 3, size))
        return image

    def placed(self, clip: Clip) -> Clip:
        return clip

    def film(self, clip: Clip, size: int = 512, yaw: float = 25, every: int = 1) -> Iterator[Image.Image]:
        yield from (self.picture(size=size) for _ in range(3))

    def strip(self, clip: Clip, count: int = 8, size: int = 256, yaw: float = 25) -> Image.Image:
        return self.picture(size=size).resize((count * size, size))

    def glb(self, clips: Mapping[str, Clip], character: Character, licence: Licence = LICENCE) -> bytes:
        return triangle(character, licence)


class FakeFaces:
    """A generator of flat colours, derived from the recipe, with the seed written on them."""

    licence = Licence("Flat colours", "made for tests", "No model made this picture.")
    note, layered, find_place = "", True, None

    def __init__(
        self,
        failures: Iterable[str] = (),
        ready: bool = True,
        model: str = Character().model,
        label: str = "Flat",
        sliders: tuple[SliderSpec, ...] = SLIDERS,
        licence: Licence = licence,
    ) -> None:
        """failures: sentences with which the next calls of `prepare` fail."""
        self.model, self.label, self.sliders, self.licence = model, label, sliders, licence
        self._awake, self._failures = ready, list(failures)

    @property
    def ready(self) -> bool:
        return self._awake

    def prepare(self, progress: Progress = silent) -> None:
        if self._awake:
            return
        progress(0.5, "Fetching nothing (38 MB), 19 MB so far")
        if self._failures:
            raise VcharError(self._failures.pop(0))
        self._awake = True

    def draw(self, face: Character, size: int) -> Image.Image:
        known(face.sliders, self.sliders)
        image = Image.new("RGB", (size, size), colour(replace(face, expression=Expression(), view=None)))
        ImageDraw.Draw(image).text((size // 8, size // 8), f"seed {face.seed}", fill="white", font_size=size // 10)
        return image

    def actor(self, face: Character, size: int) -> FakeSitter:
        return FakeSitter(self.draw(face, size))


class FakeStudio(Studio):
    """A `Studio` that knows nothing of real faces."""

    def __init__(self, *generators: Generator) -> None:
        super().__init__(torch.device("cpu"), generators or (FakeFaces(),))

    def on_ground(self, picture: Image.Image, ground: str, colour: str = PAPER) -> Image.Image:
        """The left half of every picture is somebody."""
        somebody = np.tile(np.arange(picture.width) < picture.width / 2, (picture.height, 1)).astype(np.float32)
        return picture if ground == "photo" else cut_out(picture, somebody, ground, colour)

    def faces(self, image: Image.Image) -> list[Landmarks]:
        """Two faces in a wide picture, none in a black one, else one."""
        if max(high for _, high in image.getextrema()) == 0:  # pyright: ignore
            return []
        centres = (0.3, 0.7) if image.width > image.height else (0.5,)
        reach = np.stack(np.meshgrid(np.linspace(-0.12, 0.12, 10), np.linspace(-0.25, 0.25, 7)), -1).reshape(70, 2)
        return [
            Landmarks(((reach + np.array([x, 0.5])) * image.size).astype(np.float32), np.ones(70, np.float32))
            for x in centres
        ]

    def read(self, image: Image.Image, face: int = 0, name: str = "this picture") -> Reading:
        faces = self.faces(image)
        if not faces:
            raise VcharError(f"No face found in {name}. Try cropping it.")
        own = FakeSitter(image).own
        points = tuple((float(x), float(y)) for x, y in faces[face].points)
        return Reading(self.emotions(image), own, 1.0, 2.0, 3.0, points, 0.9, faces[face].box, face, len(faces))

    def emotions(self, image: Image.Image, face: int = 0, name: str = "this picture") -> dict[str, float]:
        """What the pixel at the top left says; "angry" is taken for "disgusted"."""
        pixel = image.convert("RGB").getpixel((0, 0))
        shown = list(PRESETS)[pixel[2]] if isinstance(pixel, tuple) and pixel[:2] == (0, 0) else "happy"
        first = {"angry": "disgusted"}.get(shown, shown if shown in EMOTIONS else "neutral")
        return {first: 0.71, **{emotion: 0.29 / 7 for emotion in EMOTIONS if emotion != first}}

    def sitter(self, subject: Subject, face: int = 0, size: int = 1024, name: str = "this picture") -> Sitter:
        if isinstance(subject, Sitter | Character):
            return super().sitter(subject, face, size, name)
        self.read(subject, face, name)
        return FakeSitter(subject)

    def head(self, subject: Subject, face: int = 0, recipe: Character | None = None) -> bytes:
        return triangle(recipe, self.licence(recipe) if recipe else None)

    def skin_tone(self, subject: Subject, face: int = 0) -> str:
        return "#8d5a3b"

    def figure(self, character: Character) -> Figure:
        return FakeFigure.of(character)

    @property
    def actions(self) -> dict[str, str]:  # pyright: ignore[reportIncompatibleVariableOverride]
        return {"kick": "a person kicks", "walk": "a person walks", "wave": "a person waves"}

    def perform(self, character: Character, progress: Progress = silent) -> Performance:
        """Knows the actions that a prompt's steps have in them; whatever it does looks the same."""
        steps = character.motion.steps
        if not steps:
            raise VcharError("There is no prompt; say what the character should do, such as 'a person waves'.")
        progress(0.5, "Moving")
        known = {step: next((name for name in self.actions if name in step), "") for step in steps}
        strange = tuple(step for step, name in known.items() if not name)
        movement = Movement(t_pose(), tuple(name or "kick" for name in known.values()), strange)
        return Performance(character, self.figure(character), movement)

    def variations(
        self, character: Character, n: int = 8, strength: float = 0.3, seed: int = 0, keep: Iterable[str] = ()
    ) -> list[Character]:
        return [
            replace(character, mixes=(Mix(1000 * seed + place, strength, strength, tuple(keep)),)) for place in range(n)
        ]

    def surprise(self, character: Character, strength: float, seed: int, keep: Iterable[str] = ()) -> Character:
        sliders = {name: value for name, value in character.sliders.items() if name in set(keep)}
        return replace(character, seed=seed, sliders=sliders, mixes=())


def triangle(recipe: Character | None, licence: Licence | None) -> bytes:
    """A GLB of one triangle."""
    file = GltfFile()
    corners = file.accessor(np.eye(3, dtype=np.float32), bounds=True)
    file.tree.meshes.append(gltf.Mesh(primitives=[gltf.Primitive(attributes=gltf.Attributes(POSITION=corners))]))
    file.tree.scenes = [gltf.Scene(nodes=[file.node(mesh=0)])]
    file.describe(recipe, licence, "triangle")
    return file.to_bytes()


def colour(character: Character) -> tuple[int, int, int]:
    """The colour of the fake portrait: another recipe, another colour."""
    digest = hashlib.sha256(replace(character, name="").to_json().encode()).digest()
    return digest[0], digest[1], digest[2]
