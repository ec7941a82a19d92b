"""Descriptions become sentences that people write."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.data.motion_pack import write_pack
from vchar.data import captions, motions
from vchar.data.motions import Motion


@pytest.fixture
def motion(tmp_path: Path) -> Motion:
    return motions.load(write_pack(tmp_path))[0]


@pytest.mark.parametrize(
    ("description", "action", "sentence"),
    [
        ("walk", "walk", "a person walks"),
        ("run/jog", "run", "a person jogs"),
        ("Walk trun change", "turn around", "a person walks and turns around"),
        ("walk 2hop 2walk", "hop", "a person walks and then hops and then walks"),
        ("bend over, scoop up, rise, lift arm", "pick up", "a person picks something up"),
        ("Melee_2H_Attack_Chop", "sword attack", "a person attacks with a sword"),
        ("elephant (human subject)", "animal", "a person imitates an elephant"),
    ],
)
def test_a_telegram_becomes_an_action_and_plain_sentences(
    motion: Motion, description: str, action: str, sentence: str
) -> None:
    found = replace(motion, description=description)
    assert captions.action(found) == action
    said = captions.sentences(found)
    assert said[0] == sentence
    assert len(set(said)) == len(said) > 5
    assert not any("{" in text for text in said)


def test_a_description_that_nobody_foresaw_still_gives_a_sentence(motion: Motion) -> None:
    assert captions.sentences(replace(motion, description="Zorbing_02")) == ("a person performs zorbing 02",)


def test_verbs_take_the_forms_of_their_sentence(motion: Motion) -> None:
    said = captions.sentences(replace(motion, description="sit on stepstool, stand up"))
    assert "a person sits down and stands up" in said
    assert "sitting down and standing up" in said


def test_a_mirror_exchanges_left_and_right_in_words() -> None:
    assert captions.mirrored("turn left, then to the right-hand side") == "turn right, then to the left-hand side"


def test_what_shows_several_things_is_known_from_what_goes_on(motion: Motion) -> None:
    assert captions.composite(replace(motion, description="walk to crouch"))
    assert not captions.composite(replace(motion, description="salsa dance"))


def test_phrases_name_only_the_actions_asked_for_and_leave_no_gaps() -> None:
    known = captions.phrases({"kick", "punch", "charleston", "dance"})
    assert {phrase: name for name, phrase in known}["a person dances"] == "dance"
    assert {name for name, _ in known} == {"kick", "punch", "charleston", "dance"}
    assert known[0][1].startswith("a person ")
    assert not any("{" in phrase for _, phrase in known)
