from vchar.ui.history import DEPTH, History


def played(*steps: tuple[str, str, float]) -> History:
    history = History(("start",))
    for recipe, gesture, now in steps:
        history = history.record(recipe, gesture, now)
    return history


def test_a_slide_in_many_steps_is_undone_at_once() -> None:
    history = played(("a1", "age", 10.0), ("a2", "age", 10.4), ("a3", "age", 11.2))
    assert history.current == "a3"
    assert history.undo().current == "start"


def test_moving_the_same_control_again_later_is_a_step_of_its_own() -> None:
    assert played(("a1", "age", 10.0), ("a2", "age", 12.0)).undo().current == "a1"


def test_another_control_is_a_step_of_its_own_however_fast() -> None:
    assert played(("a", "age", 10.0), ("b", "smile", 10.1)).undo().current == "a"


def test_undo_and_redo_walk_the_same_way() -> None:
    history = played(("a", "age", 1), ("b", "smile", 2), ("c", "hair", 3))
    assert history.undo().undo().current == "a"
    assert history.undo().undo().redo().redo().current == "c"
    assert history.redo() == history.redo().redo()
    assert not history.can_redo


def test_a_new_choice_after_undo_drops_the_future() -> None:
    history = played(("a", "age", 1), ("b", "smile", 2)).undo().record("c", "hair", 3)
    assert history.entries == ("start", "a", "c")
    assert not history.can_redo


def test_a_slide_right_after_undo_does_not_overwrite_the_step_before_it() -> None:
    history = played(("a", "age", 1.0), ("b", "smile", 1.2)).undo().record("a2", "age", 1.4)
    assert history.undo().current == "a"


def test_the_same_recipe_again_is_no_step() -> None:
    assert played(("a", "age", 1), ("a", "smile", 5)).entries == ("start", "a")


def test_fifty_steps_can_be_undone() -> None:
    history = played(*((f"r{n}", f"g{n}", float(n)) for n in range(80)))
    for _ in range(DEPTH):
        assert history.can_undo
        history = history.undo()
    assert not history.can_undo
    assert history.current == "r29"
