"""The motion command: words become a BVH file."""

import argparse
import sys
from pathlib import Path

from vchar.errors import VcharError
from vchar.export.files import save
from vchar.export.provenance import GENERATED, SOURCE_TYPES
from vchar.rig.bvh import to_bvh
from vchar.studio import Studio

METRES = {"cm": 100.0, "m": 1.0}  # units of a file in a metre


def add_motion(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompt", nargs="*", help="what the body does; several become one motion")
    parser.add_argument("--seconds", type=float, default=5.0, help="1 to 10, of each prompt")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--energy", type=float, default=0.0, help="-2 (calmer than usual) to 2 (livelier)")
    parser.add_argument("--loop", action="store_true", help="the last frame goes on into the first")
    parser.add_argument("--in-place", action="store_true", help="without travel")
    parser.add_argument("--no-foot-lock", action="store_true", help="leave the feet as the network made them")
    parser.add_argument("--unit", choices=METRES, default="cm", help="of the file")
    parser.add_argument("--actions", action="store_true", help="list the known actions and leave")
    parser.add_argument("-o", "--output", type=Path, help="the BVH to write; its licence goes beside it")
    parser.set_defaults(run=_motion)


def _motion(arguments: argparse.Namespace) -> None:
    studio = Studio.load()
    if arguments.actions:
        print("\n".join(studio.mover().actions))
        return
    if arguments.output is None or arguments.output.suffix.lower() != ".bvh":
        raise VcharError("Name the file to write with -o, such as -o wave.bvh.")
    movement = studio.animate(
        arguments.prompt[0] if len(arguments.prompt) == 1 else arguments.prompt,
        arguments.seconds,
        arguments.seed,
        energy=arguments.energy,
        loop=arguments.loop,
        in_place=arguments.in_place,
        foot_lock=not arguments.no_foot_lock,
    )
    print(f"Took it as: {movement.taken_as}.", file=sys.stderr)
    save(arguments.output, to_bvh(movement.clip, METRES[arguments.unit]).encode())
    credits_file = arguments.output.with_name(arguments.output.name + ".txt")
    rights = f"AI-generated motion ({SOURCE_TYPES}{GENERATED}). {studio.motion_licence().text}\n"
    save(credits_file, rights.encode())
