"""The View tab in Chromium: dragging, buttons, sliders, trust, the strip, films, undo, links and photos."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest
from PIL import Image, ImageColor

from tests.ui.conftest import Open, launch
from tests.ui.fakes import LOOKS, FakeStudio
from tests.ui.hands import fits, press, shown, slider
from tests.ui.test_expression_photo import open_photo
from tests.ui.test_expression_tab import emotion, saved
from vchar.character import Character, Expression, View
from vchar.export.png import read_png
from vchar.export.sheet import PAPER
from vchar.studio import Subject
from vchar.turning import FRAMES

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TURNED = Character(seed=12, expression=Expression(emotions={"sad": 1}), view=View(-30, 5, 2), name="Ada")
OWN = View(*LOOKS)


@pytest.fixture
def tab(visit: Open) -> Page:
    return opened(visit())


def opened(page: Page) -> Page:
    page.get_by_role("tab", name="View").click()
    page.locator(".trust").wait_for()
    return page


def view(page: Page, name: str) -> None:
    page.locator("#turner").get_by_role("button", name=name, exact=True).click()


def drag(page: Page, x: float, y: float) -> None:
    """Drag the picture from its middle, by shares of its width."""
    box = page.locator(".stage").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(middle[0] + x * box["width"] * step / 5, middle[1] + y * box["width"] * step / 5)
    page.mouse.up()


# Three ways to turn


def test_buttons_turn_the_head_and_reset_leaves_it_to_the_picture(tab: Page) -> None:
    before = tab.locator(".stage-picture").get_attribute("src")
    view(tab, "Three-quarter left")
    assert shown(tab) == Character(view=View(-30))
    assert tab.locator(".stage-picture").get_attribute("src") != before
    assert "Looks 30° left" in (tab.locator(".stage-picture").get_attribute("alt") or "")
    assert slider(tab, "Turn (yaw)").input_value() == "-30"
    view(tab, "Front")
    assert shown(tab) == Character(view=View())
    view(tab, "Reset: as in the picture")
    assert shown(tab) == Character()


def test_dragging_turns_from_where_the_head_looks_and_stops_at_the_limits(tab: Page) -> None:
    drag(tab, 0.1, -0.05)
    looks = shown(tab).view
    assert looks is not None
    assert looks.yaw == pytest.approx(OWN.yaw + 11, abs=1)
    assert looks.pitch == pytest.approx(OWN.pitch + 5.5, abs=1)
    assert looks.roll == OWN.roll
    drag(tab, 0.49, 0.45)
    assert shown(tab) == Character(view=View(45, -20, OWN.roll))


def test_arrow_keys_on_the_picture_turn_it_on_this_tab_alone(tab: Page) -> None:
    tab.locator(".stage").focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Shift+ArrowRight")
    tab.keyboard.press("ArrowUp")
    assert shown(tab) == Character(view=View(OWN.yaw + 11, round(OWN.pitch + 1), OWN.roll))
    tab.get_by_role("tab", name="Face").click()
    drag(tab, 0.2, 0)
    assert shown(tab) == Character(view=View(OWN.yaw + 11, round(OWN.pitch + 1), OWN.roll))
    assert tab.locator(".stage").get_attribute("tabindex") == "-1"


def test_sliders_stand_where_the_head_looks_and_move_one_angle_alone(tab: Page) -> None:
    yaw = slider(tab, "Turn (yaw)")
    tab.wait_for_function("slider => slider.value === '5'", arg=yaw.element_handle())
    assert slider(tab, "Nod (pitch)").input_value() == "-3"
    press(tab, "Turn (yaw)", "ArrowRight", 3)
    assert shown(tab) == Character(view=View(8, OWN.pitch, OWN.roll))
    yaw.dblclick()
    assert shown(tab) == Character()
    press(tab, "Tilt (roll)", "ArrowLeft", 2)
    assert shown(tab) == Character(view=View(OWN.yaw, OWN.pitch, OWN.roll - 2))


# Trust, strip and films


def test_the_line_says_at_once_beyond_which_angle_the_picture_is_a_guess(tab: Page) -> None:
    assert tab.locator(".trust").inner_text() == (
        "Can be trusted from 9° left to 19° right; beyond, the picture is a guess."
    )
    view(tab, "Half profile right")
    tab.locator(".trust[data-guess]").wait_for()
    assert "A guess: the picture hides 33 % of the head from this side." in tab.locator(".trust").inner_text()
    view(tab, "Front")
    tab.locator(".trust:not([data-guess])").wait_for()


def test_the_strip_shows_seven_views_to_click_on(tab: Page) -> None:
    tab.wait_for_function("document.querySelectorAll('#view-strip img').length === 7")
    tab.locator("#view-strip").get_by_role("button", name="15° right").click()
    assert shown(tab) == Character(view=View(15))
    name, data = saved(tab, "#turnaround-png")
    assert name == "face_24_turnaround.png"
    assert read_png(data) == Character()
    page = Image.open(io.BytesIO(data))
    assert page.width > 6 * page.height


def test_what_is_taken_along_can_stand_before_nothing_or_a_colour(tab: Page) -> None:
    tab.locator("#film-ground").get_by_label("Transparent").check()
    view(tab, "Front")
    assert shown(tab) == Character(view=View())
    name, data = saved(tab, "#view-png")
    assert name == "face_24_front.png"
    image = Image.open(io.BytesIO(data))
    assert image.getpixel((2, 2))[3] == 255  # pyright: ignore
    assert image.getpixel((image.width - 2, 2))[3] == 0  # pyright: ignore
    tab.locator("#film-ground").get_by_label("Plain").check()
    tab.locator("#film-colour").wait_for()
    page = Image.open(io.BytesIO(saved(tab, "#turnaround-png")[1]))
    assert page.getpixel((2, 2)) == ImageColor.getrgb(PAPER)


def test_a_film_that_cannot_be_transparent_says_so(tab: Page) -> None:
    tab.locator("#film-ground").get_by_label("Transparent").check()
    tab.locator("#turntable-mp4").click()
    told = tab.get_by_text("MP4 knows no transparency: choose WebP or GIF, or a plain ground.")
    told.wait_for()
    assert told.count() == 1


@pytest.mark.parametrize("kind", ["mp4", "webp", "gif"])
def test_films_come_in_three_formats_with_the_expression_in_their_name(visit: Open, kind: str) -> None:
    page = opened(visit(f"?c={TURNED.to_code()}"))
    name, data = saved(page, f"#turntable-{kind}")
    assert name == f"ada_sad_turntable.{kind}"
    assert b"trainedAlgorithmicMedia" in data
    if kind == "mp4":
        with av.open(io.BytesIO(data), "r") as film:
            assert sum(1 for _ in film.decode(video=0)) == FRAMES
    page.locator("#film-progress").wait_for(state="hidden")


class SlowStudio(FakeStudio):
    """Takes a minute for a film."""

    def turntable(
        self,
        subject: Subject,
        expression: Expression | None = None,
        pitch: float = 0.0,
        face: int = 0,
        frames: int = FRAMES,
        ground: str = "photo",
        colour: str = PAPER,
    ) -> Iterator[Image.Image]:
        for frame in super().turntable(subject, expression, pitch, face, frames, ground, colour):
            time.sleep(60 / FRAMES)
            yield frame


def test_a_film_can_be_cancelled(visit: Open) -> None:
    server, url = launch(SlowStudio())
    tab, downloads = opened(visit(url=url)), []
    tab.on("download", lambda download: downloads.append(download.suggested_filename))
    tab.locator("#turntable-gif").click()
    tab.locator("#film-progress progress").wait_for()
    tab.locator("#film-stop").click()
    tab.locator("#film-progress").wait_for(state="hidden")
    view(tab, "Front")
    assert shown(tab) == Character(view=View())
    assert downloads == []
    server.close(verbose=False)


# Undo, links, expressions, photos, screens


def test_a_view_is_undone_redone_and_restored_by_its_link(tab: Page, visit: Open) -> None:
    view(tab, "Three-quarter right")
    aside = Character(view=View(30))
    assert shown(tab) == aside
    tab.wait_for_timeout(1100)  # what follows is another gesture
    view(tab, "Half profile right")
    assert shown(tab) == Character(view=View(45))
    tab.keyboard.press("z")
    assert shown(tab) == aside
    assert slider(tab, "Turn (yaw)").input_value() == "30"
    tab.keyboard.press("z")
    assert shown(tab) == Character()
    tab.keyboard.press("y")
    assert shown(tab) == aside
    other = opened(visit(f"?c={TURNED.to_code()}"))
    assert shown(other) == TURNED
    assert slider(other, "Turn (yaw)").input_value() == "-30"


def test_view_and_expression_go_together_on_all_tabs(tab: Page) -> None:
    view(tab, "Three-quarter left")
    tab.get_by_role("tab", name="Expression").click()
    emotion(tab, "Sad")
    assert shown(tab) == Character(expression=Expression(emotions={"sad": 1}), view=View(-30))
    tab.get_by_text("Sad 71 %").wait_for()
    name, data = saved(tab, "#download")
    assert name == "face_24_sad_30_left.png"
    assert read_png(data).view == View(-30)


def test_a_photo_is_turned_like_a_generated_face(visit: Open, tmp_path: Path) -> None:
    page = opened(visit())
    view(page, "Three-quarter left")
    Image.effect_noise((300, 200), 90).convert("RGB").save(tmp_path / "holiday.png")
    open_photo(page, tmp_path / "holiday.png")
    page.locator(".stage[data-photo]").wait_for()
    page.wait_for_function("document.querySelector('.turner-reset').disabled")
    before = page.locator(".stage-picture").get_attribute("src")
    drag(page, 0.1, 0)
    looks = shown(page).view
    assert looks is not None
    assert looks.yaw == pytest.approx(OWN.yaw + 11, abs=1)
    assert page.locator(".stage-picture").get_attribute("src") != before
    name, data = saved(page, "#turntable-webp")
    assert name == "photo_turntable.webp"
    assert b"compositeWithTrainedAlgorithmicMedia" in data


def test_no_screen_scrolls_sideways_and_all_tools_can_be_reached(tab: Page) -> None:
    for width in (1440, 768, 390):
        assert fits(tab, width)
        for button in ("#download", "#turntable-gif"):
            tab.locator(button).scroll_into_view_if_needed()
            box = tab.locator(button).bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= width


def test_the_console_stays_clean(visit: Open) -> None:
    said: list[str] = []
    page = visit(said=said)
    opened(page)
    view(page, "Half profile left")
    drag(page, 0.05, 0.05)
    shown(page)
    assert said == []
