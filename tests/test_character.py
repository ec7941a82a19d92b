"""Character: what it refuses, and that nothing gets lost on the way to a link and back."""

import dataclasses
import json
import random
import string

import pytest

from vchar.character import MAX_MIXES, MAX_SEED, Character, Mix
from vchar.errors import VcharError

HERO = Character(
    seed=42,
    sliders={"age": 0.5, "smile": -0.25},
    truncation_psi=0.8,
    mixes=(Mix(9, 1, 0.25, keep=("age",)),),
    name="Héro",
)


@pytest.mark.parametrize("character", [Character(), HERO])
def test_code_json_and_link_restore_the_same_character(character: Character) -> None:
    assert Character.from_code(character.to_code()) == character
    assert Character.from_json(character.to_json()) == character
    assert Character.parse(f"https://example.org/studio/?x=1&c={character.to_code()}") == character
    assert Character.parse(f"  {character.to_code()}\n") == character
    assert Character.parse(character.to_json()) == character


def test_fullest_recipe_still_fits_a_link() -> None:
    draw = random.Random(0)
    names = ["".join(draw.choices(string.ascii_lowercase, k=10)) for _ in range(30)]
    mixes = tuple(
        Mix(draw.randint(0, MAX_SEED), round(draw.random(), 2), round(draw.random(), 2), tuple(draw.sample(names, 8)))
        for _ in range(MAX_MIXES)
    )
    sliders = {name: round(draw.uniform(-1, 1), 2) for name in names}
    full = Character(MAX_SEED, sliders, 0.123, mixes, name="W" * 60)
    assert len(full.to_code()) < 1500
    assert set(full.to_code()) <= set(string.ascii_letters + string.digits + "-_")


def test_neutral_sliders_do_not_change_the_recipe() -> None:
    assert Character(sliders={"age": 0.0, "smile": 0.0004}) == Character()


def test_with_sliders_keeps_the_others() -> None:
    assert HERO.with_sliders({"age": -1}).sliders == {"age": -1, "smile": -0.25}


@pytest.mark.parametrize("seed", [-1, MAX_SEED + 1, 1.5, "7", True, None, 10**400])
def test_absurd_seed_is_refused(seed: object) -> None:
    with pytest.raises(VcharError, match="A seed is a whole number"):
        Character(seed=seed)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("value", [1.01, -2, float("nan"), float("inf"), "0.5", True, None, 10**400])
def test_absurd_slider_value_is_refused(value: object) -> None:
    with pytest.raises(VcharError, match="slider age must be a number from -1 to 1"):
        Character(sliders={"age": value})  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("name", ["", "Age", "../age", "a" * 33, 5])
def test_absurd_slider_name_is_refused(name: object) -> None:
    with pytest.raises(VcharError, match="is not the name of a slider"):
        Character(sliders={name: 0.5})  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"truncation_psi": 1.5}, "truncation_psi must be a number"),
        ({"mixes": [{"seed": 1}]}, "damaged"),
        ({"mixes": [{"seed": 1, "shape": 2, "colouring": 0}]}, "shape must be a number"),
        ({"mixes": [{"seed": 1, "shape": 1, "colouring": 0, "hat": 1}]}, "keys that vchar doesn't know"),
        ({"mixes": 5}, "damaged"),
        ({"mixes": [{"seed": 1, "shape": 1, "colouring": 0}] * (MAX_MIXES + 1)}, "can mix at most"),
        ({"sliders": [1]}, "Sliders must be given as names"),
        ({"model": "../../etc"}, "not the name of a model"),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "line\nbreak"}, "plain text"),
        ({"hat": True}, r"keys that vchar doesn't know \(hat\)"),
        ({"vchar": 2}, "newer vchar"),
        ({"vchar": 0}, "no valid version"),
        ({"vchar": "1"}, "no valid version"),
    ],
)
def test_damaged_or_foreign_recipe_is_refused_in_one_sentence(change: dict[str, object], message: str) -> None:
    with pytest.raises(VcharError, match=message):
        Character.from_json(json.dumps({"vchar": 1, **change}))


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "{", "{" * 5000, '{"vchar": 1' + " " * 20_000 + "}"])
def test_json_that_is_no_recipe_is_refused(text: str) -> None:
    with pytest.raises(VcharError, match="recipe"):
        Character.from_json(text)


@pytest.mark.parametrize(
    "spoil", [lambda c: c[:-4], lambda c: c[:9] + "A" + c[10:], lambda c: c + "*", lambda c: "hello"]
)
def test_damaged_code_is_refused(spoil) -> None:  # noqa: ANN001
    with pytest.raises(VcharError, match="damaged or incomplete"):
        Character.from_code(spoil(HERO.to_code()))


def test_every_single_wrong_letter_in_a_code_is_noticed() -> None:
    code = HERO.to_code()
    for i in range(len(code) - 1):  # the last letter carries padding bits
        wrong = code[:i] + ("A" if code[i] != "A" else "B") + code[i + 1 :]
        with pytest.raises(VcharError):
            Character.from_code(wrong)


def test_zip_bomb_in_a_code_is_refused() -> None:
    import base64
    import zlib

    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * 50_000_000, 9)).decode()
    with pytest.raises(VcharError, match="damaged or incomplete"):
        Character.from_code(bomb)


def test_link_without_a_code_is_refused() -> None:
    with pytest.raises(VcharError, match="no vchar code"):
        Character.parse("https://example.org/?c=")


@pytest.mark.parametrize(
    ("name", "stem"), [("Hero of Time!", "hero_of_time"), ("", "face_42"), ("勇者", "face_42"), ("../x", "x")]
)
def test_file_stem_is_a_safe_file_name(name: str, stem: str) -> None:
    assert dataclasses.replace(HERO, name=name).file_stem == stem
