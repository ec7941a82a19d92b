"""Pulling pictures along a flow, and filling flows in."""

import numpy as np

from vchar.rig.flow import diffuse, length, sample, soften_seams


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).random(shape, dtype=np.float32)


def test_no_flow_changes_no_bit() -> None:
    picture = noise(40, 50, 3)
    assert np.array_equal(sample(picture, np.zeros((40, 50, 2), np.float32)), picture)


def test_a_whole_pixel_of_flow_moves_by_a_pixel() -> None:
    picture = noise(40, 50, 3)
    moved = sample(picture, np.broadcast_to(np.array([3, -2], np.float32), (40, 50, 2)))
    assert np.allclose(moved[5:-5, 5:-5], picture[3:-7, 8:-2], atol=1e-6)


def test_half_a_pixel_keeps_more_contrast_than_a_straight_line() -> None:
    row = np.sin(np.arange(64, dtype=np.float32) * 1.2)
    picture = np.broadcast_to(row[None, :, None], (8, 64, 1)).astype(np.float32)
    half = sample(picture, np.broadcast_to(np.array([0.5, 0], np.float32), (8, 64, 2)))[4, 4:-4, 0]
    assert half.std() > 1.03 * ((row[4:-4] + row[5:-3]) / 2).std()


def test_beyond_the_border_the_edge_repeats() -> None:
    picture = noise(20, 20, 3)
    far = sample(picture, np.broadcast_to(np.array([100, 0], np.float32), (20, 20, 2)))
    assert np.allclose(far, picture[:, -1:], atol=1e-6)


def test_diffusing_keeps_what_is_known_and_joins_it_smoothly() -> None:
    values = np.zeros((60, 60, 1), np.float32)
    known = np.zeros((60, 60), bool)
    known[:, 0] = known[:, -1] = True
    values[:, -1] = 1
    filled = diffuse(values, known)
    assert np.array_equal(filled[known], values[known])
    assert np.abs(filled[30, :, 0] - np.linspace(0, 1, 60)).max() < 0.05


def test_diffusing_without_anything_known_gives_zeros() -> None:
    assert not diffuse(noise(40, 40, 2), np.zeros((40, 40), bool)).any()


def test_only_seams_are_softened() -> None:
    picture = noise(20, 20, 3)
    flow = np.zeros((20, 20, 2), np.float32)
    flow[:, 10:, 0] = 5
    softened = picture.copy()
    soften_seams(softened, flow, np.zeros((20, 20), bool), 1.5)
    changed = (softened != picture).any((0, 2))
    assert changed[9:11].all()
    assert changed.sum() == 2


def test_length_is_that_of_the_vector() -> None:
    assert length(np.array([[3, 4]], np.float32))[0] == 5
