"""The Face tab as a visitor uses it, in Chromium."""

from __future__ import annotations

import json
import re
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from tests.ui.conftest import Open, launch
from tests.ui.fakes import FakeStudio
from vchar.character import Character
from vchar.export.png import png_bytes, read_png
from vchar.progress import Progress, silent

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Locator, Page

pytestmark = pytest.mark.browser
ADA = Character(seed=12, sliders={"age": 0.3, "glasses": 1.0}, truncation_psi=0.55, name="Ada")


def shown(page: Page) -> Character:
    """The character whose full-size picture stands on the stage."""
    page.wait_for_timeout(450)  # a preview may be on its way, and the hand must rest before the full size comes
    page.wait_for_selector(".stage[data-state=ready][data-size='1024']")
    return Character.from_code(page.locator(".stage").get_attribute("data-code") or "")


def slider(page: Page, label: str) -> Locator:
    return page.get_by_role("slider", name=label, exact=True)


def press(page: Page, label: str, keys: str, times: int = 1) -> None:
    slider(page, label).focus()
    for _ in range(times):
        page.keyboard.press(keys)


def warned(page: Page) -> str:
    toast = page.get_by_test_id("toast-body").last
    toast.wait_for()
    return toast.inner_text()


# Sliders, seed, and the picture that follows


def test_the_keyboard_moves_a_slider_and_the_picture_follows(visit: Open) -> None:
    page = visit()
    before = page.locator(".stage-picture").get_attribute("src")
    press(page, "Age", "ArrowRight", 7)
    assert shown(page).sliders == {"age": 0.07}
    assert page.locator(".stage-picture").get_attribute("src") != before
    assert "Age" not in (page.locator(".stage-picture").get_attribute("alt") or "")
    press(page, "Age", "PageUp", 2)
    assert shown(page).sliders["age"] > 0.15
    assert "Age: older" in (page.locator(".stage-picture").get_attribute("alt") or "")


def test_a_typed_value_counts_and_absurd_ones_are_limited(visit: Open) -> None:
    page = visit()
    page.get_by_label("Age, typed value").fill("-42")
    page.keyboard.press("Enter")
    assert shown(page).sliders == {"age": -0.42}
    page.get_by_label("Age, typed value").fill("9000")
    page.keyboard.press("Enter")
    assert shown(page).sliders == {"age": 1.0}
    assert slider(page, "Age").input_value() == "100"


def test_a_slider_and_its_group_go_back_to_neutral(visit: Open) -> None:
    page = visit(f"?c={Character(sliders={'age': 0.5, 'gender': 0.5, 'skin_tone': 0.5}).to_code()}")
    slider(page, "Skin tone").dblclick()
    assert shown(page).sliders == {"age": 0.5, "gender": 0.5}
    page.get_by_role("button", name="Reset Gender").click()
    assert shown(page).sliders == {"age": 0.5}
    page.get_by_role("button", name="Reset all of Age & gender").click()
    assert shown(page).sliders == {}


def test_seed_dice_and_typicality_change_who_it_is(visit: Open) -> None:
    page = visit()
    page.get_by_label("Seed", exact=True).fill("4242")
    assert shown(page).seed == 4242
    page.get_by_role("button", name="New person").click()
    assert shown(page).seed != 4242
    assert page.get_by_label("Seed", exact=True).input_value() == str(shown(page).seed)
    press(page, "Typical ↔ Unusual", "Home")
    assert shown(page).truncation_psi == 0.4


def test_absurd_seeds_are_refused_and_change_nothing(visit: Open) -> None:
    page = visit()
    page.get_by_label("Seed", exact=True).fill("99999999999999")
    assert "seed" in warned(page).lower()
    assert shown(page) == Character()


# Undo, compare


def test_undo_redo_and_revert_by_button_and_key(visit: Open) -> None:
    page = visit()
    assert page.locator("#undo").is_disabled()
    press(page, "Age", "ArrowRight", 5)
    assert shown(page).sliders == {"age": 0.05}
    press(page, "Gender", "End")
    both = shown(page)
    page.keyboard.press("z")
    assert shown(page).sliders == {"age": 0.05}
    assert slider(page, "Gender").input_value() == "0"
    page.locator("#undo").click()
    assert shown(page) == Character()
    page.keyboard.press("y")
    page.locator("#redo").click()
    assert shown(page) == both
    page.locator("#revert").click()
    assert shown(page) == Character()
    assert page.locator("#revert").is_disabled()


def test_compare_wipes_between_the_kept_character_and_this_one(visit: Open) -> None:
    page = visit()
    press(page, "Age", "End")
    shown(page)
    page.locator("#compare").click()
    before = page.locator(".stage-before")
    before.wait_for()
    assert before.get_attribute("src") != page.locator(".stage-picture").get_attribute("src")
    assert before.get_attribute("alt") == f"Before. Portrait, seed {Character().seed}."
    page.keyboard.press("Escape")
    before.wait_for(state="hidden")


# Surprise me, variations, mixing


