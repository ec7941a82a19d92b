"""The head in 3D in Chromium: shown in the page, out of date after a change, taken along as GLB."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.ui.conftest import Open
from tests.ui.hands import ADA, complaints, press, serious
from tests.ui.test_expression_photo import open_photo
from tests.ui.test_expression_tab import saved
from tests.ui.test_view_tab import opened, view
from vchar.errors import VcharError
from vchar.export.recipes import read_glb

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def tab(visit: Open) -> Page:
    return opened(visit(f"?c={ADA.to_code()}"))


def test_the_head_is_shown_in_the_page_until_the_character_changes(tab: Page) -> None:
    said = complaints(tab)
    tab.locator("#solid-make").click()
    tab.locator("#solid-model canvas").wait_for()
    tab.locator("#solid-progress").wait_for(state="hidden")
    view(tab, "Half profile right")
    tab.locator(".trust[data-guess]").wait_for()
    assert tab.locator("#solid-model canvas").count() == 1  # the same head, from wherever one looks
    tab.get_by_role("tab", name="Face").click()
    press(tab, "Age", "ArrowRight")
    tab.locator("#solid-model canvas").wait_for(state="detached")
    assert serious(said) == []


def test_the_file_carries_the_recipe(tab: Page) -> None:
    name, data = saved(tab, "#solid-save")
    assert name == "ada_head.glb"
    assert read_glb(data) == ADA


def test_the_head_of_a_photo_carries_none(visit: Open, tmp_path: Path) -> None:
    tab = opened(visit())
    Image.new("RGB", (400, 400), (90, 120, 60)).save(tmp_path / "me.png")
    open_photo(tab, tmp_path / "me.png")
    tab.locator(".stage[data-photo]").wait_for()
    name, data = saved(tab, "#solid-save")
    assert name == "photo_head.glb"
    with pytest.raises(VcharError, match="no vchar recipe"):
        read_glb(data)
