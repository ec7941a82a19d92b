"""The `vchar` command: the studio's verbs, training, evaluation, benchmarks and the app."""

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from vchar.bench import expression as bench_expression
from vchar.bench import face as bench_face
from vchar.bench import suite
from vchar.character import Character
from vchar.errors import VcharError
from vchar.export.files import save
from vchar.export.png import png_bytes, read_png
from vchar.studio import SIZES, Studio


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0, or 1 after one sentence about what went wrong)."""
    arguments = _parser().parse_args(argv)
    try:
        arguments.run(arguments)
    except VcharError as error:
        print(f"vchar: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("vchar: stopped.", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vchar", description="The virtual character studio.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_portrait(commands.add_parser("portrait", help="make a character's portrait as PNG"))
    _add_variations(commands.add_parser("variations", help="make portraits of a character's relatives"))
    _add_serve(commands.add_parser("serve", help="start the studio in the browser"))
    _add_train(commands.add_parser("train", help="make one of our checkpoints anew"))
    _add_evaluate(commands.add_parser("evaluate", help="measure a model on faces that were not trained on"))
    _add_bench(commands.add_parser("bench", help="measure speed, beside what one would use instead"))
    return parser


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recipe", nargs="?", help="a recipe's JSON file, a PNG of ours, a code, or a link")
    parser.add_argument("--seed", type=int, help="start from this seed instead of a recipe")
    parser.add_argument("--slider", action="append", default=[], metavar="NAME=VALUE", help="such as age=0.5 (-1..1)")
    parser.add_argument("--size", type=int, default=SIZES[-1], help=f"pixels: {', '.join(map(str, SIZES))}")


def _add_portrait(parser: argparse.ArgumentParser) -> None:
    _add_recipe(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, help="the PNG to write")
    parser.set_defaults(run=_portrait)


def _add_variations(parser: argparse.ArgumentParser) -> None:
    _add_recipe(parser)
    parser.add_argument("-n", type=int, default=8, help="how many")
    parser.add_argument("--strength", type=float, default=0.3, help="how far away, 0..1")
    parser.add_argument("--keep", action="append", default=[], metavar="NAME", help="a slider whose reading stays")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the folder to write the PNGs to")
    parser.set_defaults(run=_variations)


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 opens it to the network")
    parser.add_argument("--port", type=int, default=7860)
    parser.set_defaults(run=_serve)


def _add_train(parser: argparse.ArgumentParser) -> None:
    models = parser.add_subparsers(required=True, metavar="MODEL")
    for model, faces in (("sliders", 9_000), ("previews", 500)):
        train = models.add_parser(model)
        train.add_argument("--seed", type=int, default=0)
        train.add_argument("--faces", type=int, default=faces, help="how many faces to learn from")
        train.add_argument("-o", "--output", type=Path, default=Path("runs") / model, help="snapshots and result")
        train.add_argument("--ship", action="store_true", help="replace the checkpoint that comes with vchar")
        train.set_defaults(run=_train, model=model)


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    models = parser.add_subparsers(required=True, metavar="MODEL")
    for model, faces in (("sliders", 100), ("previews", 50), ("face", 500)):
        evaluate = models.add_parser(model)
        evaluate.add_argument("--limit", type=int, default=faces, help="how many faces to measure on")
        evaluate.add_argument("--json", action="store_true", help="print one line of numbers")
        evaluate.add_argument("--write", action="store_true", help="write the checkpoint's metrics.json")
        evaluate.set_defaults(run=_evaluate, model=model)


def _add_bench(parser: argparse.ArgumentParser) -> None:
    models = parser.add_subparsers(required=True, metavar="MODEL")
    suites = {"face": bench_face.MEASUREMENTS, "expression": bench_expression.MEASUREMENTS}
    for name, measurements in suites.items():
        bench = models.add_parser(name)
        suite.add_arguments(bench, measurements)
        bench.set_defaults(run=partial(suite.run, measurements))


def _portrait(arguments: argparse.Namespace) -> None:
    character, studio = _character(arguments), Studio.load()
    _check_png(arguments.output)
    studio.prepare(_print_progress)
    save(arguments.output, png_bytes(studio.portrait(character, arguments.size), character, studio.licence()))
    print(arguments.output)


def _variations(arguments: argparse.Namespace) -> None:
    character, studio = _character(arguments), Studio.load()
    studio.prepare(_print_progress)
    relatives = studio.variations(character, arguments.n, arguments.strength, keep=arguments.keep)
    _make_folder(arguments.output)
    for i, relative in enumerate(relatives, start=1):
        path = arguments.output / f"{character.file_stem}_{i}.png"
        save(path, png_bytes(studio.portrait(relative, arguments.size), relative, studio.licence()))
        print(path)


def _serve(arguments: argparse.Namespace) -> None:
    from vchar.ui.app import serve  # gradio takes seconds to import

    serve(Studio.load(), server_name=arguments.host, server_port=arguments.port)


def _train(arguments: argparse.Namespace) -> None:
    train = importlib.import_module(f"vchar.training.{arguments.model}").train
    train(seed=arguments.seed, faces=arguments.faces, output=arguments.output, ship=arguments.ship)


def _evaluate(arguments: argparse.Namespace) -> None:
    evaluate = importlib.import_module(f"vchar.evaluation.{arguments.model}").evaluate
    log = (lambda _line: None) if arguments.json else print
    metrics = evaluate(limit=arguments.limit, write=arguments.write, log=log)
    if arguments.json:
        print(json.dumps(metrics))


def _character(arguments: argparse.Namespace) -> Character:
    if (arguments.recipe is None) == (arguments.seed is None):
        raise VcharError("Name either a recipe (a file, code or link) or --seed N.")
    start = Character(seed=arguments.seed) if arguments.recipe is None else _read(arguments.recipe)
    return start.with_sliders(dict(map(_slider, arguments.slider)))


def _read(recipe: str) -> Character:
    if not recipe.lower().endswith((".json", ".png")):
        return Character.parse(recipe)
    try:
        data = Path(recipe).read_bytes()
    except OSError as error:
        raise VcharError(f"Can't read {recipe} ({error.strerror}); check the path.") from error
    if recipe.lower().endswith(".png"):
        return read_png(data)
    return Character.from_json(data.decode("utf-8", errors="replace"))


def _slider(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError as error:
        raise VcharError(f"--slider takes NAME=VALUE such as age=0.5, not {text!r}.") from error


def _check_png(path: Path) -> None:
    if path.suffix.lower() != ".png" or not path.absolute().parent.is_dir():
        raise VcharError(f"Can't write {path}: name a .png file in a folder that exists.")


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VcharError(f"Can't make the folder {path} ({error.strerror}); choose another place.") from error


def _print_progress(share: float, step: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{step} … {share:4.0%}", end="" if share < 1 else "\n", file=sys.stderr, flush=True)
