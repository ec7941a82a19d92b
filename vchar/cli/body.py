"""The body command: a character's body in its clothes, standing or in motion."""

import argparse
from dataclasses import replace
from pathlib import Path

from vchar.character import Character, Motion
from vchar.cli.faces import read_recipe
from vchar.cli.motion import write_motion
from vchar.dressing import LICENCE
from vchar.errors import VcharError
from vchar.export.files import save
from vchar.export.png import png_bytes
from vchar.performing import KINDS as FILES
from vchar.performing import SIZE
from vchar.rig.phenotype import NAMES
from vchar.rig.wardrobe import KINDS, PATTERNS, SLOTS, Wear
from vchar.studio import Studio


def add_body(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recipe", nargs="?", help="a recipe's JSON file, a PNG of ours, a code, or a link")
    parser.add_argument("--shape", default="", metavar="NAME=VALUE,...", help=f"-1..1: {', '.join(NAMES)}")
    for slot in SLOTS:
        kinds = ", ".join(name for name, kind in KINDS.items() if kind.slot == slot)
        parser.add_argument(f"--{slot}", metavar="KIND[,COLOUR[,PATTERN[,COLOUR]]]", help=kinds)
    parser.add_argument("--skin", metavar="COLOUR", help="such as #c79f86; without it, as the face's")
    parser.add_argument("--motion", metavar="PROMPT", help="what the body does; without it, it stands")
    parser.add_argument("--seconds", type=float, default=5.0, help="of the motion, 1 to 10")
    parser.add_argument("--seed", type=int, default=0, help="of the motion")
    parser.add_argument("--size", type=int, default=512, help="of a picture, or of each one of a strip; pixels")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, help=f".png or .glb; of a motion also .{', .'.join(FILES)}"
    )
    parser.epilog = f"Patterns: {', '.join(PATTERNS)}."
    parser.set_defaults(run=_body)


def _body(arguments: argparse.Namespace) -> None:
    kind, character = arguments.output.suffix.lower().removeprefix("."), _character(arguments)
    if arguments.motion:
        motion = Motion(arguments.motion, arguments.seconds, arguments.seed)
        write_motion(Studio.load(), replace(character, motion=motion), arguments.output, size=arguments.size)
        return
    if kind not in ("png", "glb") or not arguments.output.absolute().parent.is_dir():
        raise VcharError(
            f"Can't write {arguments.output}: name a .png or .glb file in a folder that exists, or ask for a --motion."
        )
    if not SIZE[0] <= arguments.size <= SIZE[1]:
        raise VcharError(f"A figure's picture has {SIZE[0]} to {SIZE[1]} pixels, not {arguments.size}.")
    figure = Studio.load().figure(character)
    if kind == "glb":
        save(arguments.output, figure.glb({}, character))
    else:
        save(arguments.output, png_bytes(figure.picture(size=arguments.size), character, LICENCE))
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
