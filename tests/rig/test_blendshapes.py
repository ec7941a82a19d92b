"""The ARKit names, and what is made of them."""

import pytest

from vchar.rig.blendshapes import ARKIT_NAMES, GAZE, MIRROR, PRESETS, REGIONS, gaze


def test_names_are_the_52_of_apple_in_their_order() -> None:
    assert len(set(ARKIT_NAMES)) == 52
    assert ARKIT_NAMES[0] == "eyeBlinkLeft"
    assert ARKIT_NAMES[14:18] == ("jawForward", "jawLeft", "jawRight", "jawOpen")
    assert ARKIT_NAMES[23:25] == ("mouthSmileLeft", "mouthSmileRight")
    assert ARKIT_NAMES[-1] == "tongueOut"


def test_every_action_stands_in_exactly_one_region() -> None:
    listed = [name for names in REGIONS.values() for name in names]
    assert sorted(listed) == sorted(ARKIT_NAMES)


def test_the_mirror_of_a_mirror_is_the_action_itself_in_the_same_region() -> None:
    assert len(MIRROR) == 40
    assert all(MIRROR[other] == name != other for name, other in MIRROR.items())
    for names in REGIONS.values():
        assert {MIRROR.get(name, name) for name in names} == set(names)


@pytest.mark.parametrize("name", PRESETS)
def test_an_emotion_is_made_of_known_actions_within_their_range(name: str) -> None:
    assert set(PRESETS[name]) <= set(ARKIT_NAMES)
    assert all(0 < weight <= 1 for weight in PRESETS[name].values())


def test_no_two_emotions_are_the_same_and_there_are_at_least_sixteen() -> None:
    assert len({frozenset(preset.items()) for preset in PRESETS.values()}) == len(PRESETS) >= 16


def test_presets_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        PRESETS["happy"]["jawOpen"] = 1.0  # pyright: ignore[reportIndexIssue]


def test_gaze_turns_both_eyes_the_same_way() -> None:
    aside = gaze(0.5, 0)
    assert set(aside) == set(GAZE)
    assert {name for name, weight in aside.items() if weight} == {"eyeLookOutLeft", "eyeLookInRight"}
    mirrored = gaze(-0.5, 0)
    assert all(mirrored[MIRROR[name]] == weight for name, weight in aside.items())
    assert {name for name, weight in gaze(0, -1).items() if weight == 1} == {"eyeLookDownLeft", "eyeLookDownRight"}
