"""Words to movement, with a small untrained generator."""

import numpy as np
import pytest

from tests.tiny_mover import tiny_mover
from vchar import dressing
from vchar.errors import VcharError
from vchar.moving import Movement, Mover, known_actions, without_drift
from vchar.rig import feet


@pytest.fixture(scope="module")
def mover() -> Mover:
    return tiny_mover()


@pytest.mark.parametrize("seconds", [1, 2.5, 10])
def test_a_motion_lasts_as_long_as_asked_and_begins_at_the_origin(mover: Mover, seconds: float) -> None:
    clip = mover.animate("a person walks", seconds).clip
    assert clip.seconds == pytest.approx(seconds)
    assert clip.fps == 30
    assert np.allclose(clip.root_positions[0, [0, 2]], 0)


def test_the_same_wish_gives_the_same_motion_and_another_seed_another(mover: Mover) -> None:
    first, again, other = (mover.animate("a person walks", 1, seed).clip for seed in (3, 3, 4))
    assert np.array_equal(first.local_rotations, again.local_rotations)
    assert not np.allclose(first.local_rotations, other.local_rotations, atol=1e-3)


def test_it_says_what_it_understood(mover: Mover) -> None:
    assert mover.animate("a person waves", 1).taken_as == "wave"
    assert mover.animate("a person waves, then a person kicks", 2).understood == ("wave", "kick")
    assert mover.actions == ("kick", "walk", "wave")
    assert mover.example("kick") == "a person kicks"


def test_several_prompts_become_one_motion(mover: Mover) -> None:
    both = mover.animate(["a person walks", "a person kicks"], 2).clip
    assert both.seconds == pytest.approx(4)
    steps = np.linalg.norm(np.diff(both.joint_positions, axis=0), axis=-1).mean(1)
    assert steps[58:62].max() < 4 * np.median(steps)


@pytest.mark.parametrize("in_place", [False, True])
def test_a_loops_end_goes_on_into_its_beginning(mover: Mover, in_place: bool) -> None:
    clip = mover.animate("a person walks", 2, seed=1, loop=True, in_place=in_place).clip
    assert len(clip) == 60
    placed = clip.posture()
    steps = np.linalg.norm(np.diff(placed, axis=0), axis=-1).mean(1)
    assert np.linalg.norm(placed[0] - placed[-1], axis=-1).mean() < np.median(steps)


def test_motion_in_place_goes_nowhere(mover: Mover) -> None:
    free, still = (mover.animate("a person walks", 3, in_place=fixed).clip.root_positions for fixed in (False, True))
    assert np.ptp(still[:, [0, 2]], axis=0).max() < 0.5 * np.ptp(free[:, [0, 2]], axis=0).max()
    assert np.allclose(still[:, 1], free[:, 1])


def test_in_place_the_heading_drifts_only_where_the_words_ask_for_a_turn(mover: Mover) -> None:
    straight, turning = (mover.animate(f"a person {does}", 4, in_place=True).clip for does in ("walks", "walks, turns"))
    assert abs(np.convolve(straight.heading(), np.ones(30) / 30, "valid")).max() < 5
    assert np.ptp(turning.heading()) > np.ptp(straight.heading())
    spun = without_drift(turning)
    assert np.allclose(spun.root_positions[:, 1], turning.root_positions[:, 1])
    assert np.allclose(spun.local_rotations[:, 1:], turning.local_rotations[:, 1:])


def test_locked_feet_stay_above_the_ground(mover: Mover) -> None:
    free, locked = (mover.animate("a person walks", 1.5, foot_lock=lock).clip for lock in (False, True))
    assert feet.floor_penetration(locked).max() < 5e-3 < feet.floor_penetration(free).max()


@pytest.mark.parametrize("prompt", ["", "  ", "...", [], ["a person walks", ""]])
def test_no_prompt_is_no_motion(mover: Mover, prompt: str | list[str]) -> None:
    with pytest.raises(VcharError, match="say what the character should do"):
        mover.animate(prompt)


@pytest.mark.parametrize("seconds", [0, -1, 0.9, 1000, float("nan"), float("inf")])
def test_impossible_lengths_are_refused_in_one_sentence(mover: Mover, seconds: float) -> None:
    with pytest.raises(VcharError, match="1 to 10 seconds"):
        mover.animate("a person walks", seconds)


def test_overlong_prompts_are_refused_and_long_ones_cut(mover: Mover) -> None:
    with pytest.raises(VcharError, match="too long"):
        mover.animate("walk " * 1000)
    with pytest.raises(VcharError, match="too long"):
        mover.animate(["walk"] * 40)
    assert mover.animate("a person walks " * 60, 1).clip.seconds == pytest.approx(1)


def test_what_nobody_knows_becomes_the_nearest_known_action(mover: Mover) -> None:
    vectors, understood, strange, _ = mover.understand(["a person kicks"])
    assert (understood, strange) == (("kick",), ())
    assert float((vectors[0] - mover.phrases[2]).abs().max()) < 1e-4
    assert mover.animate("Quanta chromodynamica 你好", 1).understood[0] in mover.actions


def test_only_a_prompt_of_one_known_action_is_sure_of_it(mover: Mover) -> None:
    assert mover.understand(["a person kicks"]).sure == (True,)
    assert mover.understand(["a person kicks and a person kicks"]).sure == (False,)


def test_it_says_what_it_did_not_understand() -> None:
    clip = dressing.t_pose()
    assert Movement(clip, ("walk", "wave")).told == "Took it as: walk, then wave."
    told = Movement(clip, ("wave",), ("你好",)).told
    assert told == "Knows nothing like “你好”; took it as the nearest that it knows: wave."
    assert len(Movement(clip, ("wave",), ("x" * 400,)).told) < 120


def test_every_known_action_has_a_prompt_in_its_own_words() -> None:
    prompts = known_actions()
    assert list(prompts) == sorted(prompts)
    assert prompts["walk"] == "a person walks"
    assert prompts["push-ups"] == "a person does push-ups"


def test_an_unknown_action_has_no_example(mover: Mover) -> None:
    with pytest.raises(VcharError, match="kick, walk, wave"):
        mover.example("fly")
