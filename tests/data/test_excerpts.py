"""Which parts of long recordings are learnt, and as what."""

from dataclasses import replace

from tests.data.test_motion_set import BODY, waving
from tests.rig.test_feet import standing
from vchar.data import captions, motion_set
from vchar.data.excerpts import EXCERPTS, excerpts
from vchar.data.motions import Motion

RECORDING = Motion("14_31", standing(2), "small", {}, 0.0, "", "", "sit, stand up", (), (), frozenset())


def test_a_recording_that_is_not_named_is_learnt_as_a_whole() -> None:
    motion, clip = replace(RECORDING, name="walk"), waving(90)
    assert excerpts(motion, clip) == [(motion, clip)]


def test_excerpts_are_as_long_as_said_and_tell_what_they_show() -> None:
    takes = motion_set.takes(RECORDING, waving(600))
    assert [take.action for take in takes] == ["sit down", "sit", "stand up", "sit down", "stand up"]
    assert [len(take.features) for take in takes[:3]] == [121, 136, 70]
    assert {take.name for take in takes} == {"14_31"}


def test_every_excerpt_has_a_length_and_shows_something_known() -> None:
    for parts in EXCERPTS.values():
        for start, end, shows in parts:
            assert end - start > 1
            assert not shows or captions.action(replace(RECORDING, description=shows)) != "other"


def test_who_waves_with_one_hand_waves_with_the_other_in_the_mirror() -> None:
    take = motion_set.take(replace(RECORDING, description="waving right"), waving(60))
    assert "a person waves with the right hand" in take.sentences
    assert "a person waves with the left hand" in take.mirrored(BODY.twins).sentences
