"""Commands about models: train, evaluate and bench."""

import argparse
import importlib
import json
from functools import partial
from pathlib import Path
from typing import Any

from vchar.bench import expression as bench_expression
from vchar.bench import face as bench_face
from vchar.bench import render as bench_render
from vchar.bench import suite
from vchar.bench import training as bench_training
from vchar.training import disturb, face_recipe

Option = tuple[str, dict[str, Any]]  # flag, and what argparse wants to know of it
DATA: Option = ("--data", {"type": Path, "required": True, "metavar": "FILE", "help": "in the format the card names"})
START: Option = ("--start", {"type": Path, "metavar": "FOLDER", "help": "a checkpoint to go on from"})
MAKEHUMAN: Option = ("--makehuman", {"type": Path, "metavar": "ZIP", "help": "dresses the rendered heads"})
REFINER: Option = ("--refiner", {"type": Path, "required": True, "metavar": "FOLDER", "help": "a checkpoint of it"})
SKINS: Option = ("--skins", {"type": Path, "metavar": "FILE", "help": "faces of portraits, from vchar train skins"})
PORTRAITS: Option = ("--portraits", {"type": Path, "metavar": "ZIP", "help": "their corners become backgrounds"})
DRESSES = [MAKEHUMAN, PORTRAITS, SKINS]
FOLDERS: Option = (
    "--data",
    {"type": Path, "required": True, "nargs": "+", "metavar": "SHARDS", "help": "from vchar data"},
)
SHARDS: Option = ("--data", {"type": Path, "required": True, "metavar": "SHARDS", "help": "from vchar data"})
STAGES_HELP = "sizes in pixels, each twice the one before, and for how many thousand pictures"
TRAINING: dict[str, list[Option]] = {
    "sliders": [("--faces", {"type": int, "default": 9_000, "help": "how many faces to learn from"})],
    "previews": [("--faces", {"type": int, "default": 500, "help": "how many faces to learn from"})],
    "emotion": [DATA],
    "motion": [DATA, START],
    "motion-gru": [DATA, START],
    "motion-evaluator": [DATA],
    "head": [("--people", {"type": int, "default": 1200, "help": "how many bodies to learn from"})],
    "body": [("--people", {"type": int, "default": 600, "help": "how many bodies to learn from"})],
    "prior": [("--faces", {"type": int, "default": 400, "help": "how many faces to learn from"})],
    "heads": [*DRESSES, ("--pictures", {"type": int, "default": 12_000, "help": "how many to draw"})],
    "pairs": [
        ("--people", {"type": int, "default": 4000, "help": "how many generated people to pair with themselves"}),
        ("--renders", {"type": int, "default": 0, "help": "how many rendered people"}),
        ("--restored", {"type": int, "default": 0, "help": "how many pictures to spoil by edits, and restore"}),
        *DRESSES,
    ],
    "complexion": [
        (MAKEHUMAN[0], {**MAKEHUMAN[1], "required": True}),
        SKINS,
        ("--count", {"type": int, "default": 250, "help": "how many skins to learn from"}),
    ],
    "portrait": [
        ("--pairs", {"type": Path, "required": True, "metavar": "FOLDER", "help": "what vchar train pairs wrote"}),
        ("--steps", {"type": int, "default": 5000, "help": "how long to learn"}),
    ],
    "skins": [
        ("--faces", {"type": int, "default": 300, "help": "how many portraits to lay onto heads"}),
        ("--portraits", {"type": Path, "metavar": "ZIP", "help": "take these faces instead of the generator's"}),
    ],
    "face": [
        FOLDERS,
        ("--stages", {"nargs": "+", "default": face_recipe.STAGES, "metavar": "SIZE:THOUSANDS", "help": STAGES_HELP}),
        ("--preset", {"choices": list(face_recipe.PRESETS), "default": "studio", "help": "how it learns"}),
        ("--batch", {"type": int, "help": "pictures a step, of all processes together"}),
        ("--disturb", {"choices": disturb.KINDS, "help": "what keeps the critic from learning pictures by heart"}),
        (
            "--after",  # torchrun takes --start for one of its own
            {
                "type": Path,
                "metavar": "FOLDER",
                "help": "a generator to go on from, such as checkpoints/face-studio",
                "dest": "start",
            },
        ),
        ("--licence", {"default": "", "help": "what may be done with what it makes, for the checkpoint to say"}),
        ("--dry-run", {"action": "store_true", "help": "see how fast each stage is, and write nothing"}),
    ],
    "face-encoder": [
        SHARDS,
        ("--generator", {"type": Path, "metavar": "FOLDER", "help": "whose, instead of the one that ships"}),
        ("--steps", {"type": int, "default": 10_000, "help": "how long to learn"}),
    ],
    "matte": [
        (MAKEHUMAN[0], {**MAKEHUMAN[1], "required": True}),
        ("--portraits", {"type": Path, "metavar": "ZIP", "help": "synthetic faces; their corners become backgrounds"}),
        ("--skins", {"type": Path, "metavar": "FILE", "help": "faces of portraits, from vchar train skins"}),
        ("--pictures", {"type": int, "default": 500, "help": "how many of each kind to learn from"}),
        ("--steps", {"type": int, "default": 1600, "help": "how long to learn"}),
    ],
    "landmarks": [
        ("--heads", {"type": Path, "required": True, "metavar": "FOLDER", "help": "shards of vchar.data.heads"}),
        ("--faces", {"type": Path, "metavar": "ZIP", "help": "further synthetic faces, unmarked"}),
        START,
        ("--generated", {"type": int, "default": 2000, "help": "how many generated faces to learn from"}),
    ],
}
EVALUATION: dict[str, tuple[int, list[Option]]] = {  # faces unless told, and options
    "sliders": (100, []),
    "previews": (50, []),
    "face": (
        500,
        [
            ("--data", {**FOLDERS[1], "required": False, "help": "held-out faces, to measure the Studio generator on"}),
            ("--learnt", {**FOLDERS[1], "required": False, "help": "what it learnt from, to tell copies"}),
            ("--folder", {"type": Path, "help": "its checkpoint, instead of the one that ships"}),
            ("--encoder", {"type": Path, "metavar": "FOLDER", "help": "its encoder's, instead of the one beside it"}),
        ],
    ),
    "head": (200, []),
    "body": (200, []),
    "emotion": (100_000, [DATA]),
    "landmarks": (1000, [DATA, MAKEHUMAN]),
    "motion": (1000, [DATA]),
    "fit": (50, [DATA, ("--assets", MAKEHUMAN[1])]),
    "portrait": (50, [DATA, REFINER, MAKEHUMAN]),
    "complexion": (60, [DATA, ("--skins", {"type": Path, "metavar": "FILE", "help": "from vchar train skins"})]),
    "matte": (200, [DATA, ("--skins", {"type": Path, "metavar": "FILE", "help": "from vchar train skins"})]),
    "express": (50, [("--data", {**DATA[1], "required": False})]),
}


