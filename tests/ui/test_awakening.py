import threading

import pytest

from tests.ui.fakes import FakeFaces, FakeStudio
from vchar.character import Character
from vchar.progress import Progress, silent
from vchar.ui.awakening import awaken, stand_in
from vchar.ui.session import Session


def test_the_page_hears_how_far_it_is() -> None:
    faces = FakeFaces(ready=False)
    answers = list(awaken(faces))
    assert faces.ready
    assert [answer["kind"] for answer in answers] == ["waiting", "waiting"]
    assert "38 MB" in answers[1]["message"]
    assert answers[1]["fraction"] == 0.5


def test_a_generator_that_is_awake_has_nothing_to_say() -> None:
    assert list(awaken(FakeFaces())) == []


def test_a_failure_is_told_and_the_next_try_works() -> None:
    faces = FakeFaces(["No network: connect and try again."], ready=False)
    assert list(awaken(faces))[-1] == {"kind": "failed", "message": "No network: connect and try again."}
    assert list(awaken(faces))[-1]["kind"] == "waiting"
    assert faces.ready


def test_who_has_chosen_nothing_gets_a_generator_that_is_at_hand() -> None:
    studio = FakeStudio(FakeFaces(ready=False), FakeFaces(model="studio", label="Ours"))
    fresh = Session.start(Character())
    with pytest.warns(UserWarning, match="Flat couldn't be fetched, so Ours makes this face"):
        assert stand_in(studio, fresh) == Session.start(Character(model="studio"))
    moved = fresh.slide({"age": 0.5})
    for stays in (moved, Session.start(Character(seed=5))):
        assert stand_in(studio, stays) is stays
    assert stand_in(FakeStudio(FakeFaces(ready=False)), fresh) is fresh


def test_leaving_cancels_the_work() -> None:
    cancelled, may_go_on = threading.Event(), threading.Event()

    class Slow(FakeFaces):
        def prepare(self, progress: Progress = silent) -> None:
            progress(0.1, "Fetching")
            may_go_on.wait(5)
            try:
                progress(0.2, "Fetching")
            except Exception:
                cancelled.set()
                raise

    answers = awaken(Slow(ready=False))
    next(answers)
    next(answers)
    answers.close()
    may_go_on.set()
    assert cancelled.wait(5)
