"""Expression sheets: the right picture at the right place, on the right ground."""

import numpy as np
import pytest
from PIL import Image

from vchar.errors import VcharError
from vchar.export.sheet import GROUNDS, VIEW, label, sheet, strip

COLOURS = ("red", "green", "blue", "gold", "navy", "teal", "purple", "orange", "brown")
PICTURES = {f"mood_{number}": Image.new("RGB", (100, 100), colour) for number, colour in enumerate(COLOURS)}


@pytest.mark.parametrize("ground", GROUNDS)
def test_pictures_stand_in_rows_in_their_order(ground: str) -> None:
    page = sheet(PICTURES, 3, ground).convert("RGB")
    width, height = page.size
    for place, picture in enumerate(PICTURES.values()):
        x, y = (place % 3 + 0.5) / 3 * width, (place // 3 + 0.45) / 3 * height
        assert page.getpixel((round(x), round(y))) == picture.getpixel((50, 50))


def test_every_picture_has_its_name_below() -> None:
    picture = Image.new("RGB", (100, 100))
    bare, named = sheet({" ": picture}, 2), sheet({"happy": picture}, 2)
    ink = np.abs(np.asarray(named, int) - np.asarray(bare, int)).sum(-1) > 0
    assert ink.any()
    assert ink.nonzero()[0].min() > 512
    assert label("in_pain") == "In pain"


def test_on_a_transparent_ground_only_what_was_cut_out_shows() -> None:
    cut = {name: picture.convert("RGBA") for name, picture in PICTURES.items()}
    for picture in cut.values():
        picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    alpha = np.asarray(sheet(cut, 3, "transparent").getchannel("A"))
    assert alpha[0].max() == 0
    assert alpha[18, 18] == 0  # the corner of the first tile
    assert 100 < alpha[180, 180] < 156


def test_a_plain_page_has_the_colour_of_its_pictures_ground() -> None:
    assert sheet(PICTURES, 3, "plain", colour="#102030").getpixel((2, 2)) == (16, 32, 48)


def test_an_unfinished_last_row_is_kept() -> None:
    page = sheet(PICTURES, 4, "photo")
    assert page.width > page.height
    assert page.getpixel((round(page.width / 8), round(page.height * 0.8))) == Image.new(
        "RGB", (1, 1), "brown"
    ).getpixel((0, 0))


def test_a_strip_has_all_views_in_one_row() -> None:
    page = strip(dict(list(PICTURES.items())[:7]))
    assert 7 * VIEW < page.width < 8 * VIEW
    assert page.height < 2 * VIEW


def test_another_ground_is_refused() -> None:
    with pytest.raises(VcharError, match="no ground 'grass'; choose photo, plain, transparent"):
        sheet(PICTURES, 3, "grass")
