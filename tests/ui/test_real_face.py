"""The whole way, from the key to the pixels, with the real weights."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.ui.conftest import Open, launch
from tests.ui.hands import shown
from vchar.studio import Studio

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_face_grows_older_under_the_arrow_key(visit: Open, real_studio: Studio) -> None:
    server, url = launch(real_studio)
    page = visit(url=url)

    def face() -> Image.Image:
        shown(page)
        encoded = (page.locator(".stage-picture").get_attribute("src") or "").partition(",")[2]
        return Image.open(io.BytesIO(base64.b64decode(encoded))).convert("L")

    before = face()
    page.get_by_role("slider", name="Age", exact=True).focus()
    page.keyboard.press("End")
    after = face()
    assert before.size == after.size == (1024, 1024)
    assert 3 < ImageStat.Stat(ImageChops.difference(before, after)).mean[0] < 60
    server.close(verbose=False)
