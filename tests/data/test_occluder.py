"""Blobs before the face."""

import numpy as np

from vchar.data.occluder import draw_occluder

SKIN = np.array([0.8, 0.6, 0.5])


def test_blobs_cover_some_of_the_picture_and_never_all() -> None:
    picture = np.full((16, 16, 3), 90, np.uint8)
    blobs = [draw_occluder(np.random.default_rng(seed), [picture], SKIN, 64) for seed in range(40)]
    cover = np.array([(blob[..., 3] > 0.5).mean() for blob in blobs])
    assert (cover > 0.005).mean() > 0.8
    assert cover.max() < 0.6
    assert all(blob.min() >= 0 and blob.max() <= 1 for blob in blobs)


def test_without_pictures_blobs_are_plain() -> None:
    assert draw_occluder(np.random.default_rng(1), [], SKIN, 32).shape == (32, 32, 4)
