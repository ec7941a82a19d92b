"""The Expression tab in Chromium: emotions, gaze, facial actions, undo, presets and sheets."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.ui.conftest import Open, launch
from tests.ui.fakes import FakeStudio
from tests.ui.hands import fits, press, shown, slider, warned
from vchar.character import Character, Expression
from vchar.export.png import read_png
from vchar.rig.blendshapes import PRESETS

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ACTED = Character(seed=12, expression=Expression(True, {"sad": 0.5}, {"jawOpen": 0.25}, (0.5, 0)), name="Ada")


class SlowStudio(FakeStudio):
    """Takes half a second for a portrait."""

    def portrait(self, character: Character, size: int = 1024) -> Image.Image:
        time.sleep(0.5)
        return super().portrait(character, size)


@pytest.fixture
def tab(visit: Open) -> Page:
    """The tab, opened by a visitor who starts with the default character."""
    return opened(visit())


def opened(page: Page) -> Page:
    page.get_by_role("tab", name="Expression").click()
    page.locator(".reads:not([hidden])").wait_for()
    return page


def emotion(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def unfold(page: Page, region: str) -> None:
    """Open a group of facial actions."""
    page.locator(f"#actions [data-title='{region}'] summary").click()


def saved(page: Page, button: str) -> tuple[str, bytes]:
    """The name and content of what a button downloads."""
    with page.expect_download() as download:
        page.locator(button).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


# Emotions


def test_a_click_on_an_emotion_changes_the_picture_and_a_second_takes_it_back(tab: Page) -> None:
    before = tab.locator(".stage-picture").get_attribute("src")
    emotion(tab, "Sad")
    assert shown(tab).expression == Expression(emotions={"sad": 1})
    assert tab.locator(".stage-picture").get_attribute("src") != before
    assert "Sad 100 %" in (tab.locator(".stage-picture").get_attribute("alt") or "")
    emotion(tab, "Sad")
    assert shown(tab) == Character()


def test_emotions_take_turns_unless_they_are_blended(tab: Page) -> None:
    emotion(tab, "Sad")
    emotion(tab, "Happy")
    assert shown(tab).expression.emotions == {"happy": 1}
    tab.get_by_label("Blend emotions").check()
    emotion(tab, "Surprised")
    press(tab, "Surprised, strength", "ArrowLeft", 3)
    assert shown(tab).expression.emotions == {"happy": 1, "surprised": 0.97}
    tab.get_by_role("button", name="Take Happy away").click()
    assert shown(tab).expression.emotions == {"surprised": 0.97}


def test_every_emotion_can_be_reached(tab: Page) -> None:
    assert tab.locator(".feeling:visible").count() == 16
    tab.get_by_role("button", name="8 more emotions").click()
    assert tab.locator(".feeling:visible").count() == len(PRESETS)
    emotion(tab, "In pain")
    assert shown(tab).expression.emotions == {"in_pain": 1}


def test_neutralise_and_regions_are_part_of_the_recipe(tab: Page) -> None:
    tab.get_by_label("Neutralise first").check()
    for region in ("Brows", "Mouth"):
        tab.locator("#feelings").get_by_role("button", name=region, exact=True).click()
    assert shown(tab).expression == Expression(True, regions=("Brows", "Mouth"))
    tab.get_by_role("button", name="Whole face").click()
    assert shown(tab).expression == Expression(True)


# Gaze and facial actions


def test_gaze_follows_the_pointer_and_the_keys_and_can_be_left_alone(tab: Page) -> None:
    box = tab.locator(".gaze-pad").bounding_box()
    assert box is not None
    tab.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + 0.5 * box["height"])
    gaze = shown(tab).expression.gaze
    assert gaze is not None
    assert gaze[0] > 0.9
    assert abs(gaze[1]) < 0.05
    press(tab, "Gaze, up and down", "ArrowDown", 2)
    assert shown(tab).expression.gaze == (gaze[0], round(gaze[1] - 0.02, 2))
    tab.get_by_role("button", name="Reset gaze").click()
    assert shown(tab) == Character()


def test_sliders_stand_where_the_face_is_and_follow_the_emotions(tab: Page) -> None:
    unfold(tab, "Mouth")
    smile = slider(tab, "Mouth smile, left")
    tab.wait_for_function("slider => slider.value === '40'", arg=smile.element_handle())
    emotion(tab, "Sad")
    shown(tab)
    assert smile.input_value() == "0"
    assert slider(tab, "Mouth frown, left").input_value() == str(round(100 * PRESETS["sad"]["mouthFrownLeft"]))
    assert shown(tab).expression.arkit == {}


def test_left_and_right_move_together_until_they_are_unlinked(tab: Page) -> None:
    unfold(tab, "Mouth")
    press(tab, "Mouth press, left", "ArrowRight", 5)
    assert shown(tab).expression.arkit == {"mouthPressLeft": 0.05, "mouthPressRight": 0.05}
    tab.get_by_role("button", name="Link left and right: Mouth").click()
    press(tab, "Mouth press, left", "ArrowRight", 3)
    assert shown(tab).expression.arkit == {"mouthPressLeft": 0.08, "mouthPressRight": 0.05}
    slider(tab, "Mouth press, left").dblclick()
    assert shown(tab).expression.arkit == {"mouthPressRight": 0.05}


def test_a_slider_that_moves_on_while_an_answer_is_on_its_way_keeps_what_it_was_given(visit: Open) -> None:
    server, url = launch(SlowStudio())
    page = opened(visit(url=url))
    unfold(page, "Jaw & tongue")
    emotion(page, "Sad")
    press(page, "Jaw open", "ArrowRight", 3)
    assert shown(page).expression == Expression(emotions={"sad": 1}, arkit={"jawOpen": 0.03})
    assert slider(page, "Jaw open").input_value() == "3"
    server.close(verbose=False)


# The line that reads back


def test_the_line_reads_every_result_and_says_where_it_disagrees(tab: Page) -> None:
    assert "Happy 71 %" in tab.locator(".reads").inner_text()
    emotion(tab, "Sad")
    tab.get_by_text("Sad 71 %").wait_for()
    assert "asked" not in tab.locator(".reads").inner_text()
    emotion(tab, "Angry")
    tab.get_by_text("You asked for angry.").wait_for()
    assert "Disgusted 71 %" in tab.locator(".reads").inner_text()


# Undo, links, files


def test_undo_redo_and_links_include_the_expression(tab: Page, visit: Open) -> None:
    emotion(tab, "Sad")
    sad = shown(tab)
    tab.wait_for_timeout(1100)  # what follows is another gesture
    press(tab, "Sad, strength", "PageDown")
    assert shown(tab).expression.emotions == {"sad": 0.9}
    tab.keyboard.press("z")
    assert shown(tab) == sad
    assert slider(tab, "Sad, strength").input_value() == "100"
    tab.keyboard.press("z")
    assert shown(tab) == Character()
    tab.keyboard.press("y")
    assert shown(tab) == sad
    other = opened(visit(f"?c={ACTED.to_code()}"))
    assert shown(other) == ACTED
    assert slider(other, "Sad, strength").input_value() == "50"
    assert other.get_by_label("Neutralise first").is_checked()


def test_another_face_keeps_the_expression(visit: Open) -> None:
    page = visit(f"?c={ACTED.to_code()}")
    page.locator("#dice").click()
    assert shown(page).seed != ACTED.seed
    assert shown(page).expression == ACTED.expression


def test_the_downloaded_picture_carries_the_expression_in_recipe_and_name(visit: Open) -> None:
    name, data = saved(opened(visit(f"?c={ACTED.to_code()}")), "#download")
    assert name == "ada_sad.png"
    assert read_png(data) == ACTED


def test_presets_go_to_a_file_and_come_back(visit: Open, tmp_path: Path) -> None:
    page = opened(visit(f"?c={ACTED.to_code()}"))
    name, data = saved(page, "#save-expression")
    assert name == "ada_sad_expression.json"
    assert Expression.from_json(data.decode()) == ACTED.expression
    page.locator("#clear-expression").click()
    assert shown(page).expression == Expression()
    (tmp_path / name).write_bytes(data)
    page.locator("#presets input[type=file]").set_input_files(tmp_path / name)
    page.wait_for_function("document.querySelector('#undo') && !document.querySelector('#clear-expression').disabled")
    assert shown(page).expression == ACTED.expression
    (tmp_path / "bad.json").write_text(json.dumps({"vchar_expression": 1, "emotions": {"hungry": 1}}))
    page.locator("#presets input[type=file]").set_input_files(tmp_path / "bad.json")
    assert "no emotion 'hungry'" in warned(page)
    assert shown(page).expression == ACTED.expression


def test_sheets_come_in_two_sizes_and_as_single_files(visit: Open) -> None:
    page = opened(visit(f"?c={ACTED.to_code()}"))
    name, data = saved(page, "#sheet-nine")
    assert name == "ada_expressions_3x3.png"
    assert Image.open(io.BytesIO(data)).mode == "RGB"
    page.get_by_role("radio", name="Transparent").check()
    name, data = saved(page, "#sheet-sixteen")
    assert name == "ada_expressions_4x4.png"
    assert Image.open(io.BytesIO(data)).mode == "RGBA"
    name, data = saved(page, "#sheet-every")
    assert name == "ada_expressions.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert set(archive.namelist()) == {f"ada_{emotion}.png" for emotion in PRESETS} | {"files.txt"}
        assert read_png(archive.read("ada_happy.png")).expression == Expression(True, {"happy": 1})
    page.locator("#sheet-progress").wait_for(state="hidden")


# Screens and visitors


def test_no_screen_scrolls_sideways(tab: Page) -> None:
    assert all(fits(tab, width) for width in (1440, 768, 390))


def test_tabs_change_by_arrow_key_and_keep_the_picture(visit: Open) -> None:
    page = visit()
    source = page.locator(".stage-picture").get_attribute("src")
    page.get_by_role("tab", name="Face").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tab", name="Expression").get_attribute("aria-selected") == "true"
    assert page.locator("#feelings").is_visible()
    assert not page.locator("#features").is_visible()
    assert page.locator(".stage-picture").get_attribute("src") == source


def test_two_visitors_do_not_share_expressions(visit: Open) -> None:
    first, second = opened(visit()), opened(visit())
    emotion(first, "Sad")
    emotion(second, "Happy")
    assert shown(first).expression.emotions == {"sad": 1}
    assert shown(second).expression.emotions == {"happy": 1}


def test_the_console_stays_clean(visit: Open) -> None:
    said: list[str] = []
    page = visit(said=said)
    opened(page)
    emotion(page, "Sad")
    press(page, "Gaze, sideways", "ArrowRight", 2)
    unfold(page, "Jaw & tongue")
    press(page, "Jaw open", "ArrowRight", 2)
    assert shown(page).expression.arkit == {"jawOpen": 0.02}
    assert said == []
