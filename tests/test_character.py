"""Character: what it refuses, and that nothing gets lost on the way to a link and back."""

import dataclasses
import json
import random
import string

import pytest

from vchar import checkpoint
from vchar.character import (
    MAX_MIXES,
    MAX_PLACE,
    MAX_PROMPT,
    MAX_SEED,
    VIEW_LIMITS,
    Body,
    Character,
    Expression,
    Mix,
    Motion,
    View,
)
from vchar.errors import VcharError
from vchar.generators.attributes import SLIDERS
from vchar.generators.photo_real import PhotoReal
from vchar.models.sliders import SlidersConfig
from vchar.rig import phenotype
from vchar.rig.blendshapes import ARKIT_NAMES, PRESETS, REGIONS
from vchar.rig.wardrobe import KINDS, SLOTS, Wear

HERO = Character(
    seed=42,
    sliders={"age": 0.5, "smile": -0.25},
    truncation_psi=0.8,
    mixes=(Mix(9, 1, 0.25, keep=("age",)),),
    name="Héro",
)
ACTOR = Character(
    expression=Expression(True, {"happy": 0.8}, {"jawOpen": 0, "mouthSmileLeft": 0.25}, (0.5, -1), ("Mouth", "Brows"))
)
DRESSED = Character(
    body=Body({"height": 0.5, "gender": -1}, bottom=Wear("skirt", "#223344", "checks", "#aa3322"), skin="#8d5a3b")
)
TURNED = Character(seed=7, expression=Expression(emotions={"sad": 0.5}), view=View(-30, 4.5, 0.04))
OURS = Character(seed=7, sliders={"eye_lightness": 0.4}, mixes=(Mix(8, 0.5, 0.5, ("cap",)),), model="studio")
PLACED = Character(seed=5, sliders={"skin_tone": 0.5}, truncation_psi=1, model="studio", place="4-__AQAZgH8MJuYA")
MOVED = Character(motion=Motion("walk\nwave", 2.5, 7, -0.5, loop=True))
# Codes as they were made once: they stand in people's links and pictures, and must be read for ever.
OLD_CODES = {
    "eNotjVsKwjAURPcy3zGkwYJmBe5BSgnppQ3mUdJWhNAFuQ435q34NwznzFQ83WQLTCOwEA0wZ80p-IHKAlNhR4JRsuUy-sD5pKRud4G1bMnZ1efUz4s_"
    "mItA9C9i7V7_Y1fWJjuz1kgl4HLIW_FpPHDNmw-imfHfS7d3AslGhnH7vEvG_gUL6jEq": HERO,
    "ePkti1WsQzaTFAPANR3IeRa1OgjTkLK7AbbsaWRaixQypjq6hnoGwLDCEuiQ0I2trQUAMOY02A": ACTOR,
    "ePnDrPfhQ1aEIQlPDIZ6BojUYKBnis3J4FBHcbeRkbGxiQmK6yFBjuL8xERjYyMjcChCw98ixTTROEmpthYA_e0voQ": DRESSED,
    "ePnvaUkNQ1aPRR3I3TF5IPcpIVlipAc33RzF2abI7q6tBQChGB5Q": MOVED,
    "ePnvaUkNg6s3g6k3Rck18PYOKK-Z1mLmVkM9A5ANKaBKSqm4pDQlMx8UKRDnKpnoxsc7BjpGpXtY-HqVRjoq1QIALwkkQg": PLACED,
}


@pytest.mark.parametrize("character", [Character(), HERO, ACTOR, TURNED, DRESSED, OURS, PLACED])
def test_code_json_and_link_restore_the_same_character(character: Character) -> None:
    assert Character.from_code(character.to_code()) == character
    assert Character.from_json(character.to_json()) == character
    assert Character.parse(f"https://example.org/studio/?x=1&c={character.to_code()}") == character
    assert Character.parse(f"  {character.to_code()}\n") == character
    assert Character.parse(character.to_json()) == character


@pytest.mark.parametrize(("code", "character"), OLD_CODES.items())
def test_old_codes_restore_the_same_character(code: str, character: Character) -> None:
    assert Character.from_code(code) == character


def test_a_recipe_that_names_no_model_is_of_the_photo_real_one() -> None:
    assert Character.from_json('{"vchar": 1, "seed": 7}').model == PhotoReal.model


def test_recipe_from_before_expressions_is_read() -> None:
    recipe = json.loads(HERO.to_json())
    del recipe["expression"]
    assert Character.from_json(json.dumps({**recipe, "vchar": 1})) == HERO


def test_recipe_from_before_views_is_read() -> None:
    recipe = json.loads(ACTOR.to_json())
    del recipe["view"]
    assert Character.from_json(json.dumps({**recipe, "vchar": 2})) == ACTOR


