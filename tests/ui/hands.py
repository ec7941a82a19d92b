"""What a visitor does with the page and reads off it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.calm import calm
from vchar.character import Character

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

ADA = Character(seed=12, sliders={"age": 0.3, "glasses": 1.0}, truncation_psi=0.55, name="Ada")


def shown(page: Page) -> Character:
    """The character whose full-size picture stands on the stage, which the body's tab hides, once all is answered."""
    calm(page)
    page.wait_for_selector(".stage[data-state=ready][data-size='1024']", state="attached")
    calm(page)
    return Character.from_code(page.locator(".stage").get_attribute("data-code") or "")


def slider(page: Page, label: str) -> Locator:
    return page.get_by_role("slider", name=label, exact=True)


def press(page: Page, label: str, keys: str, times: int = 1) -> None:
    slider(page, label).focus()
    for _ in range(times):
        page.keyboard.press(keys)


def fits(page: Page, width: int) -> bool:
    """Whether the page comes to fit on a screen of this width [px], or else an error."""
    page.set_viewport_size({"width": width, "height": 844})
    page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)
    return True


def warned(page: Page) -> str:
    toast = page.get_by_test_id("toast-body").last
    toast.wait_for()
    return toast.inner_text()


VIEWER = (  # what Gradio's 3D viewer says of itself
    "WebGPU",  # it does without
    "'postProcessManager'",  # it was taken away in the middle of a frame, and draws that one no more
)


def serious(said: list[str]) -> list[str]:
    """Errors on a page's console but for those of the 3D viewer which nobody sees."""
    return [line for line in said if not any(known in line for known in VIEWER)]


def complaints(page: Page) -> list[str]:
    """The list to which all errors on the page's console are added from now on."""
    said: list[str] = []
    hear(page, said)
    return said


def hear(page: Page, said: list[str]) -> None:
    """Add all errors on the page's console to a list."""
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
