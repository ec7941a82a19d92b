"""From an asked-for expression to facial actions."""

import numpy as np
import pytest

from vchar.character import Expression
from vchar.expressing import target, vector
from vchar.rig.blendshapes import ARKIT_NAMES, PRESETS, REGIONS

SMILING = vector({"mouthSmileLeft": 0.6, "mouthSmileRight": 0.6, "jawOpen": 0.3, "eyeLookOutLeft": 0.4})


def weight(weights: np.ndarray, name: str) -> float:
    return round(float(weights[ARKIT_NAMES.index(name)]), 3)


def test_an_empty_expression_changes_nothing() -> None:
    assert np.array_equal(target(SMILING, Expression()), SMILING)


def test_neutralise_rests_the_face_but_leaves_the_gaze() -> None:
    assert np.array_equal(target(SMILING, Expression(neutralise=True)), vector({"eyeLookOutLeft": 0.4}))


@pytest.mark.parametrize("name", ["happy", "sad", "angry", "winking"])
def test_an_emotion_at_full_strength_replaces_what_the_face_did(name: str) -> None:
    expected = {"eyeLookOutLeft": 0.4 * (name != "sad"), **PRESETS[name]}
    assert target(SMILING, Expression(emotions={name: 1})) == pytest.approx(vector(expected))


def test_an_emotion_at_half_strength_meets_the_face_halfway() -> None:
    met = target(SMILING, Expression(emotions={"sad": 0.5}))
    assert weight(met, "mouthSmileLeft") == 0.3
    assert weight(met, "mouthFrownLeft") == pytest.approx(PRESETS["sad"]["mouthFrownLeft"] / 2)


def test_neutral_is_an_emotion_too() -> None:
    assert weight(target(SMILING, Expression(emotions={"neutral": 0.5})), "jawOpen") == 0.15


def test_emotions_add_up_within_the_range() -> None:
    both = target(SMILING, Expression(emotions={"happy": 1, "laughing": 1}))
    assert weight(both, "mouthSmileLeft") == 1.0
    assert both.max() <= 1


def test_a_region_keeps_the_rest_of_the_face() -> None:
    brows = target(SMILING, Expression(True, {"angry": 1}, regions=("Brows",)))
    assert weight(brows, "browDownLeft") == 1
    elsewhere = ~np.isin(ARKIT_NAMES, REGIONS["Brows"])
    assert np.array_equal(brows[elsewhere], SMILING[elsewhere])


def test_what_is_set_by_hand_counts_in_any_region() -> None:
    asked = Expression(
        True, {"happy": 1}, {"mouthSmileLeft": 0, "tongueOut": 0.5}, gaze=(-0.5, 0.25), regions=("Brows",)
    )
    made = target(SMILING, asked)
    assert weight(made, "mouthSmileLeft") == 0
    assert weight(made, "tongueOut") == 0.5
    assert weight(made, "eyeLookOutLeft") == 0
    assert weight(made, "eyeLookInLeft") == weight(made, "eyeLookOutRight") == 0.5
    assert weight(made, "eyeLookUpLeft") == 0.25


def test_strength_goes_part_of_the_way() -> None:
    asked = Expression(True, {"surprised": 1})
    halfway = target(SMILING, asked, 0.5)
    assert halfway == pytest.approx((SMILING + target(SMILING, asked)) / 2)
    assert np.array_equal(target(SMILING, asked, 0), SMILING)
