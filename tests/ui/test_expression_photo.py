"""A visitor's own picture on the Expression tab: consent, choice of face, and that nothing of it is kept or shared."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gradio.utils import get_upload_folder
from PIL import Image

from tests.ui.conftest import Open
from tests.ui.fakes import SMILE
from tests.ui.hands import press, shown, warned
from tests.ui.test_expression_tab import emotion, opened, saved
from vchar.character import Character, Expression

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def holiday(tmp_path: Path) -> Path:
    """A wide picture, in which the fake studio sees two faces, as a phone that was held sideways writes it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera maker"
    Image.new("RGB", (200, 300), "tan").save(tmp_path / "holiday.jpg", exif=exif)
    return tmp_path / "holiday.jpg"


def open_photo(page: Page, path: Path) -> None:
    page.locator("#photo-consent input").check()
    page.locator("#open-photo:not([disabled])").wait_for()
    page.locator("#opening input[type=file]").set_input_files(path)


def test_nothing_can_be_opened_without_consent(visit: Open) -> None:
    page = opened(visit())
    assert page.locator("#open-photo").is_disabled()
    assert page.locator("#copy-from").is_disabled()
    page.locator("#photo-consent input").check()
    page.locator("#open-photo:not([disabled])").wait_for()
    page.locator("#photo-consent input").uncheck()
    page.locator("#open-photo[disabled]").wait_for()


def test_a_photo_takes_the_stage_and_changes_like_a_generated_face(visit: Open, holiday: Path) -> None:
    page = opened(visit())
    open_photo(page, holiday)
    page.locator(".stage[data-photo]").wait_for()
    assert page.get_by_role("button", name="Face 1").get_attribute("aria-pressed") == "true"
    shown(page)
    before = page.locator(".stage-picture").get_attribute("src")
    emotion(page, "Sad")
    assert shown(page).expression.emotions == {"sad": 1}
    assert page.locator(".stage-picture").get_attribute("src") != before
    assert page.locator(".stage-picture").get_attribute("alt") == "Your photo. Sad 100 %."
    assert page.locator("#copy-link").is_disabled()
    assert page.locator("#recipe").is_disabled()
    name, data = saved(page, "#download")
    image = Image.open(io.BytesIO(data))
    assert name == "photo_sad.png"
    assert image.size == (300, 200)
    assert image.info["Source"] == "AI-edited photo"
    assert "exif" not in image.info
    assert "vchar" not in image.info


def test_another_face_of_the_photo_can_be_chosen(visit: Open, holiday: Path) -> None:
    page = opened(visit())
    open_photo(page, holiday)
    page.get_by_role("button", name="Face 2").click()
    page.locator("[aria-label='Face 2'][aria-pressed=true]").wait_for()
    assert page.locator("[aria-label='Face 1']").get_attribute("aria-pressed") == "false"


def test_going_back_or_asking_for_another_face_forgets_the_photo(visit: Open, holiday: Path) -> None:
    page = opened(visit())
    open_photo(page, holiday)
    page.locator("#close-photo").click()
    page.locator(".stage:not([data-photo])").wait_for()
    page.locator("#photo-faces .faces").wait_for(state="hidden")
    assert not page.locator("#close-photo").is_visible()
    other = holiday.with_name("other.png")
    Image.new("RGB", (200, 300), "teal").save(other)
    open_photo(page, other)
    page.locator(".stage[data-photo]").wait_for()
    page.keyboard.press("r")
    page.locator(".stage:not([data-photo])").wait_for()
    assert page.locator(".stage[data-photo]").count() == 0


def test_nothing_of_a_photo_stays_on_the_servers_disk(visit: Open, holiday: Path) -> None:
    page = opened(visit())
    open_photo(page, holiday)
    page.locator(".stage[data-photo]").wait_for()
    saved(page, "#sheet-nine")
    assert list(Path(get_upload_folder()).rglob("*holiday*")) == []


def test_a_photo_is_seen_by_its_visitor_alone(visit: Open, holiday: Path) -> None:
    first, second = opened(visit()), opened(visit())
    open_photo(first, holiday)
    first.locator(".stage[data-photo]").wait_for()
    emotion(second, "Happy")
    assert shown(second).expression.emotions == {"happy": 1}
    assert second.locator(".stage[data-photo]").count() == 0
    assert second.locator(".faces img").count() == 0


@pytest.mark.parametrize(
    ("name", "message"),
    [("night.png", "No face found in night.png"), ("letter.jpg", "letter.jpg is no picture"), ("half.png", "damaged")],
)
def test_an_unusable_file_is_told_in_one_sentence_and_changes_nothing(
    visit: Open, tmp_path: Path, name: str, message: str
) -> None:
    night = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(night, "PNG")
    Image.new("RGB", (200, 200)).save(tmp_path / "night.png")
    (tmp_path / "letter.jpg").write_text("Dear artist")
    (tmp_path / "half.png").write_bytes(night.getvalue()[:9000])
    page = opened(visit())
    open_photo(page, tmp_path / name)
    assert message in warned(page)
    assert page.locator(".stage[data-photo]").count() == 0
    press(page, "Gaze, sideways", "ArrowRight")
    assert shown(page).expression.gaze == (0.01, 0)


def test_the_expression_of_another_picture_is_copied(visit: Open, holiday: Path) -> None:
    page = opened(visit())
    page.locator("#copy-consent input").check()
    page.locator("#copy-from:not([disabled])").wait_for()
    page.locator("#copying input[type=file]").set_input_files(holiday)
    page.wait_for_function("!document.querySelector('#clear-expression').disabled")
    assert shown(page) == Character(expression=Expression(True, arkit=SMILE))
