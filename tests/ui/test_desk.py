"""How the panels' events are wired together."""

from collections import Counter

from tests.ui.fakes import FakeStudio
from vchar.ui.app import create_app
from vchar.ui.desk import _news


def test_an_event_of_which_the_newest_counts_has_one_listener() -> None:
    """With two, Gradio's page starts each again when the other ends, and never rests."""
    wires = create_app(FakeStudio()).config.get("dependencies", [])
    heard = [(tuple(target), wire["trigger_mode"]) for wire in wires for target in wire["targets"] if target[0]]
    counts = Counter(target for target, _ in heard)
    assert [target for target, mode in heard if mode == "always_last" and counts[target] > 1] == []


def test_an_answer_says_which_parts_of_a_control_are_news() -> None:
    known = {"values": {"jawOpen": 2}, "rest": {"jawOpen": 0}}
    assert _news(known, {**known, "rest": {"jawOpen": 9}})["news"] == ["rest"]  # pyright: ignore
    assert _news(1, 2) == 2
    assert _news({"__type__": "update"}, {"__type__": "update"}) == {"__type__": "update"}
