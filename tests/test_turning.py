"""Where a head shall look, and how far a picture of it can be trusted there."""

from dataclasses import replace

import numpy as np
import pytest

from tests.rig.test_warp import portrait, standing, weights
from vchar.character import View
from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera, angles, euler
from vchar.rig.warp import WarpSource
from vchar.turning import FRAMES, GUESS, Trust, name_of, sweep, turn_to, within_reach


def camera(yaw: float = 0, pitch: float = 0, roll: float = 0) -> Camera:
    return replace(Camera.facing(128), rotation=euler(yaw, pitch, roll))


@pytest.mark.parametrize("own", [(0, 0, 0), (25, -10, 8), (-40, 15, -20)])
@pytest.mark.parametrize("view", [View(), View(30), View(-45, 20, 30)])
def test_a_view_is_where_the_head_looks_whatever_way_it_looked_before(own: tuple[float, ...], view: View) -> None:
    turn = turn_to(camera(*own), view)
    assert angles(euler(*own) @ euler(*turn)) == pytest.approx((view.yaw, view.pitch, view.roll), abs=1e-6)


def test_without_a_view_nothing_turns() -> None:
    assert turn_to(camera(25, 5), None) == (0, 0, 0)


def test_the_nearest_view_in_reach_is_found() -> None:
    assert within_reach(60, -3, -31) == View(45, -3, -30)


@pytest.mark.parametrize("frames", [FRAMES, 48, 60])
def test_a_turntable_swings_both_ways_and_its_first_frame_follows_its_last(frames: int) -> None:
    yaws = np.array(sweep(frames))
    steps = np.abs(np.diff(np.append(yaws, yaws[0])))
    assert len(yaws) == frames
    assert (yaws.min(), yaws.max()) == (-45, 45)
    assert steps.max() < 1.1 * 45 * 2 * np.pi / frames
    assert steps[-1] == pytest.approx(steps[0], abs=0.11)
    assert len(set(yaws)) <= frames / 2 + 1


@pytest.mark.parametrize(("yaw", "name"), [(-45, "45° left"), (0.4, "Front"), (30.2, "30° right")])
def test_yaws_have_names(yaw: float, name: str) -> None:
    assert name_of(yaw) == name


# Trust, of a head whose picture shows it from the front, and of one that looks aside


@pytest.fixture(scope="module")
def fronts() -> Trust:
    return trusted(0)


@pytest.fixture(scope="module")
def asides() -> Trust:
    return trusted(40)


def trusted(yaw: float) -> Trust:
    head = HeadModel.load()
    fit = standing(head, weights(), 96)
    fit = replace(fit, camera=replace(fit.camera, rotation=euler(yaw, 0, 0)))
    return Trust.of(WarpSource(head, portrait(head, fit, 96), fit))


def test_the_more_a_head_turns_the_more_of_it_was_never_seen(fronts: Trust) -> None:
    shares = [fronts.share(View(yaw)) for yaw in (0, 15, 30, 45)]
    assert shares == sorted(shares)
    assert shares[0] < 0.06
    assert shares[-1] > GUESS
    assert fronts.share(None) == 0


def test_a_face_seen_from_the_front_can_be_trusted_about_as_far_to_either_side(fronts: Trust) -> None:
    low, high = fronts.reach() or (0, 0)
    assert 12 <= high <= 40
    assert low == pytest.approx(-high, abs=4)
    assert not fronts.is_guess(View(high))
    assert fronts.is_guess(View(high + 1))
    assert fronts.sentence(View(10)) == (
        f"Can be trusted from {-low}° left to {high}° right; beyond, the picture is a guess."
    )
    assert fronts.sentence(View(45)).startswith("A guess: the picture hides ")


def test_a_face_that_looks_aside_says_so_and_has_another_reach(asides: Trust) -> None:
    low, high = asides.reach() or (0, 0)
    assert high == 45
    assert low > 0
    assert asides.sentence(None).startswith("The face looks 40° right in the picture, which hides its other side.")


def test_where_nothing_can_be_trusted_the_sentence_says_so() -> None:
    nowhere = Trust(10.0, np.full((3, 7), 0.9))
    assert nowhere.reach() is None
    assert nowhere.sentence(None) == "From every other side the picture is a guess."
    assert nowhere.sentence(View(3)) == "A guess: the picture hides 90 % of the head from this side."


def test_the_report_for_programs_says_the_same(fronts: Trust) -> None:
    report = fronts.report(View(45))
    assert report["guess"] is True
    assert report["hidden"] == pytest.approx(fronts.share(View(45)), abs=1e-3)
    assert report["trusted_yaw"] == list(fronts.reach() or ())
    assert report["sentence"] == fronts.sentence(View(45))
