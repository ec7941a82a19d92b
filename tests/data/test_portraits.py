"""Portraits of the data factory: framed alike, the same for a seed, with what they show."""

from pathlib import Path

import numpy as np
import pytest

from vchar.data import portrait_shards
from vchar.data.assets import Assets
from vchar.data.conditions import ATTRIBUTES, NAMES
from vchar.data.face_shards import FaceShards
from vchar.data.portraits import PortraitFactory
from vchar.rig.body import HeadModel


@pytest.fixture(scope="module")
def factory(head: HeadModel) -> PortraitFactory:
    return PortraitFactory(head, Assets.plain())


def test_a_seed_gives_the_same_portrait_and_row(factory: PortraitFactory) -> None:
    (first, row), (again, same), (other, _) = (next(factory.draw(seed, 48)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(row, same)
    assert (first != other).any()
    shown = dict(zip(NAMES, row, strict=True))
    assert abs(shown["yaw"]) <= 45
    assert 1.5 < shown["face_width"] < 3.5
    assert shown["hair"] == 0  # the plain factory has none


def test_takes_show_one_person_who_turns_and_makes_faces(factory: PortraitFactory) -> None:
    (first, row), (other, another) = factory.draw(3, 48, takes=2)
    who = slice(0, len(ATTRIBUTES))
    np.testing.assert_array_equal(row[who], another[who])
    assert (row[len(ATTRIBUTES) :] != another[len(ATTRIBUTES) :]).any()
    assert (first != other).any()
    np.testing.assert_array_equal(first[:2, :2], other[:2, :2])  # the wall


def test_faces_lie_in_the_middle_whatever_the_pose(factory: PortraitFactory) -> None:
    middles = []
    for seed in range(6):
        picture, _ = next(factory.draw(seed, 64))
        centre = picture[26:44, 22:42].reshape(-1, 3).astype(float)
        corner = picture[:6, :6].reshape(-1, 3).astype(float)
        middles.append(np.abs(centre.mean(0) - corner.mean(0)).max())
    assert np.median(middles) > 15  # the wall differs from the face


def test_shards_are_made_once_and_missing_ones_again(factory: PortraitFactory, tmp_path: Path) -> None:
    for start in (0, 2):
        portrait_shards.write_shard(
            factory, tmp_path / f"faces-{start:08d}.safetensors", range(start, start + 2), 2, 48
        )
    faces = FaceShards(tmp_path)
    assert len(faces) == 8
    picture, row = next(factory.draw(2, 48))
    np.testing.assert_array_equal(faces.conditions[4], row)
    assert np.abs(faces.pictures([4], 48)[0].astype(int) - picture).mean() < 4
