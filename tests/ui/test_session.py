from dataclasses import replace

import pytest

from tests.ui.fakes import LOOKS, TRUST
from vchar.character import Body, Character, Expression, Mix, Motion, View
from vchar.errors import VcharError
from vchar.ui.session import SEEDS, Rest, Session, new_seed


@pytest.fixture
def session() -> Session:
    return Session.start(Character(seed=3, sliders={"age": 0.5}))


def test_sliding_sets_all_sliders_and_leaves_out_neutral_ones(session: Session) -> None:
    slid = session.slide({"age": 0.0, "smile": -0.4})
    assert slid.character == Character(seed=3, sliders={"smile": -0.4})
    assert slid.undo().character == session.character


def test_a_slide_of_one_slider_is_one_step_of_undo(session: Session) -> None:
    for step in range(1, 20):
        session = session.slide({"age": 0.5, "smile": step / 100})
    assert session.undo().character == Character(seed=3, sliders={"age": 0.5})


def test_revert_goes_back_to_the_kept_character_and_can_be_undone(session: Session) -> None:
    slid = session.slide({"age": 1.0})
    assert slid.changed
    reverted = slid.revert()
    assert reverted.character == session.character
    assert not reverted.changed
    assert reverted.undo().character == slid.character


def test_loading_makes_the_loaded_character_the_point_of_comparison(session: Session) -> None:
    loaded = session.load(Character(seed=9), "favourite")
    assert loaded.kept_character == loaded.character == Character(seed=9)
    assert loaded.undo().character == session.character


def test_a_new_seed_is_that_face_alone_under_the_same_sliders(session: Session) -> None:
    mixed = session.choose(Character(seed=3, sliders={"age": 0.5}, mixes=(Mix(1, 0.5, 0.5),)), "variation")
    assert mixed.reseed(9, "seed").character == Character(seed=9, sliders={"age": 0.5})


def test_another_person_or_generator_leaves_the_place_of_a_face_and_mixes_keep_it() -> None:
    placed = Session.start(Character(seed=3, model="studio", place="AAAA"))
    assert placed.reseed(9, "dice").character == Character(seed=9, model="studio")
    assert placed.become(Character().model).character == Character(seed=3)
    assert placed.meet(9).slide({"cap": 1.0}).turn(View(9)).character.place == "AAAA"


def test_resembling_a_picture_is_a_step_of_undo_and_keeps_name_body_and_motion() -> None:
    before = Character(
        3, {"age": 0.5}, mixes=(Mix(1, 1, 1),), body=Body(skin="#8d5a3b"), motion=Motion("waves"), name="A"
    )
    found = Character(seed=7, truncation_psi=1, model="studio", place="AAAA")
    like = Session.start(before).resemble(found)
    assert like.character == replace(found, body=before.body, motion=before.motion, name="A")
    assert like.undo().character == before


def test_a_face_of_a_picture_has_no_seed_to_be_mixed_in_by() -> None:
    session = Session.start(Character(seed=3, model="studio"))
    with pytest.raises(VcharError, match="comes from a picture"):
        session.meet_character(Character(seed=7, model="studio", place="AAAA"))


def test_mixing_edits_the_last_parent_alone(session: Session) -> None:
    first, second, other = Mix(1, 0.5, 0.5), Mix(2, 0.5, 0.5), Mix(2, 0.1, 0.9)
    session = session.choose(Character(mixes=(first, second)), "variation")
    assert session.mix(other, "shares").character.mixes == (first, other)
    assert session.mix(None, "unmix").character.mixes == (first,)


def test_a_face_newly_met_shows_at_once_and_spares_what_is_locked(session: Session) -> None:
    met = session.lock(["age"]).meet(99)
    assert met.parent == Mix(99, 0.5, 0.5, ("age",))
    assert met.meet(100).character.mixes == (Mix(100, 0.5, 0.5, ("age",)),)


def test_locks_are_no_step_of_undo(session: Session) -> None:
    locked = session.lock(["age"])
    assert locked.locked == {"age"}
    assert locked.history == session.history


def test_the_dice_throw_valid_seeds() -> None:
    seeds = {new_seed() for _ in range(50)}
    assert len(seeds) > 45
    assert all(0 <= seed < SEEDS for seed in seeds)
    assert all(Character(seed=seed).seed == seed for seed in seeds)


def test_turning_is_a_step_of_undo_and_leaves_the_face(session: Session) -> None:
    turned = session.turn(View(30)).express(Expression(emotions={"sad": 1}), "feel sad")
    assert turned.character.view == View(30)
    assert turned.face == session.face
    assert turned.undo().undo().character == session.character


def test_where_a_face_looks_and_its_trust_are_known_for_that_face_alone(session: Session) -> None:
    assert session.angles == (0, 0, 0)
    noted = session.note(Rest(session.face, {}, LOOKS, TRUST))
    assert (noted.turn(View(3)).angles, noted.turn(View(3)).trust) == (LOOKS, TRUST)
    assert (noted.reseed(8, "seed").angles, noted.reseed(8, "seed").trust) == ((0, 0, 0), None)
