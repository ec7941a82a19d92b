"""The factory without any archive: pictures and labels belong together."""

import numpy as np

from vchar.data.heads import HeadFactory
from vchar.rig.blendshapes import ARKIT_NAMES

SIZE = 96


def test_a_seed_is_one_picture_whatever_was_drawn_before(plain_factory: HeadFactory) -> None:
    first = plain_factory.draw(7, SIZE)
    plain_factory.draw(8, SIZE)
    again = plain_factory.draw(7, SIZE)
    for name, value in first.arrays().items():
        np.testing.assert_array_equal(value, again.arrays()[name], err_msg=name)
    assert (plain_factory.draw(8, SIZE).picture != first.picture).mean() > 0.5


def test_faces_are_framed_and_seen(plain_factory: HeadFactory) -> None:
    for seed in range(12):
        sample = plain_factory.draw(seed, SIZE)
        spread = np.ptp(sample.landmarks[:68], axis=0).max() / SIZE
        assert 0.3 < spread < 0.9
        inside = ((sample.landmarks > 0) & (sample.landmarks < SIZE)).all(1)
        assert inside.mean() > 0.9
        assert not sample.visibility[~inside].any()
        if abs(sample.pose[0]) < 15 and abs(sample.pose[1]) < 10:
            assert sample.visibility[27:36].mean() > 0.8
        assert not sample.visibility[17:27].any()  # no brow cards, so no brows to see


def test_a_turned_head_hides_its_far_side(plain_factory: HeadFactory) -> None:
    turned = [s for s in (plain_factory.draw(seed, SIZE) for seed in range(60)) if abs(s.pose[0]) > 35]
    assert len(turned) > 3
    for sample in turned:
        left, right = sample.visibility[0:7].sum(), sample.visibility[10:17].sum()
        assert (left > right) == (sample.pose[0] > 0)  # it looks to the picture's right: the left cheek is near


def test_landmarks_follow_the_mouth(plain_factory: HeadFactory) -> None:
    jaw = ARKIT_NAMES.index("jawOpen")
    samples = [plain_factory.draw(seed, SIZE) for seed in range(40)]
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