def add_train(parser: argparse.ArgumentParser) -> None:
    models = parser.add_subparsers(required=True, metavar="MODEL")
    for model, options in TRAINING.items():
        train = models.add_parser(model)
        for flag, settings in options:
            train.add_argument(flag, **settings)
        train.add_argument("--seed", type=int, default=0)
        train.add_argument("-o", "--output", type=Path, default=Path("runs") / model, help="snapshots and result")
        train.add_argument("--ship", action="store_true", help="replace the checkpoint that comes with vchar")
        train.set_defaults(run=_train, model=model)


def add_evaluate(parser: argparse.ArgumentParser) -> None:
    models = parser.add_subparsers(required=True, metavar="MODEL")
    for model, (faces, options) in EVALUATION.items():
        evaluate = models.add_parser(model)
        for flag, settings in options:
            evaluate.add_argument(flag, **settings)
        evaluate.add_argument("--limit", type=int, default=faces, help="how many faces to measure on")
        evaluate.add_argument("--json", action="store_true", help="print one line of numbers")
        evaluate.add_argument("--write", action="store_true", help="write the checkpoint's metrics.json")
        evaluate.set_defaults(run=_evaluate, model=model)


def add_bench(parser: argparse.ArgumentParser) -> None:
    models = parser.add_subparsers(required=True, metavar="MODEL")
    suites = {"face": bench_face, "expression": bench_expression, "render": bench_render, "training": bench_training}
    for name, measurements in {name: module.MEASUREMENTS for name, module in suites.items()}.items():
        bench = models.add_parser(name)
        suite.add_arguments(bench, measurements)
        bench.set_defaults(run=partial(suite.run, measurements))


def _train(arguments: argparse.Namespace) -> None:
    importlib.import_module(f"vchar.training.{arguments.model.replace('-', '_')}").train(**_options(arguments))


def _evaluate(arguments: argparse.Namespace) -> None:
    options = _options(arguments)
    as_json = options.pop("json")
    log = (lambda _line: None) if as_json else print
    metrics = importlib.import_module(f"vchar.evaluation.{arguments.model}").evaluate(**options, log=log)
    if as_json:
        print(json.dumps(metrics))


def _options(arguments: argparse.Namespace) -> dict[str, Any]:
    return {name: value for name, value in vars(arguments).items() if name not in ("run", "model")}
