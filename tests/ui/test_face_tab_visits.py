"""The Face tab in Chromium: several visitors, keys, screens, and a start that fails."""

from __future__ import annotations

import threading
import time

import pytest

from tests.ui.conftest import Open, launch
from tests.ui.fakes import FakeFaces, FakeStudio
from tests.ui.hands import fits, press, shown, slider
from vchar.character import Character
from vchar.progress import Progress, silent

pytestmark = pytest.mark.browser


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


def test_no_screen_scrolls_sideways(visit: Open) -> None:
    page = visit()
    assert all(fits(page, width) for width in (1440, 1024, 768, 390))


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
    server, url = launch(FakeStudio(FakeFaces(["No network: connect and try again."], ready=False)))
    page = visit(url=url, ready=False)
    page.get_by_text("No network").wait_for()
    press(page, "Age", "ArrowRight", 3)  # the page works all the same
    page.get_by_role("button", name="Try again").click()
    assert shown(page).sliders == {"age": 0.03}
    server.close(verbose=False)


def test_fetching_can_be_cancelled_and_tried_again(visit: Open) -> None:
    stopped = threading.Event()

    class Slow(FakeFaces):
        def prepare(self, progress: Progress = silent) -> None:
            try:
                while not stopped.is_set():
                    progress(0.3, "Fetching the face model (38 MB), 12 MB so far")
                    time.sleep(0.2)
            except Exception:
                stopped.set()
                raise
            self._awake = True

    server, url = launch(FakeStudio(Slow(ready=False)))
    page = visit(url=url, ready=False)
    page.get_by_text("Fetching the face model").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Fetching was cancelled").wait_for()
    assert stopped.wait(10)
    page.get_by_role("button", name="Try again").click()
    assert shown(page) == Character()
    server.close(verbose=False)


def test_the_console_stays_clean(visit: Open) -> None:
    said: list[str] = []
    page = visit(said=said)
    press(page, "Age", "ArrowRight", 3)
    page.locator("#surprise").click()
    shown(page)
    assert said == []
