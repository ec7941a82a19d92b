"""`vchar train face`: the Studio generator, from pictures of faces and random weights, at 64 px first and then larger.

Alone or in many processes: `torchrun --nproc-per-node 2 --no-python vchar train face ...` shares every batch.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from vchar import checkpoint
from vchar.data.conditions import NAMES
from vchar.data.face_shards import FaceShards
from vchar.errors import VcharError
from vchar.evaluation.readers import weights
from vchar.evaluation.readers.faceres import FaceResLikeness
from vchar.evaluation.readers.lpips import Lpips
from vchar.evaluation.workers import Log
from vchar.models.studio_face import StudioFace, StudioFaceConfig
from vchar.rig.body import HeadModel
from vchar.training import snapshot, studio_head
from vchar.training.face_batches import Batches, units
from vchar.training.face_contest import Contest
from vchar.training.face_log import Diary, page
from vchar.training.face_recipe import PRESETS, STAGES, Recipe
from vchar.training.face_step import Lesson, Trainer
from vchar.training.processes import Processes, processes

SNAPSHOT, PAGE = 120.0, 900.0  # seconds between snapshots, and between pages of pictures
AVERAGED = 10_000  # people whose mean is w_avg
Stages = Sequence[tuple[int, int]]  # (size in pixels, pictures to learn from), in turn


def train(
    *,
    data: Sequence[Path],
    stages: Sequence[str] = STAGES,
    preset: str = "studio",
    batch: int | None = None,
    disturb: str | None = None,
    start: Path | None = None,
    licence: str = "",
    dry_run: bool = False,
    seed: int = 0,
    output: Path = Path("runs/face"),
    ship: bool = False,
    log: Log = print,
) -> Path:
    """Train on the shards in the folders `data` (one named twice counts twice).

    Returns the checkpoint's folder, the shipped one if `ship`.

    stages: such as "64:2500", a size in pixels and for how many thousand pictures.  preset: one of PRESETS, of which
    `batch` and `disturb` replace parts.  start: the folder of a generator of the first stage's size to go on from, its
    critic and encoder beside it.  licence: of what it makes, for the checkpoint to say; "vchar Studio" is that of the
    weights that come with vchar.  dry_run: a few steps of each stage to see how fast they are; writes nothing.
    A run that was stopped goes on from its snapshot; stages may be made longer or added then, but the recipe stays.
    Raises VcharError when the data or the start can't be used or the run was begun with another recipe.
    """
    recipe = replace(PRESETS[preset], seed=seed)
    recipe = replace(recipe, **{k: v for k, v in {"batch": batch, "disturb": disturb}.items() if v is not None})
    shards = FaceShards(*data)
    if len(shards) < recipe.batch:
        raise VcharError(f"Found {len(shards)}, too few faces to learn from in batches of {recipe.batch}; gather more.")
    with processes() as own, _room(output):
        run = Run(shards, recipe, output, own, start, licence, log if own.first else lambda _: None)
        for size, pictures in plan(stages):
            run.stage(size, pictures, dry_run)
        folder = checkpoint.shipped("face-studio") if ship else output / "checkpoint"
        if own.first and not dry_run:
            run.export(folder)
    return folder


@contextmanager
def _room(output: Path) -> Iterator[None]:
    """Says in a sentence what it means when `output` can't be written."""
    try:
        yield
    except OSError as error:
        raise VcharError(
            f"Can't write to {output} ({error.strerror or error}); make room and run the same command again: "
            "it goes on from the last snapshot."
        ) from error


def plan(stages: Sequence[str]) -> Stages:
    """(size, pictures) of stages such as "64:2500"; VcharError unless each doubles the size of the one before."""
    try:
        found = [(int(size), round(1000 * float(thousands))) for size, thousands in (s.split(":") for s in stages)]
    except ValueError as error:
        raise VcharError(f"Stages are sizes with thousands of pictures, such as 64:2500, not {error}.") from error
    sizes = [size for size, _ in found]
    if not sizes or any(size != sizes[0] * 2**i or size not in (16, 32, 64, 128, 256) for i, size in enumerate(sizes)):
        raise VcharError(f"Each stage doubles the size of the one before, from 16 to 256, unlike {sizes}.")
    return found