def test_recipe_from_before_bodies_is_read() -> None:
    recipe = json.loads(TURNED.to_json())
    del recipe["body"]
    assert Character.from_json(json.dumps({**recipe, "vchar": 3})) == TURNED


def test_recipe_from_before_motions_is_read() -> None:
    recipe = json.loads(TURNED.to_json())
    del recipe["motion"]
    assert Character.from_json(json.dumps({**recipe, "vchar": 4})) == TURNED


def test_recipe_from_before_places_is_read() -> None:
    recipe = json.loads(MOVED.to_json())
    del recipe["place"]
    assert Character.from_json(json.dumps({**recipe, "vchar": 5})) == MOVED


@pytest.mark.parametrize("place", ["A" * 401, "AAAAA", "AA==", "AA A", "AA+/", "ÄÄ", "AAA\n", 5, None, ["AA"]])
def test_absurd_place_is_refused(place: object) -> None:
    with pytest.raises(VcharError, match="A face's place is at most 400 letters, digits, - and _, not"):
        Character.from_json(json.dumps({"vchar": 6, "place": place}))


def test_a_place_belongs_to_the_face_by_itself() -> None:
    assert dataclasses.replace(PLACED, name="Ada", view=View(9)).face == PLACED


def test_a_motion_survives_json_and_code() -> None:
    motion = Motion("walk\n\n  wave ", 2.504, 7, -0.5, loop=True, in_place=True, foot_lock=False)
    character = Character(motion=motion)
    assert motion.steps == ("walk", "wave")
    assert Character.from_json(character.to_json()) == Character.from_code(character.to_code()) == character
    assert character.face == Character()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"prompt": "x" * 401}, "prompt is too long"),
        ({"prompt": None}, "prompt is too long"),
        ({"seconds": 0}, "from 1 to 10"),
        ({"seconds": 1000}, "from 1 to 10"),
        ({"energy": 3}, "from -2 to 2"),
        ({"seed": -1}, "whole number"),
        ({"loop": 1}, "true or false"),
        ({"wings": 2}, "doesn't know"),
    ],
)
def test_absurd_motion_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(VcharError, match=message):
        Character.from_json(json.dumps({"vchar": 5, "motion": wrong}))


PHOTO_REAL = checkpoint.load_config(checkpoint.shipped("face-sliders"), SlidersConfig).names


@pytest.mark.parametrize(
    ("names", "model", "letters", "mixed"),
    [
        (PHOTO_REAL, PhotoReal.model, 0, MAX_MIXES),
        ([spec.name for spec in SLIDERS], "studio", 192, 8),
        ([spec.name for spec in SLIDERS], "studio", MAX_PLACE, 2),
    ],
)
def test_fullest_recipe_still_fits_a_link(names: list[str], model: str, letters: int, mixed: int) -> None:
    draw = random.Random(0)
    mixes = tuple(
        Mix(draw.randint(0, MAX_SEED), round(draw.random(), 2), round(draw.random(), 2), tuple(draw.sample(names, 8)))
        for _ in range(mixed)
    )
    expression = Expression(
        True,
        {name: draw.random() for name in PRESETS},
        {name: draw.random() for name in ARKIT_NAMES},
        (draw.random(), draw.random()),
        tuple(REGIONS)[1:],
    )
    sliders = {name: round(draw.uniform(-1, 1), 2) for name in names}
    body = Body(
        {name: draw.uniform(-1, 1) for name in phenotype.NAMES},
        Wear("long_sleeves", "#12ab3f", "pinstripes", "#fe7204"),
        Wear("trousers", "#87c1e0", "two_tone", "#9d11b2"),
        Wear("boots", "#3344a5", "pinstripes", "#e0e1c2"),
        "#c0ffee",
    )
    prompt = "".join(draw.choices(string.ascii_lowercase + " ", k=MAX_PROMPT))
    motion = Motion(prompt, 7.35, MAX_SEED, -1.37, loop=True, in_place=True, foot_lock=False)
    view = View(-42.3, -19.7, -28.1)
    place = "".join(draw.choices(string.ascii_letters + string.digits + "-_", k=letters))
    full = Character(MAX_SEED, sliders, 0.123, mixes, expression, view, body, motion, model, "W" * 60, place)
    assert full.most_mixes == mixed
    assert len(full.to_code()) < 2000
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
        ({"vchar": 7}, "newer vchar"),
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


def test_no_single_wrong_letter_in_a_code_makes_another_character() -> None:
    code = HERO.to_code()
    noticed = 0
    for i in range(len(code) - 1):  # the last letter carries padding bits
        wrong = code[:i] + ("A" if code[i] != "A" else "B") + code[i + 1 :]
        try:
            assert Character.from_code(wrong) == HERO  # zlib pads its last bits, too
        except VcharError:
            noticed += 1
    assert noticed >= len(code) - 3


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


