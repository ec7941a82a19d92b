"""Measuring the Studio generator: what counts as obedient, alike and copied."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.training.faces import write_faces
from vchar import checkpoint
from vchar.data.conditions import NAMES
from vchar.errors import VcharError
from vchar.evaluation import studio_face
from vchar.evaluation.generators import Studio, calm, load_studio
from vchar.models.face_encoder import FaceEncoder, FaceEncoderConfig
from vchar.models.studio_face import StudioFace, StudioFaceConfig
from vchar.rig.blendshapes import ARKIT_NAMES


class Honest:
    """Writes what it is asked for into pixels."""

    def __init__(self, listens: bool) -> None:
        self.listens = listens

    def asked(self, seeds: Sequence[int], rows: NDArray[np.float32]) -> NDArray[np.uint8]:
        pictures = np.zeros((len(rows), 8, 8, 3), np.uint8)
        if self.listens:
            pictures[:, 0, 0, 0] = rows[:, NAMES.index("yaw")] + 100
            for i in range(len(ARKIT_NAMES)):
                pictures[:, 1 + i // 8, i % 8, 0] = 200 * rows[:, NAMES.index(ARKIT_NAMES[i])]
        return pictures


def read(picture: NDArray[np.uint8]) -> tuple[float, NDArray]:
    return float(picture[0, 0, 0]) - 100, picture[1:, :, 0].reshape(-1)[: len(ARKIT_NAMES)] / 200


def test_a_generator_that_does_as_it_is_told_is_found_obedient_and_a_deaf_one_is_not() -> None:
    told = studio_face.obedience(cast(Studio, Honest(True)), range(3), read)
    assert told == {"yaw_error": 0.0, "smile": 1.0, "jaw": 1.0, "brow": 1.0, "blink": 1.0, "read": 1.0}
    deaf = studio_face.obedience(cast(Studio, Honest(False)), range(3), read)
    assert deaf["yaw_error"] == pytest.approx(100)
    assert deaf["smile"] is None


def test_nobody_readable_is_told_as_such() -> None:
    found = studio_face.obedience(cast(Studio, Honest(True)), range(2), lambda _: None)
    assert found["yaw_error"] is None
    assert found["read"] == 0


def test_pairs_nearer_than_the_same_person_count_as_near_duplicates() -> None:
    people = [np.eye(128)[0], np.eye(128)[0] * 1.1, np.eye(128)[5]]
    assert studio_face.near_duplicates(people) == pytest.approx(1 / 3, abs=1e-3)
    assert studio_face.near_duplicates(people[:1]) is None


def test_copies_of_learnt_pictures_are_noticed() -> None:
    random = np.random.default_rng(1)
    learnt, held_out, new = random.normal(size=(3, 300, 8))
    assert studio_face.copies(learnt[:100] + 1e-3, held_out, learnt)["copied"] == 1
    assert studio_face.copies(new, held_out, learnt)["copied"] < 0.05


def test_the_same_seed_and_wish_make_the_same_face_and_rows_are_obeyed(tmp_path: Path) -> None:
    net = StudioFace(StudioFaceConfig(16, NAMES, channels=(8, 8), z_dim=4, w_dim=4))
    checkpoint.save(tmp_path, net.config, net.state_dict())
    studio = Studio(tmp_path, np.stack([calm(yaw=30), calm()]))
    pictures = studio.draw([4, 5, 4])
    assert pictures.shape == (3, 16, 16, 3)
    np.testing.assert_array_equal(pictures[0], pictures[2])
    np.testing.assert_array_equal(pictures[0], studio.asked([4], calm(yaw=30)[None])[0])
    assert (studio.asked([4], calm()[None])[0] != pictures[0]).any()


def test_a_damaged_checkpoint_is_a_sentence(tmp_path: Path) -> None:
    net = StudioFace(StudioFaceConfig(16, NAMES, channels=(8, 8), z_dim=4, w_dim=4))
    checkpoint.save(tmp_path, StudioFaceConfig(16, NAMES, channels=(4, 8)), net.state_dict())
    with pytest.raises(VcharError, match="can't be read"):
        load_studio(tmp_path)


def test_too_few_people_are_told(tmp_path: Path) -> None:
    with pytest.raises(VcharError, match="3 people are too few"):
        studio_face.evaluate(data=[write_faces(tmp_path, 3)])


@pytest.mark.slow
def test_the_whole_table_can_be_made(tmp_path: Path) -> None:
    net = StudioFace(StudioFaceConfig(32, NAMES))
    checkpoint.save(tmp_path / "net", net.config, net.state_dict())
    encoder = FaceEncoder(FaceEncoderConfig(net.config.z_dim, len(NAMES), 32, channels=(8, 8, 8), features=8))
    checkpoint.save(tmp_path / "net-encoder", encoder.config, encoder.state_dict())
    faces = write_faces(tmp_path / "held-out", 30)
    found = studio_face.evaluate(data=[faces], learnt=[faces], folder=tmp_path / "net", limit=20, write=True)
    assert found["rows"]["held_out"]["frechet_lite0"] == pytest.approx(0, abs=1e-3)
    assert found["rows"]["photo_real"]["one_face"] > 0.9
    assert found["encoder"]["pixels"] > 0
    assert "near_duplicates" in found["rows"]["encoded"]
    assert found["rows"]["photo_real"]["control"]["yaw_error"] < 10
    assert found["rows"]["photo_real"]["identity_turned_30"] < 0.8
    kept = json.loads((tmp_path / "net-encoder" / "metrics.json").read_text())
    assert json.loads((tmp_path / "net" / "metrics.json").read_text())["encoder"]["pixels"] == kept["pixels"]
