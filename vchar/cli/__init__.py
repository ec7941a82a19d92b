"""The `vchar` command: the studio's verbs, training, evaluation, benchmarks and the app."""

import argparse
import sys
from collections.abc import Sequence

from vchar.cli import body, data, faces, models, motion
from vchar.errors import VcharError
from vchar.studio import Studio


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0, or 1 after one sentence about what went wrong)."""
    arguments = parser().parse_args(argv)
    try:
        arguments.run(arguments)
    except VcharError as error:
        print(f"vchar: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("vchar: stopped.", file=sys.stderr)
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    """What the command line may say."""
    whole = argparse.ArgumentParser(prog="vchar", description="The virtual character studio.")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    faces.add_portrait(commands.add_parser("portrait", help="make a character's portrait as PNG"))
    faces.add_variations(commands.add_parser("variations", help="make portraits of a character's relatives"))
    faces.add_like(commands.add_parser("like", help="make a character like the face in a picture"))
    faces.add_read(commands.add_parser("read", help="tell what a face in a picture does and feels"))
    faces.add_express(commands.add_parser("express", help="change what a face does"))
    faces.add_sheet(commands.add_parser("sheet", help="make one face's expressions on one page"))
    faces.add_turn(commands.add_parser("turn", help="let a head look another way"))
    faces.add_turnaround(commands.add_parser("turnaround", help="make seven views of a head, or a film of it turning"))
    faces.add_head(commands.add_parser("head", help="make a head in three dimensions as GLB"))
    body.add_body(commands.add_parser("body", help="make a character's body in its clothes as PNG or GLB"))
    motion.add_motion(commands.add_parser("motion", help="turn words into movement of a body"))
    _add_serve(commands.add_parser("serve", help="start the studio in the browser"))
    data.add_data(commands.add_parser("data", help="make shards of faces to train on"))
    models.add_train(commands.add_parser("train", help="make one of our checkpoints anew"))
    models.add_evaluate(commands.add_parser("evaluate", help="measure a model on faces that were not trained on"))
    models.add_bench(commands.add_parser("bench", help="measure speed, beside what one would use instead"))
    return whole


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 opens it to the network")
    parser.add_argument("--port", type=int, default=7860)
    parser.set_defaults(run=_serve)


def _serve(arguments: argparse.Namespace) -> None:
    from vchar.ui.app import serve  # gradio takes seconds to import

    serve(Studio.load(), server_name=arguments.host, server_port=arguments.port)
