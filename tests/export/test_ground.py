"""Heads that are cut out, before plain colour or nothing."""

import numpy as np
import pytest
from PIL import Image

from vchar.errors import VcharError
from vchar.export.ground import cut_out

SIDE = 120
HEAD, BEHIND = np.array([200, 100, 50]), np.array([20, 160, 40])
ALPHA = np.tile(np.clip((65 - np.arange(SIDE)) / 10, 0, 1), (SIDE, 1)).astype(np.float32)  # head at the left
MIXED = Image.fromarray((ALPHA[..., None] * HEAD + (1 - ALPHA[..., None]) * BEHIND).round().astype(np.uint8))


def test_plain_ground_shows_where_the_head_is_not_and_mixes_at_the_edge() -> None:
    plain = cut_out(MIXED, ALPHA, "plain", "#0000ff")
    assert plain.mode == "RGB"
    assert plain.getpixel((2, 30)) == tuple(HEAD)
    assert plain.getpixel((110, 30)) == (0, 0, 255)
    assert plain.getpixel((60, 30)) == pytest.approx((100, 50, 152), abs=12)


def test_no_rim_of_the_old_ground_stays_in_what_is_cut_out() -> None:
    clear = np.asarray(cut_out(MIXED, ALPHA, "transparent"), int)
    assert clear.shape == (SIDE, SIDE, 4)
    assert (clear[30, [2, 110], 3] == (255, 0)).all()
    edge = (ALPHA > 0.2) & (ALPHA < 1)
    left = np.abs(clear[edge][:, :3] - HEAD).mean()
    assert left < 0.25 * np.abs(np.asarray(MIXED, int)[edge] - HEAD).mean()


@pytest.mark.parametrize(
    ("alpha", "ground", "colour", "message"),
    [
        (ALPHA, "grass", "red", "no ground 'grass'"),
        (ALPHA[:5], "plain", "red", "make it anew"),
        (ALPHA, "plain", "reddish", "'reddish' is no colour"),
    ],
)
def test_what_cannot_be_laid_is_refused(alpha: np.ndarray, ground: str, colour: str, message: str) -> None:
    with pytest.raises(VcharError, match=message):
        cut_out(MIXED, alpha, ground, colour)
