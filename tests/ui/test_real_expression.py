"""The Expression tab over the real models: a smile is asked for and seen, and the background stays."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from tests.ui.conftest import Open, launch
from tests.ui.hands import shown
from tests.ui.test_expression_tab import emotion, opened
from vchar.studio import Studio

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_real_face_takes_an_expression_and_is_read_back(visit: Open, real_studio: Studio) -> None:
    server, url = launch(real_studio)
    page = opened(visit(url=url))
    shown(page)
    before = picture(page.locator(".stage-picture").get_attribute("src"))
    emotion(page, "Surprised")
    assert shown(page).expression.emotions == {"surprised": 1}
    assert "Surprised" in page.locator(".reads:not([data-old])").inner_text()
    change = np.abs(picture(page.locator(".stage-picture").get_attribute("src")) - before).mean(-1)
    assert change[500:900, 350:700].mean() > 5  # mouth and chin
    assert change[:60, :60].mean() < 2
    server.close(verbose=False)


def picture(source: str | None) -> np.ndarray:
    assert source is not None
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(source.split(",")[1]))), float)