def test_surprise_me_leaves_what_is_locked_alone(visit: Open) -> None:
    page = visit(f"?c={Character(sliders={'age': 0.5, 'smile': 0.5}).to_code()}")
    page.get_by_role("button", name="Lock Age", exact=True).click()
    page.locator("[aria-label='Lock Age'][aria-pressed=true]").wait_for()
    page.locator("#surprise").click()
    surprised = shown(page)
    assert surprised.seed != Character().seed
    assert surprised.sliders == {"age": 0.5}


def test_a_groups_padlock_locks_all_of_it(visit: Open) -> None:
    page = visit()
    page.get_by_role("button", name="Lock all of Age & gender").click()
    for label in ("Lock Age", "Lock Gender"):
        assert page.get_by_role("button", name=label, exact=True).get_attribute("aria-pressed") == "true"


def test_clicking_a_variation_makes_it_the_character_and_can_be_undone(visit: Open) -> None:
    page = visit()
    page.locator("#variation-list img").nth(7).wait_for()
    page.locator("#variation-list button").nth(2).click()
    assert [mix.seed for mix in shown(page).mixes] == [2]
    page.wait_for_timeout(500)
    page.keyboard.press("5")
    assert [mix.seed for mix in shown(page).mixes] == [4]
    page.keyboard.press("z")
    page.keyboard.press("z")
    assert shown(page) == Character()


def test_another_face_gives_shape_and_colouring(visit: Open) -> None:
    page = visit()
    page.get_by_role("button", name="Mix with another face").click()
    page.get_by_label("Other face: seed").fill("99")
    assert [mix.seed for mix in shown(page).mixes] == [99]
    page.locator("#parents img").nth(1).wait_for()
    press(page, "Shape", "End")
    press(page, "Colouring", "Home")
    mix = shown(page).mixes[-1]
    assert (mix.seed, mix.shape, mix.colouring) == (99, 1.0, 0.0)
    page.get_by_role("button", name="Take the other face out").click()
    assert shown(page).mixes == ()


# Keeping and sharing


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
    page = visit(f"?c={ADA.to_code()[:-9]}")
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
    return png_bytes(Image.new("RGB", (8, 8)), ADA, FakeStudio().licence()).replace(b"vchar", b"other")


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


# Visitors, keys, screens


def test_two_visitors_do_not_see_each_other(visit: Open) -> None:
    first, second = visit(), visit()
    press(first, "Age", "ArrowRight", 3)
    press(second, "Age", "ArrowLeft", 4)
    press(first, "Gender", "ArrowRight", 2)
    assert shown(first).sliders == {"age": 0.03, "gender": 0.02}
    assert shown(second).sliders == {"age": -0.04}
    second.keyboard.press("z")
    assert shown(second) == Character()
    assert shown(first).sliders == {"age": 0.03, "gender": 0.02}


def test_shortcuts_rest_while_typing(visit: Open) -> None:
    page = visit()
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_label("Name", exact=True).press_sequentially("Rzyd 1?")
    assert shown(page) == Character(name="Rzyd 1?")
    assert not page.locator("#help-dialog").is_visible()
    page.locator("#surprise").focus()
    page.keyboard.press("?")
    assert page.locator("#help-dialog").is_visible()


@pytest.mark.parametrize("width", [390, 768, 1024, 1440])
def test_no_screen_scrolls_sideways(visit: Open, width: int) -> None:
    page = visit(viewport={"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_the_picture_stays_in_sight_while_the_tools_scroll(visit: Open) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    slider(page, "Skin tone").scroll_into_view_if_needed()
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(300)
    box = page.locator(".stage").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 120


def test_dark_mode_is_remembered(visit: Open) -> None:
    page = visit(color_scheme="light")
    toggle = page.get_by_role("button", name="Dark mode")
    assert toggle.get_attribute("aria-pressed") == "false"
    toggle.click()
    page.reload()
    page.wait_for_selector("body.dark")
    assert page.get_by_role("button", name="Dark mode").get_attribute("aria-pressed") == "true"


def test_a_failed_start_says_why_and_the_next_try_works(visit: Open) -> None:
    server, url = launch(FakeStudio(["No network: connect and try again."], ready=False))
    page = visit(url=url, ready=False)
    page.get_by_text("No network").wait_for()
    press(page, "Age", "ArrowRight", 3)  # the page works all the same
    page.get_by_role("button", name="Try again").click()
    assert shown(page).sliders == {"age": 0.03}
    server.close(verbose=False)


def test_fetching_can_be_cancelled_and_tried_again(visit: Open) -> None:
    stopped = threading.Event()

    class Slow(FakeStudio):
        def prepare(self, progress: Progress = silent) -> None:
            try:
                for step in range(0 if stopped.is_set() else 300):
                    progress(step / 300, f"Fetching the face model (38 MB), {step} MB so far")
                    time.sleep(0.1)
            except Exception:
                stopped.set()
                raise
            self._awake = True

    server, url = launch(Slow(ready=False))
    page = visit(url=url, ready=False)
    page.get_by_text("Fetching the face model").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Fetching was cancelled").wait_for()
    assert stopped.wait(10)
    page.get_by_role("button", name="Try again").click()
    assert shown(page) == Character()
    server.close(verbose=False)


def test_the_console_stays_clean(visit: Open) -> None:
    page = visit()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.reload()
    press(page, "Age", "ArrowRight", 3)
    page.locator("#surprise").click()
    shown(page)
    assert complaints == []
