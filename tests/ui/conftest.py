"""The app over a fake studio, served once; and pages of it in Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from gradio import Blocks

from tests.ui.calm import WATCH
from tests.ui.fakes import FakeStudio
from tests.ui.hands import hear
from vchar.studio import Studio
from vchar.ui.app import create_app, launch_options

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",  # three dimensions without a graphics card
]
PATIENCE = 120_000  # ms: a machine that does much else is no failure
Open = Callable[..., "Page"]


def launch(studio: Studio, port: int | None = None) -> tuple[Blocks, str]:
    """Serve `studio`; the page to close and its address."""
    page = create_app(studio)
    _, url, _ = page.launch(prevent_thread_lock=True, quiet=True, server_port=port, **launch_options())
    return page, url.rstrip("/")


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The address of an app that all tests may share."""
    page, url = launch(FakeStudio())
    yield url
    page.close(verbose=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; where it is missing, the test is skipped, but in CI it fails."""
    executable = shutil.which("chromium")
    if executable is None or find_spec("playwright") is None:
        reason = "browser tests need Debian's chromium and the Python package playwright"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, served: str) -> Iterator[Open]:
    """`visit(query="", **context)`: the studio as a new visitor sees it, once a picture stands there.

    `said` takes the errors on the page's console, from the first one on.
    """
    contexts = []

    def open_page(
        query: str = "", url: str = served, ready: bool = True, said: list[str] | None = None, **options: object
    ) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | options)  # pyright: ignore
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.add_init_script(WATCH)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        if said is not None:
            hear(page, said)
        page.goto(f"{url}/{query}")
        if ready:
            page.wait_for_selector(".stage[data-state=ready][data-size='1024']")
        return page

    yield open_page
    for context in contexts:
        context.close()
