"""The body command: a character's body in its clothes as a picture, a strip of a motion, or GLB."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from vchar.character import Character
from vchar.cli.faces import read_recipe
from vchar.dressing import LICENCE, Wardrobe
from vchar.errors import VcharError
from vchar.export.files import save
from vchar.export.png import png_bytes
from vchar.licence import Licence
from vchar.rig.clip import Clip
from vchar.rig.phenotype import NAMES
from vchar.rig.wardrobe import KINDS, PATTERNS, SLOTS, Wear
from vchar.studio import Studio


def add_body(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recipe", nargs="?", help="a recipe's JSON file, a PNG of ours, a code, or a link")
    parser.add_argument("--shape", default="", metavar="NAME=VALUE,...", help=f"-1..1: {', '.join(NAMES)}")
    for slot in SLOTS:
        kinds = ", ".join(name for name, kind in KINDS.items() if kind.slot == slot)
        parser.add_argument(f"--{slot}", metavar="KIND[,COLOUR[,PATTERN[,COLOUR]]]", help=kinds)
    parser.add_argument("--skin", metavar="COLOUR", help="such as #c79f86")
    parser.add_argument("--motion", metavar="PROMPT", help="what the body does; without it, it stands in a T-pose")
    parser.add_argument("--seconds", type=float, default=5.0, help="of the motion, 1 to 10")
    parser.add_argument("--seed", type=int, default=0, help="of the motion")
    parser.add_argument("--size", type=int, default=512, help="of a picture, or of each one of a strip; pixels")
    parser.add_argument("-o", "--output", type=Path, required=True, help=".png or .glb")
    parser.epilog = f"Patterns: {', '.join(PATTERNS)}."
    parser.set_defaults(run=_body)


def _body(arguments: argparse.Namespace) -> None:
    kind, character = arguments.output.suffix.lower(), _character(arguments)
    if kind not in (".png", ".glb") or not arguments.output.absolute().parent.is_dir():
        raise VcharError(f"Can't write {arguments.output}: name a .png or .glb file in a folder that exists.")
    if not 64 <= arguments.size <= 2048:
        raise VcharError(f"A figure's picture has 64 to 2048 pixels, not {arguments.size}.")
    clip, licence = _motion(arguments)
    figure = Wardrobe.load().figure(character)
    if kind == ".glb":
        save(arguments.output, figure.glb({} if clip is None else {arguments.motion: clip}, licence))
    else:
        image = figure.strip(clip, size=arguments.size) if clip else figure.picture(size=arguments.size)
        save(arguments.output, png_bytes(image, character, licence))
    print(arguments.output)


def _character(arguments: argparse.Namespace) -> Character:
    """The recipe's character with the asked-for body."""
    character = read_recipe(arguments.recipe) if arguments.recipe else Character()
    try:
        shape = {name: float(value) for name, value in (part.split("=") for part in arguments.shape.split(",") if part)}
    except ValueError as error:
        raise VcharError(f"--shape takes values such as height=0.5,weight=-1, not {arguments.shape!r}.") from error
    worn = {slot: Wear(*getattr(arguments, slot).split(",")[:4]) for slot in SLOTS if getattr(arguments, slot)}
    skin = arguments.skin or character.body.skin
    body = replace(character.body, shape={**character.body.shape, **shape}, skin=skin, **worn)
    return replace(character, body=body)


def _motion(arguments: argparse.Namespace) -> tuple[Clip | None, Licence]:
    """What the body does, and what one may do with it then."""
    if not arguments.motion:
        return None, LICENCE
    studio = Studio.load()
    movement = studio.animate(arguments.motion, arguments.seconds, arguments.seed)
    print(f"Took it as: {movement.taken_as}.", file=sys.stderr)
    motion = studio.motion_licence()
    text = f"{LICENCE.text} {motion.text}"
    return movement.clip, Licence(f"{LICENCE.name} and {motion.name}", motion.short, text)
