"""The Body & Motion tab in Chromium: body, clothes, words to motion, files of it, undo and links."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.ui.conftest import Open
from tests.ui.hands import complaints, press, serious, shown, warned
from tests.ui.test_expression_tab import saved
from vchar.character import Body, Character, Motion
from vchar.export.recipes import read_glb
from vchar.rig.wardrobe import Wear

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

EVE = Character(
    body=Body({"height": 0.5}, top=Wear("sweater", "#3f7d5c", "stripes")),
    motion=Motion("a person walks", 2, 7, loop=True),
    name="Eve",
)


@pytest.fixture
def tab(visit: Open) -> Page:
    return opened(visit())


def opened(page: Page) -> Page:
    page.get_by_role("tab", name="Body & Motion").click()
    page.locator("#figure .figure[data-state=ready]").wait_for()
    return page


def generate(page: Page, prompt: str) -> None:
    page.locator("#prompt textarea").fill(prompt)
    page.locator("#generate").click()


def told(page: Page) -> str:
    line = page.locator("#took-it-as p")
    line.wait_for()
    return line.inner_text()


def test_sliders_shape_the_body_and_undo_brings_the_old_one_back(tab: Page) -> None:
    picture = tab.locator("#figure .figure-picture")
    before, face = picture.get_attribute("src"), tab.locator(".stage-picture").get_attribute("src")
    press(tab, "Height", "PageUp", times=3)
    assert shown(tab).body.shape["height"] >= 0.3
    tab.wait_for_function("before => document.querySelector('#figure img').src !== before", arg=before)
    assert tab.locator(".stage-picture").get_attribute("src") == face  # a portrait doesn't show the body
    tab.locator("#undo").click()
    assert shown(tab).body == Body()
    tab.wait_for_function("before => document.querySelector('#figure img').src === before", arg=before)


def test_a_body_and_an_outfit_by_chance_leave_what_is_locked(tab: Page) -> None:
    press(tab, "Height", "PageUp", times=2)
    tab.get_by_role("button", name="Lock Height", exact=True).click()
    assert shown(tab).body.shape == {"height": 0.4}
    tab.locator("#random-body").click()
    before = shown(tab).body
    assert len(before.shape) > 8
    assert before.shape["height"] == 0.4
    tab.locator("#random-outfit").click()
    after = shown(tab).body
    assert after.outfit != before.outfit
    assert after.shape == before.shape


def test_clothes_are_chosen_by_eye(tab: Page) -> None:
    top = tab.get_by_role("group", name="Top", exact=True)
    top.get_by_role("button", name="Sweater", exact=True).click()
    top.get_by_role("button", name="Top: Stripes", exact=True).click()
    top.get_by_label("Top: colour", exact=True).fill("#123456")
    top.get_by_label("Top: second colour", exact=True).fill("#abcdef")
    tab.get_by_role("button", name="Skin: #5e3b28", exact=True).click()
    wanted = Body(top=Wear("sweater", "#123456", "stripes", "#abcdef"), skin="#5e3b28")
    assert shown(tab).body == wanted


def test_words_become_a_motion_that_plays_in_the_page_until_the_body_changes(tab: Page) -> None:
    said = complaints(tab)
    generate(tab, "a person walks\na person waves")
    assert told(tab) == "Took it as: walk, then wave."
    tab.locator("#motion-model canvas").wait_for()
    strip = tab.locator("#motion-strip .figure-picture")
    strip.wait_for()
    assert "8 moments of the motion" in (strip.get_attribute("alt") or "")
    tab.locator("#figure").wait_for(state="hidden")
    press(tab, "Weight", "ArrowRight")
    tab.locator("#motion-model canvas").wait_for(state="detached")
    tab.locator("#figure .figure-picture").wait_for()
    assert serious(said) == []


def test_examples_and_known_actions_fill_the_prompt(tab: Page) -> None:
    tab.get_by_role("button", name="dances the salsa", exact=True).click()
    assert shown(tab).motion.prompt == "a person dances the salsa"
    assert tab.locator("#prompt textarea").input_value() == "a person dances the salsa"
    tab.get_by_role("button", name="All 3 actions").click()
    tab.get_by_label("Search: Known actions").fill("ki")
    assert tab.locator("#known-actions .chip:visible").all_inner_texts() == ["kick"]
    tab.get_by_role("button", name="kick", exact=True).click()
    assert shown(tab).motion.prompt == "a person kicks"


def test_a_pasted_prompt_survives_another_body(tab: Page) -> None:
    tab.locator("#prompt textarea").fill("a person kicks")
    tab.locator("#generate").click()
    assert told(tab) == "Took it as: kick."
    tab.locator("#random-body").click()
    tab.get_by_role("button", name="Undo").and_(tab.locator(":enabled")).wait_for()
    assert shown(tab).motion.prompt == "a person kicks"
    assert tab.locator("#prompt textarea").input_value() == "a person kicks"


@pytest.mark.parametrize(
    ("prompt", "sentence"),
    [("   ", "There is no prompt"), ("walk " * 100, "The prompt is too long"), ("你好", "Knows nothing like “你好”")],
)
def test_bad_prompts_are_answered_with_one_sentence(tab: Page, prompt: str, sentence: str) -> None:
    generate(tab, prompt)
    assert sentence in (told(tab) if "Knows" in sentence else warned(tab))


def test_files_follow_the_recipe_of_a_link(visit: Open) -> None:
    tab = opened(visit(f"?c={EVE.to_code()}"))
    assert tab.locator("#prompt textarea").input_value() == "a person walks"
    assert tab.get_by_label("Loop", exact=True).is_checked()
    name, data = saved(tab, "#take-glb")
    assert (name, read_glb(data)) == ("eve_walk.glb", EVE)
    name, data = saved(tab, "#take-png")
    assert name == "eve_walk_png.zip"
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["eve_walk.png", "eve_walk.json", "files.txt"]
    name, data = saved(tab, "#take-webp")
    assert name == "eve_walk.webp"
    assert b"mocap.cs.cmu.edu" in data


def test_a_phone_shows_it_without_scrolling_sideways(visit: Open) -> None:
    tab = opened(visit(viewport={"width": 390, "height": 844}))
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    assert tab.locator("#generate").bounding_box()["y"] < tab.locator("#random-body").bounding_box()["y"]  # pyright: ignore
