"""`vchar evaluate motion`: does the body do what the sentence says, as people do, and on the ground?

Measured on takes that the generator never learnt, beside the recorded motion, the recurrent baseline, and the recorded
clip whose sentence is nearest (retrieval). The judge learnt from the same takes as the generator, but apart from it.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from vchar import checkpoint
from vchar.data import motion_set, motions
from vchar.data.motion_set import Take, repeated
from vchar.data.motions import Motion
from vchar.data.retarget import retarget
from vchar.errors import VcharError
from vchar.evaluation import motion_scores as scores
from vchar.evaluation.retargeting import fidelity
from vchar.evaluation.workers import Log
from vchar.models.motion import MotionTransformer
from vchar.models.motion_evaluator import MotionEvaluator, MotionEvaluatorConfig
from vchar.models.motion_gru import MotionGRU, MotionGRUConfig
from vchar.models.motion_outline import Outlines
from vchar.models.motion_sampling import Part, sample
from vchar.moving import Mover, clip_of, load
from vchar.rig import feet
from vchar.rig.clip import Clip
from vchar.rig.skeleton import Skeleton
from vchar.sentences import Sentences

REPETITIONS, SEED = 5, 0
LONGEST, SHORTEST = 300, 30  # frames of a take that are measured on
SENTENCES, MOTIONS = 8, 6  # for multimodality: so many motions for each of so many sentences
LOOPS = 12  # prompts whose loops are measured
TIMED = 5  # calls, of which the quickest counts: other processes only add to it
THREADS = 2
COLUMNS = (  # title, key, digits
    ("Frechet distance", "frechet", 3),
    ("R-precision 1", "precision_1", 3),
    ("2", "precision_2", 3),
    ("3", "precision_3", 3),
    ("matching distance", "matching", 3),
    ("diversity", "diversity", 3),
    ("skating frames, feet not locked", "skate_unlocked", 3),
    ("locked", "skate", 3),
    ("below floor, mean cm", "penetration_cm", 2),
    ("worst cm", "penetration_worst_cm", 2),
    ("jerk, m/s³", "jerk", 0),
    ("nearest learnt clip, cm", "nearest_learnt_cm", 1),
)

Maker = Callable[[Sequence["_Asked"], int], list[Clip]]  # what is asked for, a seed -> clips, feet not locked


@dataclass(frozen=True)
class _Asked:
    """A take to measure on, a sentence about it and its vector."""

    take: Take
    clip: Clip
    sentence: str
    vector: torch.Tensor


@torch.inference_mode()
def evaluate(
    *, data: Path, limit: int = 1000, folder: Path | None = None, write: bool = False, log: Log = print
) -> dict[str, Any]:
    """The measures of the checkpoint in `folder` (the shipped one) and of what it is compared with; `write` them.

    `data` is an npz with its csv beside it; at most `limit` of those takes are used that the checkpoint didn't learn.
    Raises VcharError when it can't be read or nothing is left.
    """
    folder = folder or checkpoint.shipped("motion")
    mover = Mover(*_loaded(folder))
    learnt, takes, pairs = _takes(data, set(mover.net.config.learnt))
    if len(takes) < 2:
        raise VcharError(f"{data} has no two clips that the generator didn't learn from; name another file.")
    takes = [takes[i] for i in np.random.default_rng(SEED).permutation(len(takes))[:limit]]
    judge = _Judge(checkpoint.shipped("motion-evaluator"))
    rows: dict[str, Maker] = {"real": _mirrored, "transformer": _transformer(mover)}
    rows["from noise alone"] = _transformer(mover, outlined=False)
    if (checkpoint.shipped("motion-gru") / "config.json").exists():
        rows["gru"] = _gru()
    if learnt:
        rows["retrieval"] = _retrieval(mover, [take for motion in learnt for take in motion_set.takes(*motion)])
    memory = scores.Memory([clip for _, clip in learnt]) if learnt else None
    metrics: dict[str, Any] = {
        "n": len(takes),
        "seed": SEED,
        "repetitions": REPETITIONS,
        "date": date.today().isoformat(),
        "data": f"{data.name}, {len(takes)} clips that were not learnt from",
    }
    for name, maker in rows.items():
        each = [_row(maker, _asked(takes, mover, seed), judge, memory, seed) for seed in range(REPETITIONS)]
        metrics[name] = {key: _interval([row[key] for row in each]) for key in each[0]}
        log(f"{name}: {json.dumps(metrics[name])}")
    metrics["retargeting"] = fidelity(pairs)
    metrics |= {"multimodality": _variety(mover, takes, judge)} | _loops(mover) | _seconds(mover)
    log(json.dumps(metrics))
    if write:
        _write(metrics, folder)
    return metrics


def _write(metrics: dict[str, Any], folder: Path) -> None:
    """The generator's metrics.json, and the baseline's and the judge's, who are measured along with it."""
    about = {key: metrics[key] for key in ("n", "seed", "repetitions", "date", "data")}
    others = {"motion-gru": "gru", "motion-evaluator": "real"}
    parts = {checkpoint.shipped(name): about | {row: metrics[row]} for name, row in others.items() if row in metrics}
    for place, numbers in {folder: metrics, **parts}.items():
        checkpoint.save_metrics(place, numbers)


