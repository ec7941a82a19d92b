"""Skins: where features are, and that they vary."""

import numpy as np
import pytest

from vchar.data.assets import Assets
from vchar.data.skin import FaceMap, draw_skin
from vchar.rig.body import HeadModel

SIZE = 256


@pytest.fixture(scope="module")
def face_map(head: HeadModel) -> FaceMap:
    return FaceMap.of(head, SIZE)


def at_landmarks(head: HeadModel, face_map: FaceMap, name: str, marks: list[int]) -> np.ndarray:
    """The mask's values where landmarks lie in the skin's picture."""
    corner = {int(v): (f, c) for f, face in enumerate(head.faces) if head.face_part[f] == 0 for c, v in enumerate(face)}
    uv = np.array([head.uv[corner[int(head.landmarks[mark])]] for mark in marks])
    rows = ((1 - uv[:, 1]) * SIZE).astype(int) - face_map.rows.start
    columns = (uv[:, 0] * SIZE).astype(int) - face_map.columns.start
    return face_map.masks[name][rows, columns]


def test_masks_lie_on_their_features(head: HeadModel, face_map: FaceMap) -> None:
    assert at_landmarks(head, face_map, "lips", [51, 57]).min() > 0.1
    assert at_landmarks(head, face_map, "lips", [30, 8, 36, 45]).max() < 0.01
    assert at_landmarks(head, face_map, "beard", [5, 8, 11]).min() > 0.7
    assert at_landmarks(head, face_map, "beard", [27, 30, 36, 19]).max() < 0.05
    assert at_landmarks(head, face_map, "nose", [30]).min() > 0.4
    assert face_map.masks["scalp"].mean() > 0.2
    assert at_landmarks(head, face_map, "scalp", [30, 8, 19, 24]).max() < 0.05


def test_the_same_seed_makes_the_same_skin_and_another_another(face_map: FaceMap) -> None:
    skins, hair = Assets.plain().skins, np.array([0.2, 0.1, 0.05], np.float32)
    drawn = [draw_skin(np.random.default_rng(seed), skins, face_map, 0.4, hair) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert (drawn[0] != drawn[2]).mean() > 0.5
    assert drawn[0].shape == (SIZE, SIZE, 3)


def test_melanin_darkens(face_map: FaceMap) -> None:
    skins, hair = Assets.plain().skins, np.zeros(3, np.float32)
    light, dark = (
        draw_skin(np.random.default_rng(0), skins, face_map, melanin, hair).mean() for melanin in (0.05, 0.95)
    )
    assert dark < 0.5 * light
