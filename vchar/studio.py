"""Studio: the product's verbs. Every verb is a pure function of its arguments and the loaded models."""

import functools
import random
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import cos, pi, prod, sin

import torch
from PIL import Image

from vchar import checkpoint, moving, portraits
from vchar.character import MAX_SEED, Body, Character, Expression, Mix, Motion, View
from vchar.dressing import SKIN_TONE, Figure, Wardrobe
from vchar.errors import VcharError
from vchar.export.ground import cut_out
from vchar.export.sheet import PAPER, sheet
from vchar.expressing import Posed, Sitter, full_strength
from vchar.faces import Landmarks
from vchar.generators import Generator, known
from vchar.generators.photo_real import PhotoReal
from vchar.generators.studio import StudioFaces
from vchar.lazy import Lazy
from vchar.licence import Licence
from vchar.matting import Matter
from vchar.moving import Movement, Mover
from vchar.performing import Performance
from vchar.progress import Progress, silent
from vchar.reading import Reader, Reading
from vchar.refining import Refiner
from vchar.rig.blendshapes import PRESETS
from vchar.rig.clip import Clip
from vchar.rig.fit import Fit
from vchar.sculpting import Sculptor
from vchar.turning import FRAMES, Trust, sweep

SIZES = (256, 512, 1024)
READ_SIZE = 512  # px at which generated faces are read
KEPT_SITTERS, KEPT_FITS = 6, 64  # of generated faces; a sitter of 1024 px takes some 60 MB
KEPT_FIGURES, KEPT_MOVEMENTS = 8, 32  # a figure takes some 10 MB
ROWS = (3, 4)  # of an expression sheet, and as many columns
Subject = Character | Image.Image | Sitter  # whoever is asked for an expression or a view


@dataclass(frozen=True)
class _Asked:
    """A motion and who hears how far it is, which makes it no other motion."""

    motion: Motion
    progress: Progress = field(compare=False)


