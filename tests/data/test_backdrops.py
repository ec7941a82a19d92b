"""Pictures without faces."""

import numpy as np

from vchar.data.backdrops import SIZE, backdrops


def test_backdrops_are_many_and_different_and_the_same_every_time() -> None:
    pictures = backdrops(20, seed=1)
    assert pictures.shape == (20, SIZE, SIZE, 3)
    assert pictures.dtype == np.uint8
    assert len({picture.tobytes() for picture in pictures}) == 20
    np.testing.assert_array_equal(pictures, backdrops(20, seed=1))


def test_every_other_backdrop_is_a_corner_of_a_portrait() -> None:
    portrait = np.zeros((1, 120, 120, 3), np.uint8)
    portrait[:, :20, :20], portrait[:, :20, 100:] = 70, 140
    pictures = backdrops(8, seed=0, portraits=portrait)
    assert {int(picture.mean()) for picture in pictures[1::2]} <= {70, 140}
