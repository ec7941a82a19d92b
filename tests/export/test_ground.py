"""Heads that are cut out, before plain colour or nothing."""

import numpy as np
import pytest
from PIL import Image

from vchar.errors import VcharError
from vchar.export.ground import cut_out

PICTURE = Image.new("RGB", (30, 20), (200, 100, 50))
ALPHA = np.zeros((20, 30), np.float32)
ALPHA[:, :10] = 1
ALPHA[:, 10:20] = 0.5


def test_plain_ground_shows_where_the_head_is_not_and_mixes_at_the_edge() -> None:
    plain = cut_out(PICTURE, ALPHA, "plain", "#0000ff")
    assert plain.mode == "RGB"
    assert plain.getpixel((2, 5)) == (200, 100, 50)
    assert plain.getpixel((28, 5)) == (0, 0, 255)
    assert plain.getpixel((15, 5)) == pytest.approx((100, 50, 152), abs=2)


def test_transparent_ground_keeps_the_colours_and_the_matte() -> None:
    clear = np.asarray(cut_out(PICTURE, ALPHA, "transparent"))
    assert (clear[..., :3] == (200, 100, 50)).all()
    assert (clear[5, [2, 15, 28], 3] == (255, 128, 0)).all()


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
        cut_out(PICTURE, alpha, ground, colour)
