"""Shards of faces: what is written is read, at any size, and damage is named."""

from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from tests.training.faces import SIZE, write_faces
from vchar.data.conditions import NAMES
from vchar.data.face_shards import NOBODY, FaceShards, Shard
from vchar.errors import VcharError


def test_pictures_come_in_the_order_asked_for_at_the_size_asked_for(tmp_path: Path) -> None:
    faces = FaceShards(write_faces(tmp_path, count=7, per_shard=3))
    assert len(faces) == 7
    whole = faces.pictures([6, 0, 3], SIZE)
    np.testing.assert_array_equal(whole[1], faces.pictures([0], SIZE)[0])
    half = faces.pictures([6, 0, 3], SIZE // 2)
    again = whole.reshape(3, SIZE // 2, 2, SIZE // 2, 2, 3).mean((2, 4))
    assert np.abs(half - again).mean() < 3


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(VcharError, match="vchar data faces"):
        FaceShards(tmp_path)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    write_faces(tmp_path, count=3)
    (tmp_path / "faces-99999.safetensors").write_bytes(b"nothing of use")
    with pytest.raises(VcharError, match="faces-99999"):
        FaceShards(tmp_path)


def test_a_file_of_an_earlier_version_is_named(tmp_path: Path) -> None:
    path = write_faces(tmp_path, count=3) / "faces-00000.safetensors"
    with safe_open(path, "np") as file:
        told, kept = file.metadata(), {name: file.get_tensor(name) for name in file.keys() if name != "person"}  # noqa: SIM118
    save_file(kept, path, told)
    with pytest.raises(VcharError, match=r"faces-00000\.safetensors was made by another version of vchar"):
        FaceShards(tmp_path)


def test_a_twin_is_another_picture_of_the_same_person_and_who_has_none_is_their_own(tmp_path: Path) -> None:
    shard, rng = Shard(SIZE), np.random.default_rng(0)
    for person in (NOBODY, NOBODY, 7, 7, 7, 8):
        shard.add(rng.integers(0, 255, (SIZE, SIZE, 3), np.uint8), np.zeros(len(NAMES), np.float32), person)
    shard.write(tmp_path / "faces-00000.safetensors")
    faces, places = FaceShards(tmp_path), np.arange(6)
    assert faces.people.tolist() == [0, 1, 2, 5]
    for chance in (0.0, 0.4, 0.6, 0.999):
        twins = faces.twins(places, np.full(6, chance))
        assert twins[[0, 1, 5]].tolist() == [0, 1, 5]
        assert set(twins[2:5]) == {2, 3, 4}
        assert (twins[2:5] != places[2:5]).all()