class Studio:
    """Loaded models and what can be done with them; safe to share between threads and visitors."""

    def __init__(self, device: torch.device, generators: Sequence[Generator]) -> None:
        self._generators = tuple(generators)
        self._reader = Lazy(lambda _: Reader.load(device))
        self._matter = Lazy(lambda _: Matter.load(device))
        self._refiner = Lazy(lambda _: Refiner.load(checkpoint.shipped("portrait"), device))
        self._mover = Lazy(lambda progress: Mover.load(progress))
        self._sculptor = Lazy(lambda _: Sculptor.load(self._reader().head))
        self._wardrobe = Lazy(lambda _: Wardrobe.load())
        # Pure caches: what they hold follows from the recipe alone.
        self._posed = functools.lru_cache(KEPT_SITTERS)(self._pose)
        self._tone = functools.lru_cache(KEPT_FITS)(self._read_tone)
        self._figure = functools.lru_cache(KEPT_FIGURES)(self._dress)
        self._movement = functools.lru_cache(KEPT_MOVEMENTS)(self._move)
        self._fit = functools.lru_cache(KEPT_FITS)(self._read_fit)

    @classmethod
    def load(cls, device: str | torch.device | None = None, dtype: torch.dtype | None = None) -> "Studio":
        """A studio on `device` (default: the GPU if there is one) computing in `dtype` (default: the faster one).

        Returns at once; networks load with the first picture, or by a generator's `prepare`.
        """
        device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        generators: list[Generator] = [PhotoReal(device, dtype)]
        if (ours := checkpoint.shipped("face-studio")).is_dir():
            generators.append(StudioFaces(ours, device, dtype))
        return cls(device, generators)

    @property
    def generators(self) -> tuple[Generator, ...]:
        """What can make faces, the one that a new character starts with first."""
        return self._generators

    def generator(self, character: Character) -> Generator:
        """What makes this character's face; VcharError when this vchar doesn't have it."""
        for generator in self.generators:
            if generator.model == character.model:
                return generator
        raise VcharError(
            f"This character needs the model {character.model!r}, which this vchar doesn't have; update vchar."
        )

    def licence(self, character: Character) -> Licence:
        """What one may do with the character's pictures."""
        return self.generator(character).licence

    def portrait(self, character: Character, size: int = 1024) -> Image.Image:
        """The character's portrait, RGB, `size` pixels square (256, 512 or 1024).

        Raises VcharError for another size, an unknown slider or model, when the weights can't be had, or when the
        face can't be read and so not made to take the character's expression.
        """
        if size not in SIZES:
            raise VcharError(
                f"Portraits are made at {', '.join(map(str, SIZES))} pixels, not {size}; choose one of these."
            )
        if character.expression == Expression() and character.view is None:
            return self.generator(character).draw(character, size)
        return self.express(character, character.expression, size=size)

    def variations(
        self, character: Character, n: int = 8, strength: float = 0.3, seed: int = 0, keep: Iterable[str] = ()
    ) -> list[Character]:
        """`n` (1..64) relatives of the character, `strength` 0..1 away; `keep` names sliders whose reading stays."""
        if not 1 <= n <= 64:
            raise VcharError(f"Between 1 and 64 variations can be made at once, not {n}.")
        keep = known(keep, self.generator(character).sliders)
        draw = random.Random(seed)
        seeds = [draw.randint(0, MAX_SEED) for _ in range(n)]
        return [_with_mix(character, Mix(s, strength, strength, keep)) for s in seeds]

    def surprise(self, character: Character, strength: float, seed: int, keep: Iterable[str] = ()) -> Character:
        """A new person, at `strength` 1, or one part of the way (0..1) there.

        Sliders fade to neutral by `strength`, but for those named by `keep`: their values and readings stay.
        """
        keep = known(keep, self.generator(character).sliders)
        mixed = _with_mix(character, Mix(seed, strength, strength, keep))
        sliders = {n: v if n in keep else v * (1 - strength) for n, v in character.sliders.items()}
        if strength == 1 and not keep:
            return replace(character, seed=seed, place="", mixes=(), sliders=sliders)
        return replace(mixed, sliders=sliders)

    def like(self, image: Image.Image, face: int = 0, name: str = "this picture") -> Character:
        """A character like one face in a picture, 0 the largest, calm and looking ahead: in looks, not the person.

        It is of the Studio generator, whose encoder finds it a place; as unlike the average face as the picture is.
        Raises VcharError where either is missing or, calling the picture `name`, if no face can be read.
        """
        for generator in self.generators:
            if find_place := generator.find_place:
                picture, reader = portraits.normalise(image), self._reader()
                fit = reader.fit(picture, reader.face(picture, face, name))
                place = find_place(picture, reader.head, fit)
                seed = zlib.crc32(place.encode())
                return Character(seed, truncation_psi=1.0, model=generator.model, place=place)
        raise VcharError(
            "Faces like a picture's are made by the Studio generator with its encoder, which this vchar doesn't have; "
            "update vchar."
        )

    def faces(self, image: Image.Image) -> list[Landmarks]:
        """Every face in a picture, largest first; none where there is none."""
        return self._reader().faces(portraits.normalise(image))

    def read(self, image: Image.Image, face: int = 0, name: str = "this picture") -> Reading:
        """What one face in a picture shows, 0 the largest; VcharError, calling it `name`, if none can be read."""
        return self._reader().read(portraits.normalise(image), face, name)

    def emotions(self, image: Image.Image, face: int = 0, name: str = "this picture") -> dict[str, float]:
        """Probability of each emotion in one face, likeliest first: the quick part of `read`."""
        picture, reader = portraits.normalise(image), self._reader()
        return reader.emotions(picture, reader.face(picture, face, name))

    def sitter(self, subject: Subject, face: int = 0, size: int = 1024, name: str = "this picture") -> Sitter:
        """A character at `size` pixels, or one face of a picture, made ready for any number of expressions and views.

        A character's own expression and view are left out. Raises VcharError, calling a picture `name`, if no face can
        be read.
        """
        if isinstance(subject, Sitter):
            return subject
        actor = self.generator(subject).actor(subject.face, size) if isinstance(subject, Character) else None
        return actor or self.posed(subject, face, size, name)

    def posed(self, subject: Subject, face: int = 0, size: int = 1024, name: str = "this picture") -> Posed:
        """As `sitter`, but in any case as a picture and the head behind it."""
        if isinstance(subject, Posed):
            return subject
        if isinstance(subject, Character):
            return self._posed(subject.face, size)
        picture = portraits.normalise(subject.picture if isinstance(subject, Sitter) else subject)
        reader = self._reader()
        return Posed.pose(reader.head, picture, reader.fit(picture, reader.face(picture, face, name)), self._refiner())

    def express(
        self, subject: Subject, expression: Expression, strength: float = 1.0, face: int = 0, size: int = 1024
    ) -> Image.Image:
        """`subject` with `expression` and no other, RGB; `strength` (0..1) goes part of the way. See `sitter`.

        A character looks where its recipe says.
        """
        view = subject.view if isinstance(subject, Character) else None
        return self.sitter(subject, face, size).express(expression, strength, view)

    def expressions(
        self,
        subject: Subject,
        names: Iterable[str] = PRESETS,
        face: int = 0,
        size: int = 1024,
        ground: str = "photo",
        colour: str = PAPER,
    ) -> Iterator[tuple[str, Image.Image]]:
        """`subject` with each of the named emotions, one by one, as square pictures round the head; see `sitter`."""
        sitter = self.sitter(subject, face, size)
        for name in names:
            yield name, self.on_ground(sitter.express(full_strength(name)).crop(sitter.frame), ground, colour)

    def on_ground(self, picture: Image.Image, ground: str, colour: str = PAPER) -> Image.Image:
        """An RGB picture of a person on another ground.

        "photo": its own.  "plain": `colour` (RGB).  "transparent": none (RGBA), with the person's own colours at the
        edges. Raises VcharError for another ground or what is no colour.
        """
        if ground == "photo":
            return picture
        return cut_out(picture, self._matter().matte(picture).person, ground, colour)

    def expression_sheet(
        self, subject: Subject, rows: int = 3, ground: str = "photo", face: int = 0, colour: str = PAPER
    ) -> Image.Image:
        """The first `rows` * `rows` emotions (3 or 4 rows) on one page; `ground` as in `on_ground`."""
        if rows not in ROWS:
            raise VcharError(f"An expression sheet has 3 or 4 rows and columns, not {rows}; choose one of these.")
        sitter = self.sitter(subject, face, READ_SIZE).smaller(READ_SIZE)
        found = self.expressions(sitter, list(PRESETS)[: rows * rows], ground=ground, colour=colour)
        return sheet(dict(found), rows, ground, colour=colour)

    def turn(
        self,
        subject: Subject,
        yaw: float = 0.0,
        pitch: float = 0.0,
        roll: float = 0.0,
        expression: Expression | None = None,
        face: int = 0,
        size: int = 1024,
        ground: str = "photo",
        colour: str = PAPER,
    ) -> Image.Image:
        """`subject` looking where the angles say, in degrees, whatever way it looked before, RGB; see `View`.

        `expression` comes with it in one edit; None: that of a character, or what the face in a picture does. What
        can be made of the picture depends on the angle: ask `trust`. See `sitter`, and `on_ground` for the ground.
        """
        view, sitter = View(yaw, pitch, roll), self.sitter(subject, face, size)
        return self.on_ground(sitter.express(_asked(subject, expression), view=view), ground, colour)

    def trust(self, subject: Subject, face: int = 0) -> Trust:
        """How far `subject` can be turned before what one sees is a guess."""
        return self.sitter(subject, face, SIZES[0]).trust

    def turnaround(
        self,
        subject: Subject,
        expression: Expression | None = None,
        pitch: float = 0.0,
        face: int = 0,
        ground: str = "photo",
        colour: str = PAPER,
    ) -> Iterator[tuple[str, Image.Image]]:
        """Seven views from 45 degrees left to 45 right, one by one, by name; see `turn` and `Sitter.turnaround`."""
        sitter = self.sitter(subject, face, READ_SIZE).close_up(READ_SIZE)
        for name, view in sitter.turnaround(_asked(subject, expression), pitch):
            yield name, self.on_ground(view, ground, colour)

    def turntable(
        self,
        subject: Subject,
        expression: Expression | None = None,
        pitch: float = 0.0,
        face: int = 0,
        frames: int = FRAMES,
        ground: str = "photo",
        colour: str = PAPER,
    ) -> Iterator[Image.Image]:
        """The frames of a head that turns in a closed loop, one by one; see `turn` and `Sitter.turntable`."""
        sitter = self.sitter(subject, face, READ_SIZE).close_up(READ_SIZE)
        turning = zip(sweep(frames), sitter.turntable(_asked(subject, expression), pitch, frames), strict=True)
        made: dict[float, Image.Image] = {}
        for yaw, frame in turning:
            if yaw not in made:
                made[yaw] = self.on_ground(frame, ground, colour)
            yield made[yaw]

    def head(self, subject: Subject, face: int = 0, recipe: Character | None = None) -> bytes:
        """The head of `subject` at rest as a GLB file: textured, with the 52 ARKit morph targets; see `sitter`.

        Hair has a mesh of its own. `recipe` says whose head a sitter's is; a character knows.
        """
        recipe = subject if isinstance(subject, Character) else recipe
        posed = self.posed(subject, face)
        hair = self._matter().matte(posed.picture).hair
        return self._sculptor().glb(posed, hair, recipe, self.licence(recipe) if recipe else None)

    def skin_tone(self, subject: Subject, face: int = 0) -> str:
        """The usual colour of the skin that one sees of `subject`, sRGB such as #c79f86; see `sitter`."""
        return self._sculptor().tone(self.posed(subject, face, READ_SIZE))

    def figure(self, character: Character) -> Figure:
        """The character's body in its clothes; unless the recipe says, its skin has the face's tone.

        A face that can't be read leaves the body its plain skin. Raises VcharError, once the skin is to be seen, when
        the face's weights can't be had.
        """
        body = character.body
        return self._figure(body, None if body.skin else character.face)

    def animate(
        self,
        character: Character,
        prompt: str,
        seconds: float = 4.0,
        seed: int = 0,
        *,
        energy: float = 0.0,
        loop: bool = False,
        in_place: bool = False,
        foot_lock: bool = True,
        progress: Progress = silent,
    ) -> Clip:
        """What a prompt, or several, one a line, asks the character's body to do; see `vchar.character.Motion`."""
        motion = Motion(prompt, seconds, seed, energy, loop, in_place, foot_lock)
        return self.perform(replace(character, motion=motion), progress).clip

    def perform(self, character: Character, progress: Progress = silent) -> Performance:
        """The character doing what its recipe's motion says, ready to be looked at and written as a file.

        The first time ever 84 MB are fetched. Raises VcharError for a prompt that says nothing; raise inside
        `progress` to cancel.
        """
        movement = self._movement(_Asked(character.motion, progress))
        progress(1.0, "Dressing")
        return Performance(character, self.figure(character), movement)

    @cached_property
    def actions(self) -> Mapping[str, str]:
        """The known actions, each with a prompt for it."""
        return moving.known_actions()

    def _move(self, asked: _Asked) -> Movement:
        motion = asked.motion
        options = {name: getattr(motion, name) for name in ("energy", "loop", "in_place", "foot_lock")}
        prompt = motion.steps if len(motion.steps) > 1 else motion.prompt
        mover = self._mover(asked.progress)
        return mover.animate(prompt, motion.seconds, motion.seed, **options, progress=asked.progress)

    def _dress(self, body: Body, face: Character | None) -> Figure:
        return self._wardrobe().figure(body, lambda: self._tone(face) if face else SKIN_TONE)

    def _read_tone(self, face: Character) -> str:
        self.generator(face).prepare()
        try:
            return self.skin_tone(face)
        except VcharError:
            return SKIN_TONE

    def _pose(self, character: Character, size: int) -> Posed:
        fit = self._fit(character).scaled(size / READ_SIZE)
        return Posed.pose(self._reader().head, self.portrait(character, size), fit, self._refiner())

    def _read_fit(self, character: Character) -> Fit:
        picture, reader = self.portrait(character, READ_SIZE), self._reader()
        return reader.fit(picture, reader.face(picture, 0, "this generated face"))


def _asked(subject: Subject, expression: Expression | None) -> Expression:
    return expression or (subject.expression if isinstance(subject, Character) else Expression())


def _with_mix(character: Character, mix: Mix) -> Character:
    """One more face mixed in; a full recipe lets go of the one that shows least."""
    mixes = [*character.mixes, mix]
    if len(mixes) > character.most_mixes:
        shares = [_share(mixes, i) for i in range(len(mixes) - 1)]
        mixes.pop(shares.index(min(shares)))
    return replace(character, mixes=tuple(mixes))


def _share(mixes: Sequence[Mix], i: int) -> float:
    """How much of the i-th face is left after those mixed in later."""

    def part(name: str) -> float:
        later = prod(cos(getattr(m, name) * pi / 2) for m in mixes[i + 1 :])
        return sin(getattr(mixes[i], name) * pi / 2) * later

    return max(part("shape"), part("colouring"))
