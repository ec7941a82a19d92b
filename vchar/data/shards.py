"""Heads by the thousand: files of labelled pictures that any number of processes write and a training reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from vchar.data.assets import Assets
from vchar.data.heads import HeadFactory
from vchar.errors import VcharError
from vchar.rig.body import HeadModel
from vchar.writing import AGAIN, whole

PER_SHARD = 500


@dataclass(frozen=True)
class Archives:
    """Where heads are dressed from (see Assets.load); any may be missing."""

    makehuman: Path | None = None
    portraits: Path | None = None
    faces: Path | None = None


def write_shards(
    archives: Archives,
    output: Path,
    first_seed: int,
    count: int,
    size: int = 256,
    workers: int = 1,
    dense: bool = False,
) -> list[Path]:
    """Write the pictures of seeds first_seed .. first_seed + count - 1 as files of PER_SHARD; those there are kept.

    dense: also depth, normals, uv and parts (many times larger). What a seed shows depends on seed, size and archives
    alone. Returns the files in order.
    """
    output.mkdir(parents=True, exist_ok=True)
    tasks = []
    for start in range(first_seed, first_seed + count, PER_SHARD):
        stop = min(start + PER_SHARD, first_seed + count)
        tasks.append((output / f"heads-{size}-{start:08d}-{stop:08d}.safetensors", range(start, stop), size, dense))
    missing = [task for task in tasks if not task[0].exists()]
    if missing and workers == 1:
        factory = make_factory(archives)
        for task in missing:
            _write_shard(factory, *task)
    elif missing:
        with ProcessPoolExecutor(workers, get_context("spawn"), _start_worker, (archives,)) as pool:
            list(pool.map(_work, missing))
    return [task[0] for task in tasks]


def make_factory(archives: Archives) -> HeadFactory:
    """The factory on the head that comes with vchar."""
    head = HeadModel.load()
    return HeadFactory(head, Assets.load(head, archives.makehuman, archives.portraits, archives.faces))


class _Worker:
    """What a worker process keeps between shards."""

    factory: HeadFactory


def _start_worker(archives: Archives) -> None:
    _Worker.factory = make_factory(archives)


def _work(task: tuple[Path, range, int, bool]) -> None:
    _write_shard(_Worker.factory, *task)


def _write_shard(factory: HeadFactory, path: Path, seeds: Sequence[int], size: int, dense: bool) -> None:
    samples = [factory.draw(seed, size, dense) for seed in seeds]
    rows = [sample.arrays() for sample in samples]
    tensors = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    tensors["seed"] = np.array(seeds, np.int64)
    with whole(path, f"{AGAIN}: what is written already stays") as part:
        save_file(tensors, part)


class HeadShards:
    """Reads what `write_shards` wrote into a folder, in order of the seeds.

    Labels are arrays in memory: landmarks [N,70,2] px, visibility [N,70], arkit [N,52], pose [N,3] degrees, seed [N].
    Pictures stay on disk: `pictures(index)`.
    """

    def __init__(self, folder: Path) -> None:
        self._files = sorted(folder.glob("heads-*.safetensors"), key=lambda path: path.stem.split("-")[2])
        if not self._files:
            raise VcharError(f"There are no heads in {folder}; draw some with write_shards first.")
        labels = [self._read(file, ("landmarks", "visibility", "arkit", "pose", "seed")) for file in self._files]
        joined = [np.concatenate(parts) for parts in zip(*labels, strict=True)]
        self.landmarks, self.visibility, self.arkit, self.pose, self.seed = joined
        self._starts = np.cumsum([0, *(len(label[-1]) for label in labels)])

    def __len__(self) -> int:
        return len(self.seed)

    def pictures(self, index: Sequence[int] | NDArray) -> NDArray[np.uint8]:
        """Pictures [n,S,S,3] by their places 0 .. N-1, in the order asked for."""
        return self.dense("picture", index)

    def dense(self, name: str, index: Sequence[int] | NDArray) -> NDArray:
        """Any other array that was written, such as depth, by place: [n,...]."""
        wanted = np.asarray(index)
        found: list[NDArray] = [np.empty(0)] * len(wanted)
        shard = np.searchsorted(self._starts, wanted, "right") - 1
        for number in np.unique(shard):
            with safe_open(self._files[number], "np") as file:
                rows = file.get_slice(name)
                for i in np.flatnonzero(shard == number):
                    found[i] = rows[int(wanted[i] - self._starts[number])]
        return np.stack(found)

    def batches(self, size: int) -> Iterator[NDArray[np.uint8]]:
        """All pictures in order, up to `size` at a time."""
        for start in range(0, len(self), size):
            yield self.pictures(np.arange(start, min(start + size, len(self))))

    @staticmethod
    def _read(file: Path, names: Sequence[str]) -> list[NDArray]:
        try:
            with safe_open(file, "np") as tensors:
                return [tensors.get_tensor(name) for name in names]
        except (OSError, SafetensorError) as error:
            raise VcharError(f"{file.name} can't be read ({error}); delete it and make it again.") from error
