"""The camera changes a picture, but not beyond recognition."""

import numpy as np

from vchar.data.photo import photograph


def test_every_seed_is_another_camera_and_the_same_one_each_time() -> None:
    y, x = np.mgrid[:64, :64] / 64
    clean = np.stack([x, y, 0.5 + 0.2 * np.sin(9 * x)], -1).astype(np.float32)
    shots = [photograph(np.random.default_rng(seed), clean) for seed in range(40)]
    again = photograph(np.random.default_rng(3), clean)
    np.testing.assert_array_equal(shots[3], again)
    assert {(shot.shape, shot.dtype) for shot in shots} == {((64, 64, 3), np.dtype(np.uint8))}
    away = np.array([np.abs(shot / 255 - clean).mean() for shot in shots])
    assert away.min() > 0
    assert np.median(away) < 0.15
    assert len({shot.tobytes() for shot in shots}) == 40
    assert any((shot[..., 0] == shot[..., 2]).mean() > 0.5 for shot in shots)  # grey now and then
