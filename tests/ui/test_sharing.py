import base64

import pytest

from vchar.character import Character, Expression, View
from vchar.ui.session import Session
from vchar.ui.sharing import download, file_stem, mood


def test_the_same_file_can_be_downloaded_twice() -> None:
    first, second = (download("a.json", "application/json", b"{}") for _ in range(2))
    assert base64.b64decode(first["base64"]) == b"{}"
    assert first["stamp"] != second["stamp"]


@pytest.mark.parametrize(
    ("view", "stem"),
    [(None, "ada_sad"), (View(), "ada_sad_front"), (View(-30, 5), "ada_sad_30_left"), (View(12), "ada_sad_12_right")],
)
def test_a_files_name_says_who_feels_what_and_looks_where(view: View | None, stem: str) -> None:
    ada = Character(expression=Expression(emotions={"happy": 0.2, "sad": 0.5}), view=view, name="Ada")
    assert file_stem(Session.start(ada)) == stem
    assert mood(Session.start(ada)) == "ada_sad"
