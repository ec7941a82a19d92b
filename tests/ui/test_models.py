"""Two generators of faces in one studio: which one makes the face is chosen in the Face tab."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.ui.conftest import Open, launch
from tests.ui.fakes import SLIDERS, FakeFaces, FakeStudio
from tests.ui.hands import press, shown, slider, warned
from vchar.character import Character
from vchar.export.png import read_png
from vchar.licence import Licence
from vchar.models.sliders import SliderSpec

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
FREE = Licence("Our colours", "free to use", "All of it is ours.")
CAP = SliderSpec("cap", "Cap", "Look & light", "None", "Cap")


def ours() -> FakeFaces:
    faces = FakeFaces(model="studio", label="Studio (ours)", sliders=(SLIDERS[2], CAP), licence=FREE)
    faces.layered = False
    return faces


@pytest.fixture(scope="module")
def two() -> Iterator[str]:
    server, url = launch(FakeStudio(FakeFaces(), ours()))
    yield url
    server.close(verbose=False)


def choose(page: Page, label: str) -> None:
    page.get_by_role("radio", name=label).check()


def test_where_there_is_no_choice_there_is_no_selector(visit: Open) -> None:
    assert visit().locator("#model").count() == 0


def test_another_generator_has_its_own_face_sliders_and_licence(visit: Open, two: str) -> None:
    page = visit(url=two)
    press(page, "Age", "End")
    page.get_by_role("button", name="Lock Age").click()
    assert page.locator("#model-terms p").inner_text() == "Made for tests."
    choose(page, "Studio (ours)")
    assert shown(page) == Character(model="studio")
    assert page.locator("#model-terms p").inner_text() == "Free to use."
    assert "free to use" in page.locator("#licence").inner_text()
    assert slider(page, "Age").count() == 0
    press(page, "Skin tone", "End")
    assert shown(page).sliders == {"skin_tone": 1}
    page.locator("#surprise").click()
    who = shown(page)
    assert who.model == "studio"
    assert who.seed != Character().seed
    for _ in range(3):
        page.locator("#undo").click()
    assert shown(page) == Character(sliders={"age": 1})
    assert page.get_by_role("radio", name="Flat").is_checked()
    slider(page, "Age").wait_for()


def test_links_pictures_and_variations_keep_their_generator(visit: Open, two: str) -> None:
    ada = Character(seed=9, sliders={"cap": 0.5}, name="Ada", model="studio")
    page = visit(f"?c={ada.to_code()}", url=two)
    assert shown(page) == ada
    assert page.get_by_role("radio", name="Studio (ours)").is_checked()
    with page.expect_download() as found:
        page.locator("#download").click()
    data = found.value.path().read_bytes()
    assert read_png(data) == ada
    assert b"Made with Our colours; free to use." in data
    page.locator("#variation-list [data-key='1']").click()
    assert shown(page).model == "studio"
    assert len(shown(page).mixes) == 1


def test_faces_of_two_generators_are_not_mixed(visit: Open, two: str) -> None:
    page = visit(url=two)
    page.get_by_role("button", name="Mix with another face").click()
    page.get_by_label("Or the face of a link or code").fill(Character(seed=9, model="studio").to_code())
    page.keyboard.press("Enter")
    assert "can't be mixed" in warned(page)
    assert shown(page) == Character()


def test_a_generator_without_layers_mixes_by_one_share(visit: Open, two: str) -> None:
    page = visit(f"?c={Character(model='studio').to_code()}", url=two)
    page.get_by_role("button", name="Mix with another face").click()
    page.get_by_label("Other face: seed").fill("77")
    assert [mix.seed for mix in shown(page).mixes] == [77]
    assert slider(page, "Colouring").count() == 0
    press(page, "Likeness", "End")
    mix = shown(page).mixes[0]
    assert (mix.shape, mix.colouring) == (1, 1)


def test_offline_our_own_makes_the_first_face_and_the_other_may_be_tried_again(visit: Open) -> None:
    far = FakeFaces(2 * ["No network: connect and try again."], ready=False)
    server, url = launch(FakeStudio(far, ours()))
    page = visit(url=url, ready=False)
    assert "Flat couldn't be fetched, so Studio (ours) makes this face" in warned(page)
    assert shown(page) == Character(model="studio")
    assert page.locator("#undo").is_disabled()
    choose(page, "Flat")
    page.get_by_text("No network: connect and try again.").wait_for()
    page.get_by_role("button", name="Try again").click()
    assert shown(page) == Character()
    server.close(verbose=False)


def test_offline_a_link_to_a_missing_face_says_why_and_is_not_replaced(visit: Open) -> None:
    far = FakeFaces(["No network: connect and try again."], ready=False)
    server, url = launch(FakeStudio(far, ours()))
    page = visit(f"?c={Character(seed=5).to_code()}", url=url, ready=False)
    page.get_by_text("No network: connect and try again.").wait_for()
    page.get_by_role("button", name="Try again").click()
    assert shown(page) == Character(seed=5)
    server.close(verbose=False)


def test_a_favourite_of_a_generator_that_sleeps_wakes_it(visit: Open) -> None:
    server, url = launch(FakeStudio(FakeFaces(), FakeFaces(model="studio", ready=False)))
    page = visit(url=url)
    page.locator("#restore-text textarea, #restore-text input").fill(Character(seed=5, model="studio").to_code())
    page.keyboard.press("Enter")
    assert shown(page) == Character(seed=5, model="studio")
    server.close(verbose=False)