def _loaded(folder: Path) -> tuple[MotionTransformer, Sentences, torch.Tensor, Outlines]:
    net, phrases, outlines = load(folder)
    return net, Sentences.load(), phrases, outlines


def _takes(
    data: Path, known: set[str]
) -> tuple[list[tuple[Motion, Clip]], list[tuple[Take, Clip]], list[tuple[Motion, Clip]]]:
    """The pack's motions that were learnt from, the takes that were not and are long enough, and all as they are."""
    body = Skeleton.body()
    learnt, new, pairs = [], [], []
    for motion in motions.load(data):
        clip = retarget(motion, body)
        pairs.append((motion, clip))
        if motion.name in known:
            learnt.append((motion, clip))
        elif len(clip) >= SHORTEST:
            clip = clip.cropped(0, (LONGEST - 1) / clip.fps)
            new.append((motion_set.take(motion, clip), clip))
    return learnt, new, pairs


def _asked(takes: Sequence[tuple[Take, Clip]], mover: Mover, seed: int) -> list[_Asked]:
    """A sentence about each take, drawn anew by each seed."""
    random = np.random.default_rng([SEED, seed])
    chosen = [str(random.choice(take.sentences)) for take, _ in takes]
    vectors = mover.sentences.embed(chosen)
    return [_Asked(*pair, *said) for pair, said in zip(takes, zip(chosen, vectors, strict=True), strict=True)]


class _Judge:
    """The judge's vectors of clips and sentences."""

    def __init__(self, folder: Path) -> None:
        self.net = checkpoint.load_network(folder, MotionEvaluator, MotionEvaluatorConfig)

    def motions(self, clips: Sequence[Clip]) -> NDArray[np.float64]:
        features = [torch.from_numpy(motion_set.features(clip)) for clip in clips]
        vectors = [self.net.motion(f[None], torch.tensor([len(f)])) for f in features]
        return torch.cat(vectors).double().numpy()

    def texts(self, vectors: torch.Tensor) -> NDArray[np.float64]:
        return self.net.text(vectors).double().numpy()


def _row(
    maker: Maker, asked: Sequence[_Asked], judge: _Judge, memory: scores.Memory | None, seed: int
) -> dict[str, float | None]:
    """All measures of one repetition; feet are locked but for `skate_unlocked`."""
    free = maker(asked, seed)
    clips = [feet.planted(clip) for clip in free]
    random = np.random.default_rng([SEED, seed, 1])
    made, true = judge.motions(clips), judge.motions([one.clip for one in asked])
    texts = judge.texts(torch.stack([one.vector for one in asked]))
    found = scores.precision(made, texts, [one.take.sentences[0] for one in asked], random)
    near = [apart for clip in clips if memory and (apart := memory.nearest(clip)) is not None]
    deep = np.concatenate([feet.floor_penetration(clip) for clip in clips])
    return {
        "frechet": scores.frechet(made, true),
        "precision_1": found[0],
        "precision_2": found[1],
        "precision_3": found[2],
        "matching": float(np.linalg.norm(made - texts, axis=1).mean()),
        "diversity": scores.diversity(made, random),
        "skate_unlocked": float(np.mean([scores.skate(clip) for clip in free])),
        "skate": float(np.mean([scores.skate(clip) for clip in clips])),
        "penetration_cm": 100 * float(deep.mean()),
        "penetration_worst_cm": 100 * float(deep.max()),
        "jerk": float(np.mean([scores.jerk(clip) for clip in clips])),
        "nearest_learnt_cm": 100 * float(np.mean(near)) if near else None,
    }


def _interval(values: Sequence[float | None]) -> list[float] | None:
    """Mean and half of the 95 % interval over the repetitions."""
    numbers = [value for value in values if value is not None]
    if not numbers:
        return None
    half = 1.96 * float(np.std(numbers, ddof=1)) / len(numbers) ** 0.5
    return [round(statistics.fmean(numbers), 4), round(half, 4)]


