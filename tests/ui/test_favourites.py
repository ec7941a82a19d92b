import pytest

from vchar.character import Character
from vchar.errors import VcharError
from vchar.ui.favourites import MOST, Favourite, cards, with_favourite, with_name


def shelf(*seeds: int) -> list[Favourite]:
    favourites: list[Favourite] = []
    for seed in seeds:
        favourites = with_favourite(favourites, Character(seed=seed), "data:,")
    return favourites


def test_the_newest_favourite_comes_first() -> None:
    assert [each["name"] for each in shelf(1, 2, 3)] == ["Seed 3", "Seed 2", "Seed 1"]


def test_keeping_a_face_twice_keeps_it_once() -> None:
    assert [each["name"] for each in shelf(1, 2, 1)] == ["Seed 1", "Seed 2"]


def test_a_full_shelf_says_what_to_do_and_loses_nothing() -> None:
    full = shelf(*range(MOST))
    with pytest.raises(VcharError, match="delete one"):
        with_favourite(full, Character(seed=1000), "data:,")
    assert len(with_favourite(full, Character(seed=0), "data:,")) == MOST


def test_renaming_changes_the_recipe_too() -> None:
    renamed = with_name(shelf(1, 2), 1, "Ada")
    assert [each["name"] for each in renamed] == ["Seed 2", "Ada"]
    assert Character.from_code(renamed[1]["code"]) == Character(seed=1, name="Ada")


def test_a_favourite_is_shown_with_its_name() -> None:
    assert cards(shelf(4)) == [{"src": "data:,", "alt": "Load Seed 4", "label": "Seed 4"}]
