import base64
import io

import pytest
from PIL import Image

from tests.ui.fakes import SLIDERS, FakeStudio
from vchar.character import Character, Mix, View
from vchar.ui.preview import FULL, PREVIEW, data_uri, describe, picture


def test_the_description_says_who_it_is_and_which_sliders_were_moved() -> None:
    character = Character(seed=5, name="Ada", sliders={"age": 0.6, "smile": -0.3, "gender": 0.05})
    assert describe(character, SLIDERS) == "Portrait of Ada, seed 5. Age: older. Smile: serious."


@pytest.mark.parametrize(("yaw", "words"), [(0, "Looks straight ahead."), (-29.6, "Looks 30° left.")])
def test_the_description_says_where_a_turned_head_looks(yaw: float, words: str) -> None:
    assert describe(Character(seed=5, view=View(yaw)), SLIDERS) == f"Portrait, seed 5. {words}"


def test_the_description_names_the_other_parents() -> None:
    character = Character(seed=5, mixes=(Mix(8, 0.5, 0.5), Mix(9, 0.5, 0.5)))
    assert describe(character, SLIDERS) == "Portrait, seed 5. Mixed with seed 8, 9."


def test_a_picture_travels_as_a_jpeg_of_the_asked_size() -> None:
    encoded = data_uri(Image.new("RGB", (40, 30), "red"))
    image = Image.open(io.BytesIO(base64.b64decode(encoded.removeprefix("data:image/jpeg;base64,"))))
    assert (image.format, image.size) == ("JPEG", (40, 30))


@pytest.mark.parametrize(("size", "preview"), [(PREVIEW, True), (FULL, False)])
def test_the_stage_learns_whose_picture_it_is_and_whether_a_better_one_will_come(size: int, preview: bool) -> None:
    character = Character(seed=11)
    answer = picture(FakeStudio(), character, size)
    assert (answer["kind"], answer["code"], answer["preview"]) == ("picture", character.to_code(), preview)


def test_without_a_picture_the_stage_says_why() -> None:
    answer = picture(FakeStudio(), Character(sliders={"unheard_of": 0.5}))
    assert (answer["kind"], answer["message"]) == (
        "failed",
        "There is no slider unheard_of; the sliders are age, gender, skin_tone, smile, glasses.",
    )
