"""Shards: written once, resumed, read back; the same whatever the process."""

from pathlib import Path

import numpy as np
import pytest

from vchar.data import shards
from vchar.data.heads import HeadFactory
from vchar.data.shards import Archives, HeadShards, write_shards
from vchar.errors import VcharError

SIZE = 48


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch, plain_factory: HeadFactory) -> None:
    monkeypatch.setattr(shards, "PER_SHARD", 3)
    monkeypatch.setattr(shards, "make_factory", lambda archives: plain_factory)


@pytest.mark.usefixtures("small_shards")
def test_what_is_written_is_read_back(tmp_path: Path, plain_factory: HeadFactory) -> None:
    files = write_shards(Archives(), tmp_path, first_seed=10, count=7, size=SIZE, dense=True)
    assert len(files) == 3
    read = HeadShards(tmp_path)
    assert len(read) == 7
    np.testing.assert_array_equal(read.seed, np.arange(10, 17))
    sample = plain_factory.draw(14, SIZE, dense=True)
    assert sample.dense is not None
    np.testing.assert_array_equal(read.pictures([4])[0], sample.picture)
    np.testing.assert_array_equal(read.landmarks[4], sample.landmarks)
    np.testing.assert_array_equal(read.visibility[4], sample.visibility)
    np.testing.assert_array_equal(read.dense("depth", [4])[0], sample.dense.depth)
    np.testing.assert_array_equal(read.pictures([6, 0])[1], read.pictures([0])[0])
    assert sum(len(batch) for batch in read.batches(3)) == 7


@pytest.mark.usefixtures("small_shards")
def test_finished_files_are_kept_and_missing_ones_made(tmp_path: Path) -> None:
    files = write_shards(Archives(), tmp_path, 0, 6, SIZE)
    kept = files[0].stat().st_mtime_ns
    whole = files[1].read_bytes()
    files[1].unlink()
    write_shards(Archives(), tmp_path, 0, 6, SIZE)
    assert files[0].stat().st_mtime_ns == kept
    assert files[1].read_bytes() == whole
    assert [path.name for path in sorted(tmp_path.iterdir())] == [path.name for path in files]


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(VcharError, match="no heads"):
        HeadShards(tmp_path)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "heads-48-00000000-00000003.safetensors").write_bytes(b"nothing of use")
    with pytest.raises(VcharError, match="heads-48-00000000"):
        HeadShards(tmp_path)
