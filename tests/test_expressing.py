"""From an asked-for expression to facial actions."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from vchar.character import Expression, View
from vchar.expressing import Posed, target, vector
from vchar.rig.blendshapes import ARKIT_NAMES, PRESETS, REGIONS
from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera
from vchar.rig.fit import Fit
from vchar.turning import YAWS, turn_to

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


# A sitter: here a picture of nothing much, before which the head was put by hand


@pytest.fixture(scope="module")
def sitter() -> Posed:
    head = HeadModel.load()
    camera = Camera.facing(128)
    x, y = np.meshgrid(np.arange(160), np.arange(128))
    picture = Image.fromarray(np.stack([x, y, x * y % 251], axis=-1).astype(np.uint8))
    smile = vector({"mouthSmileLeft": 0.6, "mouthSmileRight": 0.6})
    rest = np.zeros(head.phenotype.shape[0], np.float32), np.zeros(head.local_up.shape[0], np.float32)
    return Posed.pose(head, picture, Fit(*rest, smile, replace(camera, centre=(80.0, 64.0)), 0.01, 1.0))


def test_asked_for_nothing_or_for_what_it_does_a_sitter_keeps_every_pixel(sitter: Posed) -> None:
    assert sitter.express(Expression()).tobytes() == sitter.picture.tobytes()
    assert sitter.express(Expression(arkit={"mouthSmileLeft": 0.6})).tobytes() == sitter.picture.tobytes()
    assert sitter.express(Expression(emotions={"angry": 1}), strength=0).tobytes() == sitter.picture.tobytes()


def test_an_expression_changes_the_face_and_not_the_corners(sitter: Posed) -> None:
    angry = sitter.express(Expression(emotions={"angry": 1}))
    changed = np.abs(np.asarray(angry, int) - np.asarray(sitter.picture, int)).sum(-1) > 0
    assert angry.size == sitter.picture.size
    assert changed[40:90, 50:110].mean() > 0.2
    assert not changed[:8, :8].any()
    assert not changed[:8, -8:].any()


def test_a_smile_that_fades_falls_further_than_it_was_read(sitter: Posed) -> None:
    rested = np.asarray(sitter.express(Expression(neutralise=True)), int)
    by_the_reading = _pixels(sitter, vector({}))
    beyond = _pixels(sitter, -0.4 * vector(sitter.own))
    assert np.abs(rested - beyond).max() <= 1
    assert np.abs(rested - by_the_reading).max() > 10


def _pixels(sitter: Posed, weights: np.ndarray) -> np.ndarray:
    return (sitter.source.edit(weights.astype(np.float32)).picture.clip(0, 1) * 255 + 0.5).astype(int)


def test_own_names_what_the_face_does_by_itself(sitter: Posed) -> None:
    assert sitter.own["mouthSmileLeft"] == pytest.approx(0.6)
    assert sitter.own["jawOpen"] == 0


def test_a_smaller_sitter_shows_the_same_in_fewer_pixels(sitter: Posed) -> None:
    small = sitter.smaller(80)
    assert small.picture.size == (80, 64)
    assert small.fit.camera.centre == pytest.approx((40, 32))
    assert sitter.smaller(500) is sitter
    assert np.array(small.frame) == pytest.approx(np.array(sitter.frame) / 2, abs=1)


def test_the_frame_is_a_square_round_the_face_within_the_picture(sitter: Posed) -> None:
    left, top, right, bottom = sitter.frame
    assert right - left == bottom - top
    assert 0 <= left < 60 < 100 < right <= 160
    assert 0 <= top < 64 < bottom <= 128


# Turned


def test_a_view_turns_the_head_and_leaves_the_corners(sitter: Posed) -> None:
    turned = _change(sitter, sitter.express(Expression(), view=View(20)))
    assert turned[40:90, 50:110].mean() > 0.5
    assert not turned[:8, :8].any()
    assert not turned[:8, -8:].any()


def test_expression_and_view_are_one_edit(sitter: Posed, monkeypatch: pytest.MonkeyPatch) -> None:
    edits = []
    edit = type(sitter.source).edit
    monkeypatch.setattr(type(sitter.source), "edit", lambda *asked: edits.append(asked) or edit(*asked))
    both = sitter.express(Expression(emotions={"angry": 1}), view=View(15, 5, -5))
    assert len(edits) == 1
    assert edits[0][2:] == pytest.approx((15, 5, -5))
    assert _change(sitter, both).any()
    assert both.tobytes() != sitter.express(Expression(), view=View(15, 5, -5)).tobytes()


def test_looking_where_the_picture_looks_changes_next_to_nothing(sitter: Posed) -> None:
    assert sitter.angles == pytest.approx((0, 0, 0))
    same = np.asarray(sitter.express(Expression(), view=View()), int)
    assert np.abs(same - np.asarray(sitter.picture, int)).max() <= 1


def test_a_turnaround_is_seven_squares_of_one_size_with_the_eyes_at_one_height(sitter: Posed) -> None:
    squares = dict(sitter.turnaround(Expression(), pitch=20))
    assert list(squares) == ["45° left", "30° left", "15° left", "Front", "15° right", "30° right", "45° right"]
    assert {picture.size for picture in squares.values()} == {squares["Front"].size}
    head, camera, fit = sitter.head, sitter.fit.camera, sitter.fit
    rest = head.shape(fit.phenotype, fit.local, fit.arkit)
    turned = [head.turn(rest, *turn_to(camera, View(yaw, 20)))[head.landmarks[36:48]] for yaw in YAWS]
    eyes = np.array([camera.project(points).mean(0)[:2] for points in turned])
    assert np.ptp(eyes[:, 1]) < 0.5
    assert np.ptp(eyes[:, 0]) > 5


def test_a_turntable_is_a_loop_and_makes_no_picture_twice(sitter: Posed) -> None:
    frames = list(sitter.turntable(Expression(), frames=8))
    assert len(frames) == 8
    assert len({id(frame) for frame in frames}) == 5
    assert frames[1].tobytes() == frames[3].tobytes() != frames[5].tobytes()


def test_a_close_up_has_the_frame_in_as_many_pixels_as_asked(sitter: Posed) -> None:
    left, _, right, _ = sitter.close_up(64).frame
    assert right - left == pytest.approx(64, abs=1)


def _change(sitter: Posed, picture: Image.Image) -> np.ndarray:
    return np.abs(np.asarray(picture, int) - np.asarray(sitter.picture, int)).sum(-1) > 0
