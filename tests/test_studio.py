"""The studio's verbs: pure, repeatable, and clear about what they refuse."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageChops

from tests.fakes import untrained_generator
from tests.test_reading import PICTURE, posed, reader
from vchar import mobilestylegan, precision
from vchar.character import MAX_MIXES, Character, Expression, Mix, View
from vchar.errors import VcharError
from vchar.generators.photo_real import PhotoReal
from vchar.studio import Studio

HERO = Character(seed=3, sliders={"age": 0.6, "smile": -0.4}, mixes=(Mix(8, 0.4, 0.7),))


def difference(a: Image.Image, b: Image.Image) -> float:
    return float(np.asarray(ImageChops.difference(a, b)).mean())


@pytest.mark.parametrize("size", [256, 512, 1024])
def test_same_recipe_gives_the_same_bytes(untrained_studio: Studio, size: int) -> None:
    first = untrained_studio.portrait(HERO, size)
    untrained_studio.portrait(Character(seed=99), size)
    assert first.size == (size, size)
    assert first.tobytes() == untrained_studio.portrait(Character.from_code(HERO.to_code()), size).tobytes()


def test_visitors_at_the_same_time_get_their_own_faces(untrained_studio: Studio) -> None:
    people = [Character(seed=n) for n in range(6)]
    alone = [untrained_studio.portrait(person, 256).tobytes() for person in people]
    with ThreadPoolExecutor(6) as pool:
        crowd = list(pool.map(lambda person: untrained_studio.portrait(person, 256).tobytes(), people * 3))
    assert crowd == alone * 3


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 4},
        {"truncation_psi": 0.3},
        {"sliders": {"age": 0.7}},
        {"mixes": ()},
        {"mixes": (Mix(8, 0.4, 0.1),)},
        {"mixes": (Mix(8, 0.9, 0.7),)},
    ],
)
def test_every_part_of_the_recipe_shows(untrained_studio: Studio, change: dict[str, object]) -> None:
    before = untrained_studio.portrait(HERO, 256)
    assert difference(before, untrained_studio.portrait(replace(HERO, **change), 256)) > 0.1  # pyright: ignore


def test_mixing_all_of_another_face_gives_that_face(untrained_studio: Studio) -> None:
    mixed = untrained_studio.portrait(Character(seed=3, mixes=(Mix(8, 1, 1),)), 256)
    assert difference(mixed, untrained_studio.portrait(Character(seed=8), 256)) < 0.5


def test_variations_are_relatives_and_repeatable(untrained_studio: Studio) -> None:
    relatives = untrained_studio.variations(HERO, n=8, strength=0.2, seed=5)
    assert relatives == untrained_studio.variations(HERO, n=8, strength=0.2, seed=5)
    assert len(set(relatives)) == 8
    assert relatives != untrained_studio.variations(HERO, n=8, strength=0.2, seed=6)
    assert all(relative.sliders == HERO.sliders for relative in relatives)


def test_stronger_variations_are_further_away(untrained_studio: Studio) -> None:
    here = untrained_studio.portrait(HERO, 256)
    near, far = (
        np.mean([difference(here, untrained_studio.portrait(v, 256)) for v in untrained_studio.variations(HERO, 4, s)])
        for s in (0.05, 0.6)
    )
    assert near < far


def test_variations_of_variations_never_outgrow_the_recipe(untrained_studio: Studio) -> None:
    character = HERO
    for step in range(MAX_MIXES + 3):
        character = untrained_studio.variations(character, 1, 0.3, seed=step)[0]
    assert len(character.mixes) == MAX_MIXES
    assert character.mixes[-1] == untrained_studio.variations(HERO, 1, 0.3, seed=MAX_MIXES + 2)[0].mixes[-1]


def test_full_surprise_is_a_new_person_and_half_keeps_half_the_sliders(untrained_studio: Studio) -> None:
    assert untrained_studio.surprise(HERO, 1, seed=77) == Character(seed=77)
    assert untrained_studio.surprise(HERO, 0.5, seed=77).sliders == {"age": 0.3, "smile": -0.2}


def test_padlocks_hold_value_and_reading(untrained_studio: Studio) -> None:
    surprised = untrained_studio.surprise(HERO, 1, seed=77, keep=["age"])
    assert surprised.sliders == {"age": 0.6}
    assert surprised.mixes[-1] == Mix(77, 1, 1, keep=("age",))
    assert all(v.mixes[-1].keep == ("age",) for v in untrained_studio.variations(HERO, 2, keep=["age"]))


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda s: s.portrait(HERO, 300), "not 300"),
        (lambda s: s.portrait(HERO, 0), "not 0"),
        (lambda s: s.portrait(Character(sliders={"hat": 1})), "no slider hat; the sliders are age"),
        (lambda s: s.portrait(Character(mixes=(Mix(1, 1, 1, keep=("hat",)),))), "no slider hat"),
        (lambda s: s.portrait(Character(model="other")), "needs the model 'other'"),
        (lambda s: s.portrait(Character(place="AAAA")), "needs the Studio generator; this recipe names another"),
        (lambda s: s.variations(HERO, n=0), "Between 1 and 64"),
        (lambda s: s.variations(HERO, n=10**9), "Between 1 and 64"),
        (lambda s: s.variations(HERO, strength=2), "from 0 to 1"),
        (lambda s: s.surprise(HERO, -1, seed=1), "from 0 to 1"),
        (lambda s: s.surprise(HERO, 1, seed=-1), "seed is a whole number"),
        (lambda s: s.surprise(HERO, 1, seed=1, keep=["hat"]), "no slider hat"),
    ],
)
def test_absurd_requests_are_refused_in_one_sentence(untrained_studio: Studio, ask, message: str) -> None:  # noqa: ANN001
    with pytest.raises(VcharError, match=message):
        ask(untrained_studio)


def test_nobody_is_made_like_a_picture_without_the_studio_generator(untrained_studio: Studio) -> None:
    photo_real = Studio(torch.device("cpu"), untrained_studio.generators[:1])
    with pytest.raises(
        VcharError, match="by the Studio generator with its encoder, which this vchar doesn't have; update"
    ):
        photo_real.like(PICTURE)


@pytest.mark.usefixtures("own_cache")
def test_measuring_the_formats_does_not_change_the_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mobilestylegan, "load", lambda progress: untrained_generator())
    monkeypatch.setattr(precision, "BFLOAT16_MUST_WIN_BY", 1e9)  # float32 is chosen
    measured, told = Studio.load(device="cpu"), Studio.load(device="cpu", dtype=torch.float32)
    assert measured.portrait(HERO, 256).tobytes() == told.portrait(HERO, 256).tobytes()


@pytest.mark.usefixtures("own_cache")
def test_studio_starts_without_weights_says_why_and_a_retry_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
    studio = Studio.load(device="cpu")
    assert studio.generator(HERO).sliders
    assert studio.licence(HERO).short
    with pytest.raises(VcharError, match="check the internet connection and try again"):
        studio.portrait(HERO, 256)
    assert not studio.generator(HERO).ready
    monkeypatch.setattr(mobilestylegan, "load", lambda progress: untrained_generator())
    assert studio.portrait(HERO, 256).size == (256, 256)
    assert studio.generator(HERO).ready


def test_every_slider_has_a_unique_label_and_stands_in_a_named_group(untrained_studio: Studio) -> None:
    labels = [spec.label for spec in untrained_studio.generator(HERO).sliders]
    assert len(labels) >= 22
    assert len(set(labels)) == len(labels)
    assert {spec.group for spec in untrained_studio.generator(HERO).sliders} == {
        "Age & gender", "Skin", "Face shape", "Eyes & brows", "Nose & mouth", "Hair & beard", "Look & light",
    }  # fmt: skip


@pytest.fixture
def reading_studio(untrained_studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """A studio that sees the average head in every picture: in what an untrained generator paints there is none."""
    average = reader(posed())
    monkeypatch.setattr(untrained_studio, "_reader", lambda: average)
    return untrained_studio


def test_a_recipe_with_an_expression_changes_the_face_alone(reading_studio: Studio) -> None:
    angry = replace(HERO, expression=Expression(emotions={"angry": 1}), name="Ada")
    plain, changed = reading_studio.portrait(HERO, 256), reading_studio.portrait(angry, 256)
    assert difference(plain, changed) > 0.1
    assert difference(plain.crop((0, 0, 20, 20)), changed.crop((0, 0, 20, 20))) == 0
    assert changed.tobytes() == reading_studio.portrait(angry, 256).tobytes()
    assert changed.tobytes() == reading_studio.express(HERO, angry.expression, size=256).tobytes()
    assert reading_studio.express(angry, angry.expression, strength=0, size=256).tobytes() == plain.tobytes()


def test_a_picture_changes_as_a_character_does(reading_studio: Studio) -> None:
    picture = reading_studio.portrait(HERO, 512)
    sad = Expression(emotions={"sad": 1})
    assert reading_studio.express(picture, sad).tobytes() == reading_studio.express(HERO, sad, size=512).tobytes()
    assert reading_studio.read(picture).faces == len(reading_studio.faces(picture)) == 1
    assert reading_studio.emotions(picture) == pytest.approx(reading_studio.read(picture).emotions, abs=1e-4)


def test_a_picture_has_one_calm_face_like_it(encoding_studio: Studio) -> None:
    found = encoding_studio.like(PICTURE)
    assert found == encoding_studio.like(PICTURE) == Character.from_code(found.to_code())
    assert found == Character(found.seed, truncation_psi=1, model="studio", place=found.place)
    other = encoding_studio.like(PICTURE.point(lambda level: 255 - level))
    assert other.place != found.place
    assert other.file_stem != found.file_stem
    faces = [encoding_studio.portrait(each, 256) for each in (found, replace(found, place=""))]
    assert difference(*faces) > 0.02


def test_of_a_picture_without_a_face_nothing_is_made(encoding_studio: Studio) -> None:
    with pytest.raises(VcharError, match=r"hero\.png shows 1 face\(s\)"):
        encoding_studio.like(PICTURE, 3, "hero.png")
    with pytest.raises(VcharError, match="too few to show a face"):
        encoding_studio.like(Image.new("RGB", (9, 9)))


def test_expressions_come_one_by_one_as_squares_of_one_size(reading_studio: Studio) -> None:
    made = dict(reading_studio.expressions(HERO, ["neutral", "happy", "in_pain"], size=256))
    assert list(made) == ["neutral", "happy", "in_pain"]
    assert len({picture.size for picture in made.values()}) == 1
    assert difference(made["neutral"], made["happy"]) > 0.1
    with pytest.raises(VcharError, match="3 or 4 rows and columns, not 5"):
        reading_studio.expression_sheet(HERO, 5)


def test_a_view_and_an_expression_show_together_however_they_are_asked_for(reading_studio: Studio) -> None:
    sad = Expression(emotions={"sad": 1})
    turned = replace(HERO, expression=sad, view=View(20, -5))
    made = reading_studio.portrait(turned, 256)
    assert difference(made, reading_studio.portrait(replace(turned, view=None), 256)) > 0.1
    assert difference(made, reading_studio.portrait(replace(turned, expression=Expression()), 256)) > 0.1
    assert made.tobytes() == reading_studio.turn(turned, 20, -5, size=256).tobytes()
    assert made.tobytes() == reading_studio.turn(HERO, 20, -5, expression=sad, size=256).tobytes()
    assert made.tobytes() == reading_studio.express(turned, sad, size=256).tobytes()
    picture = reading_studio.portrait(HERO, 256)
    assert made.tobytes() == reading_studio.turn(picture, 20, -5, expression=sad).tobytes()


def test_turning_too_far_is_refused_and_beyond_trust_is_said(reading_studio: Studio) -> None:
    with pytest.raises(VcharError, match="yaw of a view, in degrees, must be a number from -45 to 45, not 60"):
        reading_studio.turn(HERO, 60)
    trust = reading_studio.trust(HERO)
    assert trust.is_guess(View(45))
    assert not trust.is_guess(View())


def test_turnarounds_and_turntables_come_one_by_one(reading_studio: Studio) -> None:
    views = reading_studio.turnaround(HERO)
    assert next(views)[0] == "45° left"
    frames = list(reading_studio.turntable(HERO, Expression(emotions={"happy": 1}), frames=4))
    assert len(frames) == 4
    assert difference(frames[1], frames[3]) > 0.1


@pytest.mark.slow
def test_real_previews_look_like_the_full_portrait(real_studio: Studio, tmp_path: Path) -> None:
    for seed in range(4):
        full = real_studio.portrait(Character(seed=seed), 1024)
        for size in (256, 512):
            small = real_studio.portrait(Character(seed=seed), size)
            error = np.asarray(small, float) - np.asarray(full.resize((size, size), Image.Resampling.BOX), float)
            assert 10 * np.log10(255**2 / (error**2).mean()) > 24  # decibel


@pytest.mark.slow
def test_real_padlock_keeps_the_reading_of_a_face(real_studio: Studio) -> None:
    photo_real = real_studio.generators[0]
    assert isinstance(photo_real, PhotoReal)
    networks = photo_real.networks()

    def age(character: Character) -> float:
        ws = photo_real.ws(networks, character)
        return float(networks.sliders.read(ws)[0, networks.sliders.index("age")])

    start = Character(seed=3)
    free = [age(real_studio.surprise(start, 1, seed)) for seed in range(5)]
    kept = [age(real_studio.surprise(start, 1, seed, keep=["age"])) for seed in range(5)]
    assert np.abs(np.array(kept) - age(start)).max() < 0.05
    assert np.std(free) > 0.3
