import sys

import pytest

from vchar.bench import browser
from vchar.bench.app import Served
from vchar.bench.chromium import AT_REST, chromium, visit
from vchar.errors import VcharError


def test_goal_is_relative_to_the_bare_app() -> None:
    assert browser.row([0.15], [0.1]).met
    assert not browser.row([0.1501], [0.1]).met


def test_without_playwright_the_reason_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(VcharError, match=r"install vchar\[dev\]"), chromium():
        pass


@pytest.mark.browser
def test_stroke_moves_the_real_slider_and_leaves_the_page_at_rest(bare_app: Served) -> None:
    with chromium() as chrome:
        page = visit(chrome, bare_app.url, AT_REST)
        seconds = browser.stroke(page)
        assert len(seconds) == browser.STROKE
        assert all(0 < each < 20 for each in seconds)
        assert page.is_visible(AT_REST)
        assert page.input_value("#features .dial[data-name=age] .dial-range") == "30"
        browser.stroke(page)  # and back
        assert page.input_value("#features .dial[data-name=age] .dial-range") == "0"


@pytest.mark.browser
def test_a_page_that_fails_is_a_sentence() -> None:
    with pytest.raises(VcharError, match=r"the page failed: .*ERR_"), chromium() as chrome:
        visit(chrome, "http://127.0.0.1:9", AT_REST)
