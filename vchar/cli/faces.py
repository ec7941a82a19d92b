"""Commands about faces: portrait, variations, like, read, express, sheet, turn, turnaround and head."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from PIL import Image

from vchar.character import VIEW_LIMITS, Character, Expression, View
from vchar.errors import VcharError
from vchar.export.files import save
from vchar.export.png import photo_png_bytes, png_bytes, title_of
from vchar.export.recipes import KINDS, read_file
from vchar.export.sheet import GROUNDS, PAPER, strip
from vchar.export.video import LARGEST, check_ground, write_animation
from vchar.expressing import Sitter
from vchar.generators.photo_real import PhotoReal
from vchar.generators.studio import StudioFaces
from vchar.portraits import open_portrait
from vchar.rig.blendshapes import PRESETS, REGIONS
from vchar.studio import ROWS, SIZES, Studio
from vchar.turning import FPS, FRAMES

MODELS = {"photo-real": PhotoReal.model, "studio": StudioFaces.model}


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recipe", nargs="?", help="a recipe's JSON file, a PNG of ours, a code, or a link")
    parser.add_argument("--seed", type=int, help="start from this seed instead of a recipe")
    parser.add_argument("--model", choices=MODELS, help="what makes the face of a seed; a recipe names its own")
    parser.add_argument("--slider", action="append", default=[], metavar="NAME=VALUE", help="such as age=0.5 (-1..1)")
    parser.add_argument("--size", type=int, default=SIZES[-1], help=f"pixels: {', '.join(map(str, SIZES))}")


def add_portrait(parser: argparse.ArgumentParser) -> None:
    _add_recipe(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, help="the PNG to write")
    parser.set_defaults(run=_portrait)


def add_variations(parser: argparse.ArgumentParser) -> None:
    _add_recipe(parser)
    parser.add_argument("-n", type=int, default=8, help="how many")
    parser.add_argument("--strength", type=float, default=0.3, help="how far away, 0..1")
    parser.add_argument("--keep", action="append", default=[], metavar="NAME", help="a slider whose reading stays")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the folder to write the PNGs to")
    parser.set_defaults(run=_variations)


def add_like(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("picture", type=Path)
    parser.add_argument("--face", type=int, default=0, help="which face, 0 is the largest")
    parser.add_argument("--size", type=int, default=SIZES[-1], help=f"of a PNG: {', '.join(map(str, SIZES))}")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the recipe to write as .json, or as .png")
    parser.set_defaults(run=_like)


def add_read(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("picture", type=Path)
    parser.add_argument("--face", type=int, default=0, help="which face, 0 is the largest")
    parser.add_argument("--json", action="store_true", help="print all that was read as one line")
    parser.set_defaults(run=_read_picture)


def _add_whose(parser: argparse.ArgumentParser, output: str = "the PNG to write") -> None:
    parser.add_argument("whose", help="a picture, or a recipe's JSON file, a PNG of ours, a code, or a link")
    parser.add_argument("--face", type=int, default=0, help="which face of a picture, 0 is the largest")
    parser.add_argument("-o", "--output", type=Path, required=True, help=output)


def _add_expression(parser: argparse.ArgumentParser) -> None:
    several = {"action": "append", "default": [], "metavar": "NAME=VALUE"}
    parser.add_argument("--emotion", **several, help=f"0..1, several are blended: {', '.join(PRESETS)}")
    parser.add_argument("--arkit", **several, help="ARKit weights 0..1, such as jawOpen=0.5,browInnerUp=1")
    parser.add_argument("--gaze", metavar="X,Y", help="where the eyes look: right and up, -1..1")
    parser.add_argument("--neutralise", action="store_true", help="let go of the face's own expression first")
    parser.add_argument("--region", action="append", default=[], choices=list(REGIONS), help="where emotions reach")


def _add_ground(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ground", default=GROUNDS[0], choices=GROUNDS, help="what is behind the head")
    parser.add_argument("--colour", default=PAPER, metavar="#RRGGBB", help=f"of a plain ground, {PAPER} unless told")


def add_express(parser: argparse.ArgumentParser) -> None:
    _add_whose(parser)
    _add_expression(parser)
    parser.add_argument("--strength", type=float, default=1.0, help="how far to go, 0..1")
    parser.add_argument("--size", type=int, default=SIZES[-1], help=f"of recipes: {', '.join(map(str, SIZES))}")
    parser.set_defaults(run=_express)


def add_sheet(parser: argparse.ArgumentParser) -> None:
    _add_whose(parser)
    parser.add_argument("--rows", type=int, default=ROWS[0], choices=ROWS, help="and as many columns")
    _add_ground(parser)
    parser.set_defaults(run=_sheet)


def add_turn(parser: argparse.ArgumentParser) -> None:
    _add_whose(parser)
    for angle, way in {"yaw": "to the picture's right", "pitch": "up", "roll": "clockwise"}.items():
        help_text = f"degrees {way}, up to {VIEW_LIMITS[angle]}, whatever way the head looked before"
        parser.add_argument(f"--{angle}", type=float, default=0.0, help=help_text)
    _add_expression(parser)
    _add_ground(parser)
    parser.add_argument("--size", type=int, default=SIZES[-1], help=f"of recipes: {', '.join(map(str, SIZES))}")
    parser.set_defaults(run=_turn)


def add_turnaround(parser: argparse.ArgumentParser) -> None:
    _add_whose(parser, "a .png for seven views side by side, or an .mp4, .gif or .webp of the head that turns")
    parser.add_argument("--pitch", type=float, default=0.0, help=f"degrees up, up to {VIEW_LIMITS['pitch']}")
    _add_expression(parser)
    _add_ground(parser)
    parser.set_defaults(run=_turnaround)


def add_head(parser: argparse.ArgumentParser) -> None:
    _add_whose(parser, "the GLB to write")
    parser.set_defaults(run=_head)


def _portrait(arguments: argparse.Namespace) -> None:
    character, studio = _character(arguments), Studio.load()
    _check_output(arguments.output)
    studio.generator(character).prepare(_print_progress)
    save(arguments.output, png_bytes(studio.portrait(character, arguments.size), character, studio.licence(character)))
    print(arguments.output)


def _variations(arguments: argparse.Namespace) -> None:
    character, studio = _character(arguments), Studio.load()
    studio.generator(character).prepare(_print_progress)
    relatives = studio.variations(character, arguments.n, arguments.strength, keep=arguments.keep)
    _make_folder(arguments.output)
    for i, relative in enumerate(relatives, start=1):
        path = arguments.output / f"{character.file_stem}_{i}.png"
        save(path, png_bytes(studio.portrait(relative, arguments.size), relative, studio.licence(relative)))
        print(path)


def _like(arguments: argparse.Namespace) -> None:
    _check_output(arguments.output, ("json", "png"))
    picture, studio = open_portrait(arguments.picture), Studio.load()
    found = studio.like(picture, arguments.face, arguments.picture.name)
    if arguments.output.suffix.lower() == ".json":
        save(arguments.output, found.to_json().encode())
    else:
        save(arguments.output, _marked(studio.portrait(found, arguments.size), found, studio))
    print(arguments.output)


def _read_picture(arguments: argparse.Namespace) -> None:
    picture = open_portrait(arguments.picture)
    reading = Studio.load().read(picture, arguments.face, arguments.picture.name)
    if arguments.json:
        print(reading.to_json())
        return
    print(f"face {reading.face} of {reading.faces}, confidence {reading.confidence:.0%}")
    print("reads as " + ", ".join(f"{name} {share:.0%}" for name, share in reading.emotions.items() if share >= 0.01))
    print(f"yaw {reading.yaw:.0f}, pitch {reading.pitch:.0f}, roll {reading.roll:.0f} degrees")
    print("does " + ", ".join(f"{name} {weight:.2f}" for name, weight in reading.arkit.items() if weight >= 0.1))


def _express(arguments: argparse.Namespace) -> None:
    expression = _expression(arguments)
    if expression == Expression(regions=expression.regions):
        raise VcharError("Say what the face should do: --emotion, --arkit, --gaze or --neutralise.")
    whose, studio = _whose(arguments), Studio.load()
    sitter = studio.sitter(whose, arguments.face, arguments.size, Path(arguments.whose).name)
    recipe = replace(whose, expression=expression) if isinstance(whose, Character) else None
    image = sitter.express(expression, arguments.strength, recipe.view if recipe else None)
    save(arguments.output, _marked(image, recipe, studio))
    print(arguments.output)


def _sheet(arguments: argparse.Namespace) -> None:
    whose, studio = _whose(arguments), Studio.load()
    sitter = studio.sitter(whose, arguments.face, name=Path(arguments.whose).name)
    image = studio.expression_sheet(sitter, arguments.rows, arguments.ground, colour=arguments.colour)
    recipe = replace(whose, expression=Expression(), view=None) if isinstance(whose, Character) else None
    save(arguments.output, _marked(image, recipe, studio))
    print(arguments.output)


def _turn(arguments: argparse.Namespace) -> None:
    view, studio = View(arguments.yaw, arguments.pitch, arguments.roll), Studio.load()
    recipe, sitter, expression = _turned(arguments, studio, ("png",), arguments.size)
    image = studio.on_ground(sitter.express(expression, view=view), arguments.ground, arguments.colour)
    save(arguments.output, _marked(image, recipe and replace(recipe, view=view), studio))
    print(arguments.output)
    if sitter.trust.is_guess(view):
        print(sitter.trust.sentence(view), file=sys.stderr)


def _turnaround(arguments: argparse.Namespace) -> None:
    studio, ground = Studio.load(), {"ground": arguments.ground, "colour": arguments.colour}
    kind = arguments.output.suffix.lower().removeprefix(".")
    check_ground(kind, arguments.ground)
    recipe, sitter, expression = _turned(arguments, studio, ("png", *LARGEST), SIZES[1])
    if kind == "png":
        page = strip(dict(studio.turnaround(sitter, expression, arguments.pitch, **ground)), **ground)
        save(arguments.output, _marked(page, recipe, studio))
    else:
        frames = _told(studio.turntable(sitter, expression, arguments.pitch, **ground))
        write_animation(arguments.output, frames, FPS, title_of(recipe), studio.licence(recipe) if recipe else None)
    print(arguments.output)
    print(sitter.trust.sentence(None), file=sys.stderr)


def _head(arguments: argparse.Namespace) -> None:
    whose, studio = _whose(arguments, ("glb",)), Studio.load()
    recipe = whose if isinstance(whose, Character) else None
    sitter = studio.sitter(whose, arguments.face, name=Path(arguments.whose).name)
    save(arguments.output, studio.head(sitter, recipe=recipe))
    print(arguments.output)


def _turned(
    arguments: argparse.Namespace, studio: Studio, kinds: Sequence[str], size: int
) -> tuple[Character | None, Sitter, Expression]:
    """Whose head it is (None for a picture's) and what it does, and the head itself."""
    whose, asked = _whose(arguments, kinds), _expression(arguments)
    sitter = studio.sitter(whose, arguments.face, size, Path(arguments.whose).name)
    if not isinstance(whose, Character):
        return None, sitter, asked
    expression = whose.expression if asked == Expression() else asked
    return replace(whose, expression=expression, view=None), sitter, expression


def _told(frames: Iterable[Image.Image]) -> Iterator[Image.Image]:
    for done, frame in enumerate(frames, start=1):
        _print_progress(done / FRAMES, "Turning")
        yield frame


def _marked(image: Image.Image, recipe: Character | None, studio: Studio) -> bytes:
    return png_bytes(image, recipe, studio.licence(recipe)) if recipe else photo_png_bytes(image)


def _character(arguments: argparse.Namespace) -> Character:
    if (arguments.recipe is None) == (arguments.seed is None):
        raise VcharError("Name either a recipe (a file, code or link) or --seed N.")
    if arguments.recipe and arguments.model:
        raise VcharError("A recipe names its own model; leave --model out, or start from --seed N.")
    model = MODELS[arguments.model or "photo-real"]
    start = Character(arguments.seed, model=model) if arguments.recipe is None else read_recipe(arguments.recipe)
    return start.with_sliders(dict(_named("--slider", each, "age=0.5") for each in arguments.slider))


def _whose(arguments: argparse.Namespace, kinds: Sequence[str] = ("png",)) -> Character | Image.Image:
    """The character of a recipe in any form, or else a picture."""
    _check_output(arguments.output, kinds)
    path = Path(arguments.whose)
    if path.suffix.lower() not in Image.registered_extensions():
        return read_recipe(arguments.whose)
    if path.suffix.lower() == ".png":
        with suppress(VcharError):
            return read_recipe(arguments.whose)
    return open_portrait(path)


def _expression(arguments: argparse.Namespace) -> Expression:
    emotions = dict(_named("--emotion", each, "happy=0.8") for each in arguments.emotion)
    weights = ",".join(arguments.arkit).split(",") if arguments.arkit else []
    try:
        gaze = tuple(map(float, arguments.gaze.split(","))) if arguments.gaze else None
    except ValueError as error:
        raise VcharError(f"--gaze takes two numbers such as 0.5,-0.2, not {arguments.gaze!r}.") from error
    arkit = dict(_named("--arkit", each, "jawOpen=0.5") for each in weights)
    return Expression(arguments.neutralise, emotions, arkit, gaze, tuple(arguments.region))  # pyright: ignore


def read_recipe(recipe: str) -> Character:
    """The character of a recipe's JSON file, a PNG of ours, a code, or a link; VcharError for anything else."""
    if not recipe.lower().endswith(KINDS):
        return Character.parse(recipe)
    try:
        data = Path(recipe).read_bytes()
    except OSError as error:
        raise VcharError(f"Can't read {recipe} ({error.strerror}); check the path.") from error
    return read_file(data, Path(recipe).name)


def _named(flag: str, text: str, example: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError as error:
        raise VcharError(f"{flag} takes NAME=VALUE such as {example}, not {text!r}.") from error


def _check_output(path: Path, kinds: Sequence[str] = ("png",)) -> None:
    if path.suffix.lower().removeprefix(".") not in kinds or not path.absolute().parent.is_dir():
        choice = " or ".join(f".{kind}" for kind in kinds)
        raise VcharError(f"Can't write {path}: name a {choice} file in a folder that exists.")


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VcharError(f"Can't make the folder {path} ({error.strerror}); choose another place.") from error


def _print_progress(share: float, step: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{step} … {share:4.0%}", end="" if share < 1 else "\n", file=sys.stderr, flush=True)
