"""The line under the picture: what was read, and whether it is what was asked for."""

import pytest

from vchar.character import Expression
from vchar.ui.reads_as import line_of

SHARES = {"sad": 0.71, "neutral": 0.2, "angry": 0.055, "happy": 0.035}


def test_line_names_the_likeliest_emotions_in_percent() -> None:
    shown = line_of(SHARES, Expression())
    assert [(each["label"], each["percent"]) for each in shown["emotions"]] == [
        ("Sad", 71),
        ("Neutral", 20),
        ("Angry", 6),
    ]
    assert shown["note"] == ""


@pytest.mark.parametrize(
    ("asked", "note"),
    [
        ({"sad": 1}, ""),
        ({"crying": 1}, ""),  # reads like sad
        ({"smug": 1}, ""),  # none of the recogniser's words
        ({"happy": 0.2}, ""),  # a mere touch
        ({"happy": 1}, "You asked for happy."),
        ({"happy": 0.6, "angry": 0.1}, "You asked for happy; more strength may help."),
        ({"laughing": 1}, "You asked for laughing."),
    ],
)
def test_line_says_where_the_recogniser_disagrees(asked: dict[str, float], note: str) -> None:
    assert line_of(SHARES, Expression(emotions=asked))["note"] == note
