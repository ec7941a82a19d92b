"""Headless Chromium, and the pages of our app in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vchar.errors import VcharError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Root, as which CI runs, gets no sandbox; the others keep Chromium from doing anything besides.
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FIRST_PICTURE = ".stage[data-state=ready]"
AT_REST = ".stage[data-state=ready][data-size='1024']"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; VcharError where there is none, or where a page in it fails."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise VcharError("install vchar[dev].") from error
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        except Error as error:
            raise VcharError("install Chromium (Debian's package, or `playwright install chromium`).") from error
        try:
            yield browser
        except Error as error:
            raise VcharError(f"the page failed: {error.message.splitlines()[0]}") from error
        finally:
            browser.close()


def visit(browser: Browser, url: str, until: str) -> Page:
    """The app as a new visitor sees it, once the selector `until` matches."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(60_000)
    page.goto(url, wait_until="commit")
    page.wait_for_selector(until)
    return page
