"""What a visitor does with the page and reads off it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vchar.character import Character

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

ADA = Character(seed=12, sliders={"age": 0.3, "glasses": 1.0}, truncation_psi=0.55, name="Ada")


def shown(page: Page) -> Character:
    """The character whose full-size picture stands on the stage, which the body's tab hides."""
    page.wait_for_timeout(450)  # a preview may be on its way, and the hand must rest before the full size comes
    page.wait_for_selector(".stage[data-state=ready][data-size='1024']", state="attached")
    return Character.from_code(page.locator(".stage").get_attribute("data-code") or "")


def reaches(page: Page, wanted: Callable[[Character], bool]) -> bool:
    """Whether the stage comes to show such a character; slow machines show others on the way."""
    return any(wanted(shown(page)) for _ in range(20))


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


def complaints(page: Page) -> list[str]:
    """The list to which all errors on the page's console are added from now on."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    return said