# Expressions


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"neutralise": 1}, "true or false"),
        ({"emotions": {"hungry": 0.5}}, "no emotion 'hungry'; choose from neutral, happy"),
        ({"emotions": {"happy": 1.5}}, "emotion happy must be a number from 0 to 1"),
        ({"emotions": ["happy"]}, "a name with a value"),
        ({"arkit": {"jaw": 0.5}}, "no ARKit action 'jaw'; names look like jawOpen"),
        ({"arkit": {"jawOpen": -0.1}}, "ARKit action jawOpen must be a number from 0 to 1"),
        ({"gaze": [0.5]}, "two numbers"),
        ({"gaze": "up"}, "two numbers"),
        ({"gaze": [0, 2]}, "gaze must be a number from -1 to 1"),
        ({"regions": ["Ears"]}, "no region 'Ears'; choose from Brows"),
        ({"regions": "Brows"}, "no list of names"),
        ({"regions": 7}, "no list of names"),
        ({"hat": 1}, r"keys that vchar doesn't know \(hat\)"),
    ],
)
def test_damaged_or_foreign_expression_is_refused_in_one_sentence(change: dict[str, object], message: str) -> None:
    with pytest.raises(VcharError, match=message):
        Character.from_json(json.dumps({"vchar": 2, "expression": change}))
    with pytest.raises(VcharError, match=message):
        Expression.from_json(json.dumps({"vchar_expression": 1, **change}))


def test_emotions_without_strength_leave_the_recipe_and_actions_set_to_rest_stay() -> None:
    expression = Expression(emotions={"happy": 0.0}, arkit={"jawOpen": 0.0})
    assert expression.emotions == {}
    assert expression.arkit == {"jawOpen": 0.0}
    assert expression != Expression()


def test_order_of_names_makes_no_difference() -> None:
    one = Expression(emotions={"sad": 0.5, "happy": 0.25}, regions=("Mouth", "Brows"))
    other = Expression(emotions={"happy": 0.25, "sad": 0.5}, regions=("Brows", "Mouth"))
    assert one.to_json() == other.to_json()


def test_an_expression_is_read_from_its_own_file_and_from_a_whole_recipe() -> None:
    assert Expression.from_json(ACTOR.expression.to_json()) == ACTOR.expression
    assert Expression.from_json(ACTOR.to_json()) == ACTOR.expression


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"vchar_expression": 2}', '{"emotions": {}}'])
def test_json_that_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(VcharError, match="JSON"):
        Expression.from_json(text)


# Views


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"yaw": 46}, "yaw of a view, in degrees, must be a number from -45 to 45, not 46"),
        ({"pitch": -21}, "pitch of a view, in degrees, must be a number from -20 to 20"),
        ({"roll": float("nan")}, "roll of a view"),
        ({"yaw": "left"}, "yaw of a view"),
        ({"zoom": 2}, r"keys that vchar doesn't know \(zoom\)"),
        ([10, 0, 0], "should be a group of named values"),
    ],
)
def test_views_out_of_reach_are_refused_in_one_sentence(change: object, message: str) -> None:
    with pytest.raises(VcharError, match=message):
        Character.from_json(json.dumps({"vchar": 3, "view": change}))


def test_looking_straight_into_the_camera_is_not_the_same_as_looking_where_the_picture_does() -> None:
    assert Character(view=View()) != Character()
    assert Character.from_code(Character(view=View()).to_code()).view == View()
    assert str(View(-0.04).yaw) == "0.0"
    assert set(VIEW_LIMITS) == {"yaw", "pitch", "roll"}


# Bodies


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shape": {"tail": 0.5}}, "no body slider 'tail'; choose from age, gender"),
        ({"shape": {"height": 1.5}}, "body slider height must be a number from -1 to 1"),
        ({"shape": [1]}, "Body sliders must be given as names"),
        ({"top": {"kind": "cape"}}, "no garment 'cape'; choose from t_shirt"),
        ({"top": {"kind": "jeans"}}, "Jeans can't be worn as top"),
        ({"top": {"kind": ["jeans"]}}, "no garment"),
        ({"top": None}, "damaged"),
        ({"shoes": {"kind": "boots", "colour": "red"}}, "colour looks like #4a6fa5, not 'red'"),
        ({"shoes": {"kind": "boots", "pattern": "dots"}}, "no pattern 'dots'; choose from plain"),
        ({"skin": "pink"}, "skin's colour looks like"),
        ({"hat": 1}, r"keys that vchar doesn't know \(hat\)"),
    ],
)
def test_absurd_body_is_refused_in_one_sentence(change: dict[str, object], message: str) -> None:
    with pytest.raises(VcharError, match=message):
        Character.from_json(json.dumps({"vchar": 4, "body": change}))


def test_nobody_is_ever_naked() -> None:
    assert [KINDS[wear.kind].slot for wear in Body().outfit] == list(SLOTS)
