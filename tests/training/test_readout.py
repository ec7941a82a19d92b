"""The readout of a generator's features: what is surely known, and what a linear classifier makes of it."""

import numpy as np
import torch

from vchar.training.readout import CLOTHES, FACE, GROUND, HAIR, KINDS, SIZE, UNKNOWN, Painted, Readout, surely

SKIN, DARK, BLUE = (220, 170, 140), (40, 30, 25), (40, 60, 200)


def portrait() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A drawn bust with dark hair and a blue shirt, how likely each pixel is somebody, and the landmarks."""
    y, x = np.mgrid[:SIZE, :SIZE] + 0.5
    face, hair = np.hypot((x - 128) / 50, (y - 130) / 65) < 1, np.hypot((x - 128) / 65, (y - 100) / 80) < 1
    shirt = (y > 205) & (np.abs(x - 128) < 110)
    picture = np.full((SIZE, SIZE, 3), 230, np.uint8)
    picture[hair], picture[shirt], picture[face] = DARK, BLUE, SKIN
    points = np.zeros((70, 2), np.float32)
    turn = np.linspace(-0.2, np.pi + 0.2, 17)
    points[:17] = np.stack([128 - 50 * np.cos(turn), 130 + 65 * np.sin(turn)], 1)
    points[17:27] = np.stack([np.linspace(95, 161, 10), np.full(10, 105)], 1)
    points[36:42], points[42:48] = (108, 120), (148, 120)
    points[31], points[48], points[54] = (118, 150), (110, 170), (146, 170)
    points[35] = (138, 150)
    return picture, (face | hair | shirt).astype(np.float32), points


def test_colour_and_landmarks_tell_face_hair_clothes_and_ground() -> None:
    known = surely(*portrait())
    for (x, y), kind in {(128, 150): FACE, (128, 40): HAIR, (40, 240): CLOTHES, (10, 20): GROUND}.items():
        assert known[y, x] == kind
    assert (known == UNKNOWN).any()


def test_a_linear_readout_tells_kinds_apart_that_features_tell_apart() -> None:
    random = torch.Generator().manual_seed(0)
    truth = torch.randint(len(KINDS), (8, 8), generator=random)
    patterns = torch.randn(len(KINDS), 12, generator=random)
    features = patterns[truth].permute(2, 0, 1) + 0.1 * torch.randn(12, 8, 8, generator=random)
    known = truth.repeat_interleave(SIZE // 8, 0).repeat_interleave(SIZE // 8, 1).to(torch.uint8).numpy()
    painted = Painted(np.zeros((SIZE, SIZE, 3), np.uint8), [features])
    found = Readout.learn([painted], [known], seed=0)(painted.features)
    assert torch.allclose(found.sum(0), torch.ones(SIZE, SIZE), atol=1e-4)
    assert (found.argmax(0).numpy() == known)[16::32, 16::32].mean() > 0.95
