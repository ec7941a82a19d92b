"""The factory without any archive: pictures and labels belong together."""

import numpy as np
import pytest

from vchar.data.heads import HeadFactory
from vchar.data.labels import HeadSample
from vchar.rig.blendshapes import ARKIT_NAMES

SIZE = 64


@pytest.fixture(scope="module")
def samples(plain_factory: HeadFactory) -> list[HeadSample]:
    return [plain_factory.draw(seed, SIZE) for seed in range(48)]


def test_a_seed_is_one_picture_whatever_was_drawn_before(plain_factory: HeadFactory) -> None:
    first = plain_factory.draw(7, SIZE)
    plain_factory.draw(8, SIZE)
    again = plain_factory.draw(7, SIZE)
    for name, value in first.arrays().items():
        np.testing.assert_array_equal(value, again.arrays()[name], err_msg=name)
    assert (plain_factory.draw(8, SIZE).picture != first.picture).mean() > 0.5


def test_faces_are_framed_and_seen(samples: list[HeadSample]) -> None:
    for sample in samples:
        spread = np.ptp(sample.landmarks[:68], axis=0).max() / SIZE
        assert 0.3 < spread < 0.9
        inside = ((sample.landmarks > 0) & (sample.landmarks < SIZE)).all(1)
        assert inside.mean() > 0.9
        assert not sample.visibility[~inside].any()
        assert not sample.visibility[17:27].any()  # no brow cards, so no brows to see


def test_the_middle_of_a_face_that_looks_at_the_camera_is_seen(samples: list[HeadSample]) -> None:
    frontal = [s.visibility[27:36].mean() for s in samples if np.abs(s.pose[:2]).max() < 12]
    assert len(frontal) > 8
    assert np.mean(frontal) > 0.85  # hair, or a blob, may hide a few


def test_a_turned_head_hides_its_far_side(samples: list[HeadSample]) -> None:
    turned = [s for s in samples if abs(s.pose[0]) > 35]
    assert len(turned) > 3
    # a head that looks to the picture's right shows its left cheek
    near = [s.visibility[0:7].sum() - s.visibility[10:17].sum() for s in turned]
    assert (np.sign(near) == np.sign([s.pose[0] for s in turned])).mean() > 0.9


def test_landmarks_follow_the_mouth(samples: list[HeadSample]) -> None:
    jaw = ARKIT_NAMES.index("jawOpen")
    gaps = [
        np.linalg.norm(s.landmarks[62] - s.landmarks[66]) / np.linalg.norm(s.landmarks[27] - s.landmarks[8])
        for s in samples
    ]
    assert np.corrcoef(gaps, [s.arkit[jaw] for s in samples])[0, 1] > 0.6


def test_dense_labels_agree_with_each_other(plain_factory: HeadFactory) -> None:
    dense = plain_factory.draw(3, SIZE, dense=True).dense
    assert dense is not None
    empty = dense.parts == 0
    np.testing.assert_array_equal(empty, ~np.isfinite(dense.depth))
    np.testing.assert_allclose(np.linalg.norm(dense.normals[~empty], axis=1), 1, atol=1e-3)
    assert {1, 255} <= set(np.unique(dense.parts))
    assert dense.uv[dense.parts == 1].min() > 0
    assert not dense.uv[dense.parts != 1].any()


def test_who_is_drawn_twice_stays_in_place_and_turns_or_changes_face(plain_factory: HeadFactory) -> None:
    couples = [plain_factory.draw_twice(seed, SIZE) for seed in range(12)]
    turned = [bool(second.pose.any()) for _, second in couples]
    assert 0 < sum(turned) < len(turned)
    for (first, second), turns in zip(couples, turned, strict=True):
        assert not first.pose.any()
        assert np.array_equal(first.arkit, second.arkit) == turns
        np.testing.assert_allclose(first.picture[:4, :4].mean(), second.picture[:4, :4].mean(), atol=12)


def test_mattes_show_where_the_head_is(plain_factory: HeadFactory) -> None:
    dense = plain_factory.draw(3, SIZE, dense=True).dense
    assert dense is not None
    person, hair = np.moveaxis(dense.matte, -1, 0)
    assert person[dense.parts > 0].mean() > 250
    assert person[dense.parts == 0].mean() < 25
    assert not hair.any()  # there are no cards of hair without an archive
