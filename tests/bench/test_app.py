import urllib.request

import pytest

from vchar.bench.app import Served, served
from vchar.errors import VcharError


def test_app_answers_as_soon_as_it_is_handed_out(bare_app: Served) -> None:
    with urllib.request.urlopen(bare_app.url, timeout=10) as answer:
        assert b"vchar" in answer.read()


def test_an_app_that_dies_is_a_sentence_with_its_last_words() -> None:
    with (
        pytest.raises(VcharError, match="didn't start: no such thing"),
        served(("-c", "raise SystemExit('no such thing')")),
    ):
        pass
