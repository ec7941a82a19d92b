"""The Face tab in Chromium: sliders, undo, variations and mixing."""

from __future__ import annotations

import pytest

from tests.ui.conftest import Open
from tests.ui.hands import press, shown, slider, warned
from vchar.character import Character

pytestmark = pytest.mark.browser


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
    page.get_by_label("Age, typed value", exact=True).fill("-42")
    page.keyboard.press("Enter")
    assert shown(page).sliders == {"age": -0.42}
    page.get_by_label("Age, typed value", exact=True).fill("9000")
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
    press(page, "Age", "End")
    assert shown(page).sliders == {"age": 1}
    press(page, "Gender", "End")
    both = shown(page)
    page.keyboard.press("z")
    assert shown(page).sliders == {"age": 1}
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
