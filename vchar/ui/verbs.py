"""What the endpoints do: the studio's verbs, from files and text to files and text."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache
from gradio.utils import get_upload_folder
from PIL import Image

from vchar import dressing
from vchar.character import Character, Expression, Motion, View
from vchar.errors import VcharError
from vchar.export.files import packed
from vchar.export.png import photo_png_bytes, png_bytes, title_of
from vchar.export.sheet import GROUNDS, PAPER, strip
from vchar.export.video import LARGEST, animation_bytes, check_ground
from vchar.expressing import Sitter
from vchar.performing import KINDS, Form
from vchar.studio import READ_SIZE, ROWS, SIZES, Studio
from vchar.turning import FPS
from vchar.ui.photo import take_picture

TURNAROUNDS = ("png", *LARGEST)  # formats
BODIES = ("png", "glb")


def _plain_errors(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Let a caller see the sentence of a VcharError instead of "an error has occurred"."""

    @functools.wraps(verb)
    def wrapped(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (whatever the verb returns)
        try:
            return verb(*args, **kwargs)
        except VcharError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return wrapped


class Verbs:
    """One method an endpoint; their docstrings are what a caller reads."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    @_plain_errors
    def portrait(self, recipe: str, size: int = SIZES[-1]) -> str:
        """Draw the portrait of a character.

        Args:
            recipe: a vchar recipe as JSON, a vchar code, or a vchar link with ?c=.
            size: width and height of the picture in pixels: 256, 512 or 1024.

        Returns:
            A PNG that carries the recipe, the licence and the mark of AI-generated media.
        """
        character = Character.parse(recipe)
        return self._file(self._studio.portrait(character, size), character)

    @_plain_errors
    def variations(self, recipe: str, n: int = 8, strength: float = 0.3, seed: int = 0) -> list[str]:
        """Find relatives of a character.

        Args:
            recipe: a vchar recipe as JSON, a vchar code, or a vchar link with ?c=.
            n: how many, 1 to 64.
            strength: how far from the character, 0 (the same) to 1 (someone else).
            seed: another seed gives other relatives; the same seed gives the same ones.

        Returns:
            A vchar code for each relative, for `/portrait` or a link.
        """
        return [found.to_code() for found in self._studio.variations(Character.parse(recipe), n, strength, seed)]

    @_plain_errors
    def like(self, picture: str | None, face: int = 0) -> str:
        """Make a character like the face in a picture: in looks, not the same person. The picture is not kept.

        Args:
            picture: a JPEG, PNG, WebP, GIF, BMP or TIFF file.
            face: which face, 0 is the largest.

        Returns:
            A vchar code, for `/portrait` or a link.
        """
        opened, name = take_picture(_given(picture))
        return self._studio.like(opened, face, name).to_code()

    @_plain_errors
    def read(self, picture: str | None, face: int = 0) -> dict[str, Any]:
        """Tell what a face in a picture does and feels. The picture is not kept.

        Args:
            picture: a JPEG, PNG, WebP, GIF, BMP or TIFF file.
            face: which face, 0 is the largest.

        Returns:
            Probability of each emotion, 52 ARKit weights, head pose in degrees, 70 landmarks in pixels, confidence.
        """
        opened, name = take_picture(_given(picture))
        return json.loads(self._studio.read(opened, face, name).to_json())

    @_plain_errors
    def express(
        self,
        recipe: str,
        picture: str | None,
        emotions: dict[str, float],
        arkit: dict[str, float],
        neutralise: bool = False,
        strength: float = 1.0,
        face: int = 0,
        size: int = SIZES[-1],
    ) -> str:
        """Change what a face does: that of a recipe, or of a picture, which is not kept.

        Args:
            recipe: a vchar recipe as JSON, a vchar code, or a vchar link with ?c=; empty for a picture.
            picture: a JPEG, PNG, WebP, GIF, BMP or TIFF file, where there is no recipe.
            emotions: strength 0..1 by name, such as {"happy": 0.8}.
            arkit: weight 0..1 by ARKit name, whatever the emotions say, such as {"jawOpen": 0.5}.
            neutralise: let go of the face's own expression first.
            strength: how far to go, 0..1.
            face: which face of the picture, 0 is the largest.
            size: width and height of a recipe's picture in pixels: 256, 512 or 1024.

        Returns:
            A PNG that carries the licence and the mark of AI-generated or AI-edited media.
        """
        expression = Expression(neutralise, emotions, arkit)
        whose, sitter = self._sitter(recipe, picture, face, size)
        view = whose.view if whose else None
        return self._file(sitter.express(expression, strength, view), whose and replace(whose, expression=expression))

    @_plain_errors
    def expression_sheet(
        self,
        recipe: str,
        picture: str | None,
        rows: int = ROWS[0],
        ground: str = GROUNDS[0],
        face: int = 0,
        colour: str = PAPER,
    ) -> str:
        """Make a page of named emotions of one face: that of a recipe, or of a picture, which is not kept.

        Args:
            recipe: a vchar recipe as JSON, a vchar code, or a vchar link with ?c=; empty for a picture.
            picture: a JPEG, PNG, WebP, GIF, BMP or TIFF file, where there is no recipe.
            rows: 3 or 4, and as many columns.
            ground: "photo" leaves each picture as it is, "plain" and "transparent" cut the person out.
            face: which face of the picture, 0 is the largest.
            colour: of a plain ground, such as #f4f3ef.

        Returns:
            A PNG that carries the licence and the mark of AI-generated or AI-edited media.
        """
        whose, sitter = self._sitter(recipe, picture, face, READ_SIZE)
        page = self._studio.expression_sheet(sitter, rows, ground, colour=colour)
        return self._file(page, whose and replace(whose, view=None))

    @_plain_errors
    def turn(
        self,
        recipe: str,
        picture: str | None,
        yaw: float = 0.0,
        pitch: float = 0.0,
        roll: float = 0.0,
        face: int = 0,
        size: int = SIZES[-1],
        ground: str = GROUNDS[0],
        colour: str = PAPER,
    ) -> tuple[str, dict[str, Any]]:
        """Let a head look another way: that of a recipe, with its expression, or of a picture, which is not kept.

        Args:
            recipe: a vchar recipe as JSON, a vchar code, or a vchar link with ?c=; empty for a picture.
            picture: a JPEG, PNG, WebP, GIF, BMP or TIFF file, where there is no recipe.
            yaw: degrees to the picture's right, -45 to 45; 0 looks straight into the camera.
            pitch: degrees up, -20 to 20.
            roll: degrees clockwise, -30 to 30.
            face: which face of the picture, 0 is the largest.
            size: width and height of a recipe's picture in pixels: 256, 512 or 1024.
            ground: "photo" keeps what is behind, "plain" and "transparent" cut the person out.
            colour: of a plain ground, such as #f4f3ef.

        Returns:
            A PNG that carries the licence and the mark of AI-generated or AI-edited media; and how far it can be
            trusted: the share of the head that the original hides, whether that makes it a guess, the yaws between
            which it is none, and a sentence that says so.
        """
        view = View(yaw, pitch, roll)
        whose, sitter = self._sitter(recipe, picture, face, size)
        turned = sitter.express(whose.expression if whose else Expression(), view=view)
        image = self._studio.on_ground(turned, ground, colour)
        return self._file(image, whose and replace(whose, view=view)), sitter.trust.report(view)

    @_plain_errors
    def turnaround(
        self,
        recipe: str,
        picture: str | None,
        form: str = TURNAROUNDS[0],
        pitch: float = 0.0,
        face: int = 0,
        ground: str = GROUNDS[0],
        colour: str = PAPER,
    ) -> tuple[str, dict[str, Any]]:
        """Show a head from seven sides, or turning: that of a recipe, with its expression, or of a picture.

        Args:
            recipe: a vchar recipe as JSON, a vchar code, or a vchar link with ?c=; empty for a picture.
            picture: a JPEG, PNG, WebP, GIF, BMP or TIFF file, where there is no recipe. It is not kept.
            form: "png" for seven views from 45 degrees left to 45 right side by side; "mp4", "webp" or "gif" for
                three seconds of the head that turns right, left and back.
            pitch: degrees up, -20 to 20.
            face: which face of the picture, 0 is the largest.
            ground: "photo" keeps what is behind, "plain" and "transparent" cut the person out; "mp4" can't be
                transparent.
            colour: of a plain ground, such as #f4f3ef.

        Returns:
            A file that carries the licence and the mark of AI-generated or AI-edited media; and how far it can be
            trusted, as `/turn` tells it of the view from the front.
        """
        if form not in TURNAROUNDS:
            raise VcharError(f"There is no turnaround as {form!r}; choose {', '.join(TURNAROUNDS)}.")
        check_ground(form, ground)
        front = View(pitch=pitch)
        whose, sitter = self._sitter(recipe, picture, face, READ_SIZE)
        expression = whose.expression if whose else Expression()
        if form == "png":
            views = dict(self._studio.turnaround(sitter, expression, pitch, ground=ground, colour=colour))
            return self._file(strip(views, ground, colour), whose and replace(whose, view=None)), sitter.trust.report(
                front
            )
        licence = self._studio.licence(whose) if whose else None
        frames = self._studio.turntable(sitter, expression, pitch, ground=ground, colour=colour)
        data = animation_bytes(frames, FPS, form, title_of(whose), licence)
        name = f"{whose.file_stem if whose else 'edited_photo'}_turning.{form}"
        return _kept(name, data), sitter.trust.report(front)

    @_plain_errors
    def head(self, recipe: str, picture: str | None, face: int = 0) -> str:
        """Make a head in three dimensions: that of a recipe, or of a picture, which is not kept.

        Args:
            recipe: a vchar recipe as JSON, a vchar code, or a vchar link with ?c=; empty for a picture.
            picture: a JPEG, PNG, WebP, GIF, BMP or TIFF file, where there is no recipe.
            face: which face of the picture, 0 is the largest.

        Returns:
            A GLB file in metres, Y up, with the 52 ARKit morph targets and an idle clip; its licence and the mark of
            AI-generated or AI-edited media are inside. Hair is a mesh of its own.
        """
        whose, sitter = self._sitter(recipe, picture, face, SIZES[-1])
        name = f"{whose.file_stem if whose else 'edited_photo'}_head.glb"
        return _kept(name, self._studio.head(sitter, recipe=whose))

    @_plain_errors
    def body(self, recipe: str, form: str = BODIES[0], size: int = 512) -> str:
        """Show a character from head to foot, dressed, in the skin of its face.

        Args:
            recipe: a vchar recipe as JSON, a vchar code, or a vchar link with ?c=; body and outfit are part of it.
            form: "png" for a picture on clear ground, "glb" for a model with skeleton, in the T-pose.
            size: width and height of the picture in pixels, 64 to 1024.

        Returns:
            A file that carries the recipe, the licence and the mark of AI-generated media.
        """
        character = Character.parse(recipe)
        if form not in BODIES:
            raise VcharError(f"There is no body as {form!r}; choose {', '.join(BODIES)}.")
        figure, wanted = self._studio.figure(character), Form("png", size=size)
        if form == "glb":
            return _kept(f"{character.file_stem}_body.glb", figure.glb({}, character))
        data = png_bytes(figure.picture(size=wanted.size), character, dressing.LICENCE)
        return _kept(f"{character.file_stem}_body.png", data)

    @_plain_errors
    def motion(
        self,
        recipe: str,
        prompt: str = "",
        seconds: float = 4.0,
        seed: int = 0,
        form: str = KINDS[0],
        loop: bool = False,
        in_place: bool = False,
        foot_lock: bool = True,
        energy: float = 0.0,
        speed: float = 1.0,
        size: int = 384,
    ) -> tuple[str, str]:
        """Let a character's dressed body move as words say.

        Args:
            recipe: a vchar recipe as JSON, a vchar code, or a vchar link with ?c=; empty for the first character.
            prompt: what the body does, such as "a person waves"; several, one a line, become one motion. Empty: what
                the recipe says, and in its way.
            seconds: 1 to 10, of each step.
            seed: another seed gives another take; the same seed gives the same one.
            form: "glb", "bvh", "mp4", "webp", "gif", or "png" for a strip of stills.
            loop: the last frame goes on into the first.
            in_place: without travel.
            foot_lock: feet that stand stay where they are.
            energy: -2 (calmer than usual) to 2 (livelier).
            speed: 0.25 to 4 times as fast.
            size: width and height of pictures in pixels, 64 to 1024.

        Returns:
            A file with its licence, credits and the mark of AI-generated media (BVH and strips as a ZIP with them);
            and a sentence that says what the prompt was taken for.
        """
        character, chosen = Character.parse(recipe) if recipe else Character(), Form(form, speed=speed, size=size)
        if prompt.strip():
            motion = Motion(prompt, seconds, seed, energy, loop, in_place, foot_lock)
            character = replace(character, motion=motion)
        performance = self._studio.perform(character)
        return _kept(*packed(performance.files(chosen))), performance.movement.told

    def _sitter(self, recipe: str, picture: str | None, face: int, size: int) -> tuple[Character | None, Sitter]:
        """Whose face it is, None for a picture's, and the face made ready."""
        if recipe:
            character = Character.parse(recipe)
            return character, self._studio.sitter(character, size=size)
        opened, name = take_picture(_given(picture))
        return None, self._studio.sitter(opened, face, name=name)

    def _file(self, image: Image.Image, character: Character | None) -> str:
        """A PNG for the caller: with the recipe of `character`, or with the mark of an edited photo."""
        if character is None:
            return _kept("edited_photo.png", photo_png_bytes(image))
        return _kept(f"{character.file_stem}.png", png_bytes(image, character, self._studio.licence(character)))


def _kept(name: str, data: bytes) -> str:
    return save_bytes_to_cache(data, name, get_upload_folder())


def _given(picture: str | None) -> str:
    if not picture:
        raise VcharError("There is neither a recipe nor a picture; send one of them.")
    return picture
