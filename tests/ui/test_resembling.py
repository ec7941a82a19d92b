"""A person like the one in a picture: in the Face tab and over HTTP, with our own generator and its encoder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gradio.utils import get_upload_folder
from gradio_client import Client, handle_file
from PIL import Image

from tests.ui.conftest import Open, launch
from tests.ui.fakes import FakeFaces, FakeStudio
from tests.ui.hands import shown, warned
from vchar.character import Character
from vchar.studio import Studio


@pytest.fixture(scope="module")
def encoding(encoding_studio: Studio) -> Iterator[str]:
    """The address of an app with two generators, of which ours finds places."""
    studio = FakeStudio(FakeFaces(), *encoding_studio.generators)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(studio, "like", encoding_studio.like)
        server, url = launch(studio)
        yield url
        server.close(verbose=False)


@pytest.fixture
def holiday(tmp_path: Path) -> Path:
    Image.effect_noise((300, 300), 60).convert("RGB").save(tmp_path / "holiday.jpg")
    return tmp_path / "holiday.jpg"


def test_an_endpoint_answers_with_a_code_and_keeps_nothing(encoding: str, holiday: Path) -> None:
    code = Client(encoding, verbose=False).predict(handle_file(holiday), api_name="/like")
    assert Character.from_code(code).place
    assert list(Path(get_upload_folder()).rglob("*holiday*")) == []


@pytest.mark.browser
def test_where_no_generator_finds_places_nothing_is_offered(visit: Open) -> None:
    assert visit().locator("#like-picture").count() == 0


@pytest.mark.browser
def test_a_picture_makes_the_character_after_consent_and_undo_brings_the_old_one_back(
    visit: Open, encoding: str, holiday: Path
) -> None:
    ada = Character(seed=9, sliders={"cap": 0.5}, name="Ada", model="studio")
    page = visit(f"?c={ada.to_code()}", url=encoding)
    assert page.locator("#like-picture").is_disabled()
    page.locator("#like-consent input").check()
    page.locator("#like-picture:not([disabled])").wait_for()
    page.locator("#resembling input[type=file]").set_input_files(holiday)
    page.locator("#undo:not([disabled])").wait_for()
    like = shown(page)
    assert like == Character(like.seed, truncation_psi=1, model="studio", name="Ada", place=like.place)
    assert like.place
    assert page.locator(".stage[data-photo]").count() == 0
    assert list(Path(get_upload_folder()).rglob("*holiday*")) == []
    letter = holiday.with_name("letter.jpg")
    letter.write_text("Dear artist")
    page.locator("#resembling input[type=file]").set_input_files(letter)
    assert "letter.jpg is no picture" in warned(page)
    assert shown(page) == like
    page.locator("#undo").click()
    assert shown(page) == ada
    page.get_by_role("radio", name="Flat").check()
    page.locator("#resembling").wait_for(state="hidden")