class Run:
    """Goes through the stages; `contest` is what they leave behind."""

    def __init__(
        self,
        shards: FaceShards,
        recipe: Recipe,
        output: Path,
        own: Processes,
        start: Path | None,
        licence: str,
        log: Log,
    ) -> None:
        self.shards, self.recipe, self.output, self.own, self.log = shards, recipe, output, own, log
        self.start, rig = start, HeadModel.load()
        self.head = studio_head.build(rig)
        self.config = partial(StudioFaceConfig, conditions=NAMES, head=self.head.config, licence=licence)
        self.shapes = studio_head.known_shapes(self.head, rig, shards)
        self.contest: Contest | None = None

    def stage(self, size: int, pictures: int, dry_run: bool = False) -> None:
        """Learn at one size until `pictures` have been seen, or from where its snapshot ends."""
        torch.manual_seed(self.recipe.seed)
        before = self.contest
        seen = None if before is None else before.encoder.config.size
        contest = Contest(self.config(size), self.head, units(self.shards), seen)
        if before is not None:
            contest.grow_from(before)
        elif self.start is not None:
            contest.load(self.start, self.recipe.recall > 0)
        recipe = replace(self.recipe, alone=0.0) if dry_run else self.recipe  # steps with a critic are the slow ones
        trainer, self.contest = Trainer(contest, recipe, self.own, onlookers(recipe)), contest
        z_dim = contest.generator.config.z_dim
        batches = Batches(self.shards, self.shapes, size, self.recipe.batch, z_dim, self.recipe.seed)
        if dry_run:
            self.try_out(trainer, batches, pictures)
        else:
            self.learn(trainer, batches, -(-pictures // self.recipe.batch))

    def try_out(self, trainer: Trainer, batches: Batches, pictures: int) -> None:
        """A few steps, timed."""
        trainer.step(0, batches(0, self.own))
        start, steps = time.monotonic(), range(1, 1 + self.recipe.every)
        for number in steps:
            trainer.step(number, batches(number, self.own))
        rate = len(steps) * self.recipe.batch / (time.monotonic() - start)
        millions = sum(p.numel() for p in trainer.contest.generator.parameters()) / 1e6
        self.log(
            f"{batches.size} px: {millions:.1f} M parameters, {rate:.1f} pictures/s, {pictures / rate / 3600:.1f} h"
        )

    def learn(self, trainer: Trainer, batches: Batches, steps: int) -> None:
        """All steps that are left, with snapshots, a diary and pages of pictures."""
        folder, batch = self.output / str(batches.size), self.recipe.batch
        path = folder / "snapshot.safetensors"
        told = snapshot.told(path)
        if told:
            self.recipe.check_same(told["recipe"])
            snapshot.load(path, trainer.parts)
        first, spent = int(told.get("step", 0)), float(told.get("seconds", 0))
        diary = Diary(folder / "log.jsonl", first * batch) if self.own.first else None
        started = saved = paged = time.monotonic()
        for step in range(first, steps):
            losses = trainer.step(step, batches(step, self.own))
            if diary is None:
                continue
            diary.note(losses)
            now, last = time.monotonic(), step + 1 == steps
            if last or now - saved >= SNAPSHOT:
                rate = (step + 1 - first) * batch / (now - started)
                seconds = round(spent + now - started, 1)
                self.log(diary.tell(pictures=(step + 1) * batch, seconds=seconds, rate=round(rate, 2)))
                kept = {"step": str(step + 1), "seconds": str(seconds), "recipe": self.recipe.to_json()}
                snapshot.save(path, trainer.parts, kept)
                saved = now
            if last or now - paged >= PAGE:
                page(trainer.contest.average).save(folder / f"page-{(step + 1) * batch:09d}.png")
                self.export(self.output / "checkpoint")
                paged = now

    @torch.no_grad()
    def export(self, folder: Path) -> None:
        """Write the averaged generator and encoder, and the critic, as checkpoints beside each other."""
        assert self.contest is not None
        average = self.contest.average
        for kept, found in zip((average.people_mean, average.people_spread), self.contest.crowd.spread(), strict=True):
            kept.copy_(found)
        average.w_avg.copy_(mean_person(average))
        for path, nets in self.contest.parts(folder, self.recipe.recall > 0).items():
            checkpoint.save(path, nets[-1].config, checkpoint.halved(nets[-1]))


def onlookers(recipe: Recipe) -> dict[str, Lesson]:
    """Who tells how unlike pictures are, by the name of what the recipe gives weight to."""
    wanted: dict[str, Lesson] = {}
    if recipe.recall and recipe.like:
        wanted["lpips"] = Lpips().lesson
    if recipe.recall and recipe.resemble:
        wanted["resemble"] = FaceResLikeness(weights.HUMAN.folder() / "faceres.json").lesson
    return wanted


def mean_person(net: StudioFace) -> Tensor:
    """The mean [config.halves[0]] of AVERAGED people's half of w."""
    normal = torch.randn(AVERAGED, net.config.z_dim, generator=torch.Generator().manual_seed(0)).to(net.w_avg)
    return net.person_of(net.someone(normal)).mean(0)
