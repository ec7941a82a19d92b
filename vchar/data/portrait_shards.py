"""Portraits by the thousand, drawn by any number of processes into files that a training streams."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from vchar.data.assets import Assets
from vchar.data.face_shards import Shard
from vchar.data.portraits import PortraitFactory
from vchar.data.shards import Archives
from vchar.render import cycles
from vchar.render.picture import render
from vchar.rig.body import HeadModel

PER_SHARD = 60  # people


def write_portraits(
    archives: Archives,
    output: Path,
    first_seed: int,
    count: int,
    takes: int = 1,
    size: int = 256,
    workers: int = 1,
    finer: bool = False,
    log: Callable[[str], object] = print,
) -> None:
    """Draw `takes` portraits of each person first_seed .. first_seed + count - 1 into `output`; files there stay.

    finer: by Cycles.  Raises VcharError when the archives can't be read, a file can't be written or Cycles is missing.
    """
    starts = range(first_seed, first_seed + count, PER_SHARD)
    tasks = [
        (output / f"faces-{start:08d}.safetensors", range(start, start + PER_SHARD), takes, size) for start in starts
    ]
    missing = [(path, seeds[: first_seed + count - seeds[0]], *how) for path, seeds, *how in tasks if not path.exists()]
    log(f"{len(missing)} of {len(tasks)} files to draw")
    with ProcessPoolExecutor(workers, get_context("spawn"), _start, (archives, finer)) as pool:
        for done, path in enumerate(pool.map(_write, missing), start=1):
            log(f"{path.name}, {done}/{len(missing)}")


def make_factory(archives: Archives, finer: bool = False) -> PortraitFactory:
    """The factory on the head that comes with vchar."""
    head = HeadModel.load()
    assets = Assets.load(head, archives.makehuman, archives.portraits, archives.faces)
    return PortraitFactory(head, assets, cycles.render if finer else render)


class _Worker:
    """What a worker process keeps between files."""

    factory: PortraitFactory


def _start(archives: Archives, finer: bool) -> None:
    _Worker.factory = make_factory(archives, finer)


def _write(task: tuple[Path, Sequence[int], int, int]) -> Path:
    return write_shard(_Worker.factory, *task)


def write_shard(factory: PortraitFactory, path: Path, seeds: Sequence[int], takes: int, size: int) -> Path:
    """One file with the takes of those seeds' people."""
    shard = Shard(size)
    for seed in seeds:
        for picture, row in factory.draw(seed, size, takes):
            shard.add(picture, row, person=seed)
    shard.write(path)
    return path