def _mirrored(asked: Sequence[_Asked], _seed: int) -> list[Clip]:
    """The recorded motions, seen in a mirror: as real, but not the very clips that all are compared with."""
    return [one.clip.mirrored() for one in asked]


def _transformer(mover: Mover, outlined: bool = True) -> Maker:
    """outlined: whether motions begin at outlines, as they do for whoever asks for a known action, or in noise."""

    def make(asked: Sequence[_Asked], seed: int) -> list[Clip]:
        clips = []
        for i, one in enumerate(asked):
            random = torch.Generator().manual_seed(1000 * seed + i)
            part = Part(one.vector, 0.0, -(-len(one.clip) // mover.net.config.frames))
            outline = mover.outline(mover.understand([one.sentence]), part.tokens, random) if outlined else None
            features = sample(mover.net, [part], random, outline=outline)
            clips.append(clip_of(mover.net.body, features[: len(one.clip)]))
        return clips

    return make


def _gru() -> Maker:
    net = checkpoint.load_network(checkpoint.shipped("motion-gru"), MotionGRU, MotionGRUConfig)

    def make(asked: Sequence[_Asked], seed: int) -> list[Clip]:
        random = torch.Generator().manual_seed(seed)
        text = torch.stack([one.vector for one in asked])
        features = net.sample(text, torch.zeros(len(asked)), LONGEST // net.config.frames, random)
        return [clip_of(net.body, made[: len(one.clip)]) for made, one in zip(features, asked, strict=True)]

    return make


def _retrieval(mover: Mover, learnt: Sequence[Take]) -> Maker:
    said = [(text, take) for take in learnt for text in take.sentences]
    table = sorted({text for text, _ in said})
    vectors = mover.sentences.embed(table)
    by_text = {text: [take for other, take in said if other == text] for text in table}

    def make(asked: Sequence[_Asked], seed: int) -> list[Clip]:
        random, clips = np.random.default_rng([SEED, seed, 2]), []
        for one in asked:
            takes = by_text[table[int((vectors @ one.vector).argmax())]]
            features = takes[random.integers(len(takes))].features
            clips.append(clip_of(mover.net.body, torch.from_numpy(_to_length(features, len(one.clip)))))
        return clips

    return make


def _to_length(features: motion_set.Features, frames: int) -> motion_set.Features:
    """The features cut, or gone through again, to so many frames."""
    if len(features) < frames:
        features = repeated(features, (0, len(features)), frames)
    return features[:frames]


def _variety(mover: Mover, takes: Sequence[tuple[Take, Clip]], judge: _Judge) -> float:
    """Multimodality of the transformer."""
    groups = []
    for one in _asked(takes, mover, 0)[:SENTENCES]:
        clips = [_transformer(mover)([one], 100 + seed)[0] for seed in range(MOTIONS)]
        groups.append(judge.motions([feet.planted(clip) for clip in clips]))
    return round(scores.multimodality(groups), 4)


def _loops(mover: Mover) -> dict[str, float]:
    """The seams of looping motions, in medians of the change between frames."""
    actions = mover.actions[:: max(1, len(mover.actions) // LOOPS)][:LOOPS]
    seams = [scores.seam(mover.animate(mover.example(action), 4, seed=1, loop=True).clip) for action in actions]
    return {"loop_seam": round(statistics.fmean(seams), 3), "loop_seam_worst": round(max(seams), 3)}


def _seconds(mover: Mover) -> dict[str, float]:
    """How long a motion takes, from prompt to clip, on THREADS threads."""
    threads, times = torch.get_num_threads(), {}
    torch.set_num_threads(THREADS)
    for seconds in (5, 10):
        spent = []
        for seed in range(TIMED):
            start = time.perf_counter()
            mover.animate("a person walks and waves", seconds, seed)
            spent.append(time.perf_counter() - start)
        times[f"seconds_for_{seconds}_s"] = round(min(spent), 3)
    torch.set_num_threads(threads)
    return times


def table(metrics: dict[str, Any]) -> str:
    """The rows as Markdown, with the half of the 95 % interval where it shows."""
    lines = [f"| | {' | '.join(title for title, _, _ in COLUMNS)} |", "|---" * (len(COLUMNS) + 1) + "|"]
    for row in ("real", "transformer", "from noise alone", "gru", "retrieval"):
        if row in metrics:
            cells = [_cell(metrics[row][key], digits) for _, key, digits in COLUMNS]
            lines.append(f"| {row} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(interval: Sequence[float] | None, digits: int) -> str:
    if interval is None:
        return "-"
    mean, half = (f"{number:.{digits}f}" for number in interval)
    return f"{mean} ± {half}" if float(half) else mean
