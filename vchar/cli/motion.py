"""The motion command: words become movement of a character's body, in a file of any kind."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from vchar.character import Character, Motion
from vchar.cli.faces import read_recipe
from vchar.errors import VcharError
from vchar.export.files import save
from vchar.performing import KINDS, UNITS, Form
from vchar.studio import Studio


def add_motion(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompt", nargs="*", help="what the body does; several become one motion")
    parser.add_argument("--recipe", metavar="RECIPE", help="whose body: a recipe's file, a PNG or GLB of ours, a code")
    parser.add_argument("--seconds", type=float, default=5.0, help="1 to 10, of each prompt")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--energy", type=float, default=0.0, help="-2 (calmer than usual) to 2 (livelier)")
    parser.add_argument("--loop", action="store_true", help="the last frame goes on into the first")
    parser.add_argument("--in-place", action="store_true", help="without travel")
    parser.add_argument("--no-foot-lock", action="store_true", help="leave the feet as the network made them")
    parser.add_argument("--fps", type=float, help="frames a second, 5 to 60; usually 30, of GIF and WebP 20")
    parser.add_argument("--speed", type=float, default=1.0, help="0.25 to 4 times as fast")
    parser.add_argument("--size", type=int, default=384, help="of pictures, 64 to 1024 pixels")
    parser.add_argument("--stills", type=int, default=8, help="side by side in a PNG, 2 to 32")
    parser.add_argument("--unit", choices=UNITS, default="cm", help="of a BVH")
    parser.add_argument("--actions", action="store_true", help="list the known actions and leave")
    parser.add_argument("-o", "--output", type=Path, help=f"the file to write: .{', .'.join(KINDS)}")
    parser.epilog = "Credits lie beside a BVH; a PNG holds stills, and a JSON beside it says where."
    parser.set_defaults(run=_motion)


def _motion(arguments: argparse.Namespace) -> None:
    studio = Studio.load()
    if arguments.actions:
        print("\n".join(studio.actions))
        return
    if arguments.output is None:
        raise VcharError("Name the file to write with -o, such as -o wave.bvh.")
    character = read_recipe(arguments.recipe) if arguments.recipe else Character()
    motion = Motion(
        "\n".join(arguments.prompt),
        arguments.seconds,
        arguments.seed,
        arguments.energy,
        arguments.loop,
        arguments.in_place,
        not arguments.no_foot_lock,
    )
    choices = {name: getattr(arguments, name) for name in ("fps", "speed", "size", "stills", "unit")}
    write_motion(studio, replace(character, motion=motion), arguments.output, **choices)


def write_motion(studio: Studio, character: Character, path: Path, **choices: Any) -> None:  # noqa: ANN401 - as Form has them
    """Write a character's motion as `path` names it, and what goes with it beside it; choices: see `Form`."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in KINDS or not path.absolute().parent.is_dir():
        raise VcharError(f"Can't write {path}: name a .{', .'.join(KINDS)} file in a folder that exists.")
    form = Form(kind, **choices)
    performance = studio.perform(character)
    print(performance.movement.told, file=sys.stderr)
    for name, data in performance.files(form, path.stem).items():
        save(path.with_name(name), data)
    print(path)
