"""From the Body & Motion tab's controls to a recipe and back, without a page."""

from __future__ import annotations

import pytest

from vchar.character import Body, Character, Motion
from vchar.errors import VcharError
from vchar.rig.wardrobe import KINDS, SLOTS, Wear
from vchar.ui import clothing, physique, prompting
from vchar.ui.figure import looks
from vchar.ui.jobs import heard
from vchar.ui.session import Session

START = Session.start(Character())


def test_a_body_by_chance_keeps_what_is_locked_and_its_seed_decides() -> None:
    session = START.embody(Body({"height": 0.31}), "").lock_body(["height", "weight"])
    drawn, again, other = (physique._throw(session, seed).character.body.shape for seed in (1, 1, 2))
    assert drawn == again != other
    assert drawn["height"] == 0.31
    assert "weight" not in drawn
    assert max(map(abs, drawn.values())) <= 0.8


def test_an_outfit_by_chance_is_whole_and_leaves_the_skin() -> None:
    session = START.embody(Body(skin="#5e3b28"), "")
    outfits = [clothing._throw(session, seed).character.body for seed in range(20)]
    assert all([KINDS[wear.kind].slot for wear in body.outfit] == list(SLOTS) for body in outfits)
    assert {body.skin for body in outfits} == {"#5e3b28"}
    assert len({body.top.kind for body in outfits}) > 2


def test_clothes_go_from_the_panel_into_the_recipe() -> None:
    panel = clothing._view(START)
    panel["worn"]["top"] = vars(Wear("tank_top", "#112233", "checks"))
    worn = clothing._wear(START, panel).character.body
    assert worn == Body(top=Wear("tank_top", "#112233", "checks"))
    with pytest.raises(VcharError, match="no garment"):
        clothing._wear(START, {**panel, "worn": {**panel["worn"], "top": {"kind": "cape"}}})


def test_a_slider_of_the_motion_leaves_the_others_decimals() -> None:
    session = START.ask(Motion(seconds=2.5, energy=0.33), "")
    panel = prompting._view(session)
    panel["values"]["energy"] = 50
    assert prompting._slide(session, panel).character.motion == Motion(seconds=2.5, energy=1)


def test_the_figure_is_another_with_the_face_only_as_long_as_the_skin_is_the_faces() -> None:
    assert looks(START) != looks(START.reseed(9, ""))
    painted = START.embody(Body(skin="#5e3b28"), "")
    assert looks(painted) == looks(painted.reseed(9, ""))
    assert looks(painted) == looks(painted.ask(Motion("a person runs"), ""))


def test_work_is_heard_until_it_is_done_or_fails() -> None:
    def work(progress: object) -> int:
        assert callable(progress)
        progress(0.5, "Half")
        return 7

    news = heard(work)
    assert next(news) == (0.5, "Half")
    with pytest.raises(StopIteration) as end:
        next(news)
    assert end.value.value == 7

    def fail(_progress: object) -> None:
        raise VcharError("No.")

    with pytest.raises(VcharError, match="No"):
        list(heard(fail))
