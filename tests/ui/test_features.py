"""The panels of face sliders, one a generator."""

from vchar.character import Character
from vchar.ui.features import _lock, _of, _slide
from vchar.ui.session import Session


def test_a_hand_that_was_late_moves_no_slider_of_another_generator() -> None:
    late = {"values": {"age": 50}, "locked": ["age"]}
    mine, others = Session.start(Character()), Session.start(Character(model="studio"))
    slide, lock = (_of(Character().model, choice) for choice in (_slide, _lock))
    assert slide(mine, late).character.sliders == {"age": 0.5}
    assert lock(mine, late).locked == {"age"}
    assert slide(others, late) is lock(others, late) is others
