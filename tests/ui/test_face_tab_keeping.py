"""The Face tab in Chromium: what a visitor keeps, takes away and brings back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from tests.ui.conftest import Open, launch
from tests.ui.fakes import FakeFaces, FakeStudio
from tests.ui.hands import ADA, press, shown, slider, warned
from vchar.character import Character
from vchar.export.png import png_bytes, read_png

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload

pytestmark = pytest.mark.browser


def test_favourites_outlive_the_server(visit: Open) -> None:
    server, url = launch(FakeStudio())
    page = visit(f"?c={ADA.to_code()}", url=url)
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name="Load Ada").wait_for()
    port = int(url.rsplit(":", 1)[1])
    server.close(verbose=False)
    server, _ = launch(FakeStudio(), port)
    page.goto(url)
    assert shown(page) == Character()
    page.get_by_role("button", name="Load Ada").click()
    assert shown(page) == ADA
    server.close(verbose=False)


def test_a_favourite_can_be_renamed_and_deleted(visit: Open) -> None:
    page = visit()
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name=f"Rename Seed {Character().seed}").click()
    page.get_by_label(f"New name for Seed {Character().seed}").fill("Bea <b>")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Load Bea <b>").click()
    assert shown(page).name == "Bea <b>"
    page.locator(".thumb").last.hover()
    page.get_by_role("button", name="Delete Bea <b>").click()
    page.get_by_text("Keep a face you like").wait_for()


def test_a_favourite_can_be_mixed_in(visit: Open) -> None:
    page = visit(f"?c={ADA.to_code()}")
    page.get_by_role("button", name="Keep").click()
    page.locator("#dice").click()
    page.get_by_role("button", name="Mix with Ada").click()
    assert [mix.seed for mix in shown(page).mixes] == [ADA.seed]


def test_the_copied_link_restores_everything_on_another_server(visit: Open) -> None:
    page = visit(f"?c={ADA.to_code()}")
    press(page, "Gender", "ArrowLeft", 3)
    chosen = shown(page)
    page.get_by_role("button", name="Copy link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    server, url = launch(FakeStudio())
    other = visit(f"?{urlsplit(link).query}", url=url)
    assert shown(other) == chosen
    assert slider(other, "Gender").input_value() == "-3"
    assert other.get_by_label("Name", exact=True).input_value() == "Ada"
    server.close(verbose=False)


def test_a_reload_keeps_the_character(visit: Open) -> None:
    page = visit()
    press(page, "Age", "End")
    chosen = shown(page)
    page.wait_for_url(re.compile(r"\?c="))
    assert Character.from_code(parse_qs(urlsplit(page.url).query)["c"][0]) == chosen
    page.reload()
    assert shown(page) == chosen


def test_a_damaged_link_is_one_sentence_and_the_default_character(visit: Open) -> None:
    page = visit(f"?c={ADA.to_code()[:-9]}", ready=False)
    assert "damaged" in warned(page)
    assert shown(page) == Character()


def test_a_downloaded_png_restores_the_character_when_dropped_in_again(visit: Open, tmp_path: Path) -> None:
    page = visit(f"?c={ADA.to_code()}")
    with page.expect_download() as download:
        page.keyboard.press("d")
    assert download.value.suggested_filename == "ada.png"
    file = tmp_path / "ada.png"
    download.value.save_as(file)
    assert read_png(file.read_bytes()) == ADA
    other = visit()
    other.locator("#restoring input[type=file]").set_input_files(file)
    assert shown(other) == ADA
    other.locator("#restoring input[type=file]").wait_for(state="attached")  # ready for the next one


def test_a_recipe_dropped_on_the_picture_restores_the_character(visit: Open) -> None:
    page = visit()
    page.evaluate(
        """recipe => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([recipe], "ada.json", { type: "application/json" }));
            const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
            document.querySelector(".stage").dispatchEvent(drop);
        }""",
        ADA.to_json(),
    )
    page.get_by_role("button", name="Undo").and_(page.locator(":enabled")).wait_for()
    assert shown(page) == ADA


def test_a_downloaded_recipe_is_readable_json(visit: Open) -> None:
    page = visit(f"?c={ADA.to_code()}")
    with page.expect_download() as download:
        page.locator("#recipe").click()
    assert json.loads(Path(download.value.path()).read_text())["sliders"] == {"age": 0.3, "glasses": 1.0}


def test_a_pasted_code_restores_the_character(visit: Open) -> None:
    page = visit()
    page.get_by_label("Link or code", exact=True).fill(f"https://elsewhere.org/studio?c={ADA.to_code()}")
    page.keyboard.press("Enter")
    assert shown(page) == ADA


def png_of_others() -> bytes:
    return png_bytes(Image.new("RGB", (8, 8)), ADA, FakeFaces().licence).replace(b"vchar", b"other")


@pytest.mark.parametrize(
    "upload",
    [
        {"name": "holiday.png", "mimeType": "image/png", "buffer": b"no picture"},
        {"name": "other.png", "mimeType": "image/png", "buffer": png_of_others()},
        {"name": "future.json", "mimeType": "application/json", "buffer": b'{"vchar": 99}'},
        {"name": "unknown.json", "mimeType": "application/json", "buffer": b'{"vchar": 1, "wings": 2}'},
    ],
    ids=lambda upload: str(upload["name"]),
)
def test_a_bad_upload_is_one_sentence_and_changes_nothing(visit: Open, upload: FilePayload) -> None:
    page = visit(f"?c={ADA.to_code()}")
    page.locator("#restoring input[type=file]").set_input_files(upload)
    assert len(warned(page)) < 250
    assert shown(page) == ADA


def test_an_upload_of_200_mb_is_refused_at_once(visit: Open, tmp_path: Path) -> None:
    page = visit()
    with (tmp_path / "huge.png").open("wb") as file:
        file.truncate(200_000_000)
    page.locator("#restoring input[type=file]").set_input_files(tmp_path / "huge.png")
    assert "exceed" in warned(page)
    assert shown(page) == Character()


def test_what_a_strangers_file_says_is_shown_as_text(visit: Open) -> None:
    page = visit()
    recipe = b'{"vchar": 1, "<img src=x onerror=window.harmed=1>": 2}'
    upload: FilePayload = {"name": "evil.json", "mimeType": "application/json", "buffer": recipe}
    page.locator("#restoring input[type=file]").set_input_files(upload)
    assert "onerror" in warned(page)
    assert page.evaluate("window.harmed") is None
