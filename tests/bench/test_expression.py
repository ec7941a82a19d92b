"""The rows of `vchar bench expression`."""

from vchar.bench.expression import reading_rows, turning_rows

MS = {"find": 60.0, "fit": 250.0, "emotion": 3.0}


def test_goals_are_judged_one_by_one() -> None:
    find, fit, emotion = reading_rows(MS | {"dlib": 40.0, "fer": 9.0})
    assert (find.met, fit.met, emotion.met) == (False, True, True)
    assert "40 ms" in find.beside
    assert "9 ms" in emotion.beside


def test_a_missing_rival_is_told() -> None:
    assert all("not measured" in row.beside for row in (reading_rows(MS)[0], reading_rows(MS)[2]))


def test_turns_and_turnarounds_have_goals_of_their_own() -> None:
    turn, turnaround = turning_rows({"turn": 240.0, "turnaround": 3200.0})
    assert (turn.met, turnaround.met) == (True, False)
    assert turnaround.numbers == {"turnaround_ms": 3200.0}
