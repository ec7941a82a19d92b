"""From sliders to a view and back, without a page."""

from typing import Any

import pytest

from tests.ui.fakes import LOOKS, TRUST
from vchar.character import Character, View
from vchar.ui.session import Rest, Session
from vchar.ui.turner import _looks, _slide, _turn, _view

OWN = View(*LOOKS)


@pytest.fixture
def session() -> Session:
    """Of a face that is known to look a little aside."""
    start = Session.start(Character(seed=3))
    return start.note(Rest(start.face, {}, LOOKS, TRUST))


def slid(session: Session, **values: int) -> View | None:
    return _slide(session, {"values": values, "locked": []}).character.view


def test_sliders_rest_where_the_head_looks_by_itself(session: Session) -> None:
    assert _view(session)["rest"] == {"yaw": 5, "pitch": -3, "roll": 1}
    assert _view(session)["values"] == {}
    assert _view(session.turn(View(-20, 4)))["values"] == {"yaw": -20, "pitch": 4, "roll": 0}


def test_one_slider_moves_one_angle_and_the_others_keep_their_decimals(session: Session) -> None:
    assert slid(session, yaw=20) == View(20, OWN.pitch, OWN.roll)
    assert slid(session.turn(View(20, 7)), yaw=20, pitch=7, roll=-4) == View(20, 7, -4)


def test_sliders_that_all_went_home_ask_for_nothing(session: Session) -> None:
    assert slid(session.turn(View(20)), yaw=5, pitch=-3, roll=1) is None


def test_the_picture_is_dragged_from_where_it_looks(session: Session) -> None:
    asked: dict[str, Any] = {"view": {"yaw": 12, "pitch": -3.2, "roll": 1}, "own": vars(OWN)}
    assert _looks(session) == {**asked, "view": None}
    assert _turn(session, asked).character.view == View(12, -3.2, 1)
    assert _turn(session.turn(View(12)), {**asked, "view": None}).character.view is None
