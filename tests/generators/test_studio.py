"""Our own generator in the studio: the same verbs, with expression and view inside the network."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageChops
from torch import Tensor

from tests.fakes import untrained_encoder, untrained_studio_face
from vchar import checkpoint, mobilestylegan
from vchar.character import Character, Expression, Mix, View
from vchar.data.conditions import ATTRIBUTES, NAMES
from vchar.errors import VcharError
from vchar.evaluation.generators import calm
from vchar.expressing import vector
from vchar.generators import places, to_image
from vchar.generators.attributes import SLIDERS
from vchar.generators.coder import Coder
from vchar.generators.studio import Actor, StudioFaces
from vchar.models.studio_face import UNTOLD, StudioFace, StudioFaceConfig
from vchar.reading import Reader
from vchar.studio import Studio

HERO = Character(seed=3, sliders={"skin_tone": 0.6, "glasses": -0.4}, mixes=(Mix(8, 0.4, 0.7),), model="studio")
SURPRISED = Expression(emotions={"surprised": 0.8})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return untrained_studio_face(tmp_path_factory.mktemp("weights") / "face-studio")


@pytest.fixture
def studio(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """A studio with our generator alone, which may look at no picture."""
    monkeypatch.setattr(Reader, "load", lambda _: pytest.fail("a picture was read"))
    device = torch.device("cpu")
    return Studio(device, [StudioFaces(folder, device, torch.float32)])


def difference(a: Image.Image, b: Image.Image) -> float:
    return float(np.asarray(ImageChops.difference(a, b)).mean())


@pytest.mark.parametrize("size", [256, 512, 1024])
def test_same_recipe_gives_the_same_bytes_at_every_size(studio: Studio, size: int) -> None:
    first = studio.portrait(HERO, size)
    assert first.size == (size, size)
    assert first.tobytes() == studio.portrait(Character.from_code(HERO.to_code()), size).tobytes()


def test_visitors_at_the_same_time_get_their_own_faces(studio: Studio) -> None:
    people = [replace(HERO, seed=n) for n in range(6)]
    alone = [studio.portrait(person, 256).tobytes() for person in people]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda person: studio.portrait(person, 256).tobytes(), people * 3)) == alone * 3


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 4},
        {"truncation_psi": 0.3},
        {"mixes": ()},
        {"mixes": (Mix(8, 0.9, 0.9),)},
        {"sliders": {}},
        {"expression": SURPRISED},
        {"expression": Expression(gaze=(0.8, 0.2))},
        {"view": View(20)},
        {"view": View(pitch=-9)},
        {"view": View(roll=9)},
        *({"sliders": {"skin_tone": 0.6, "glasses": -0.4, spec.name: 1}} for spec in SLIDERS),
    ],
)
def test_every_part_of_the_recipe_shows(studio: Studio, change: dict[str, object]) -> None:
    assert difference(studio.portrait(HERO, 256), studio.portrait(replace(HERO, **change), 256)) > 0.02  # pyright: ignore


def test_every_attribute_of_the_training_data_has_a_slider() -> None:
    assert {spec.name for spec in SLIDERS} == set(ATTRIBUTES)


def test_what_no_picture_told_of_has_no_slider(tmp_path: Path) -> None:
    net = StudioFace(StudioFaceConfig(16, NAMES, channels=(8, 8)))
    net.code.spread.fill_(UNTOLD)
    net.code.spread[NAMES.index("cap")] = 0.2
    checkpoint.save(tmp_path, net.config, net.state_dict())
    assert [spec.name for spec in StudioFaces(tmp_path, torch.device("cpu"), torch.float32).sliders] == ["cap"]


def test_only_what_says_that_it_is_ours_is_told_to_be(folder: Path, tmp_path: Path) -> None:
    net = StudioFace(StudioFaceConfig(16, NAMES, channels=(8, 8)))
    checkpoint.save(tmp_path, net.config, net.state_dict())
    ours, foreign = (StudioFaces(place, torch.device("cpu"), torch.float32) for place in (folder, tmp_path))
    checkpoint.save(tmp_path, replace(net.config, licence="CC BY 4.0"), net.state_dict())
    told = StudioFaces(tmp_path, torch.device("cpu"), torch.float32)
    assert ("ours" in told.label, "they say: CC BY 4.0" in told.licence.short) == (False, True)
    assert ("ours" in ours.label, "vchar's own" in ours.licence.text) == (True, True)
    assert ("ours" in foreign.label, "knows no licence" in foreign.licence.text) == (False, True)


def test_a_slider_moves_without_a_jump_from_nothing_asked_to_two_spreads_away(studio: Studio, folder: Path) -> None:
    free = replace(HERO, sliders={}, mixes=(), truncation_psi=1)
    faces = [studio.portrait(replace(free, sliders={"skin_tone": value}), 256) for value in (0, 0.02, 1)]
    assert difference(faces[0], faces[1]) < 0.1 * difference(faces[0], faces[2])
    net = checkpoint.load_network(folder, StudioFace, StudioFaceConfig)
    asked = torch.from_numpy(calm(skin_tone=0.5 + 2 * 0.25))[None]
    end = to_image(net(net.of_seed(3), asked)).resize((256, 256), Image.Resampling.LANCZOS)
    assert difference(faces[2], end) < 0.01


def test_what_is_there_or_not_is_asked_for_as_such(studio: Studio, folder: Path) -> None:
    bare = studio.portrait(Character(seed=3, truncation_psi=1, sliders={"cap": -1}, model="studio"), 256)
    net = checkpoint.load_network(folder, StudioFace, StudioFaceConfig)
    end = to_image(net(net.of_seed(3), torch.from_numpy(calm(cap=0))[None])).resize(
        (256, 256), Image.Resampling.LANCZOS
    )
    assert difference(bare, end) < 0.01


def test_a_place_is_drawn_as_the_seed_whose_place_it_is(studio: Studio, folder: Path) -> None:
    net = checkpoint.load_network(folder, StudioFace, StudioFaceConfig)
    placed = replace(HERO, seed=1, place=places.write(net.of_seed(HERO.seed)))
    own, again, other = (studio.portrait(each, 256) for each in (HERO, placed, replace(HERO, seed=1)))
    assert difference(own, again) < 0.2 * difference(own, other)
    assert studio.surprise(placed, 1, seed=5).place == ""
    relatives = [studio.surprise(placed, 0.5, seed=5), *studio.variations(placed, 2)]
    assert {each.place for each in relatives} == {placed.place}
    with pytest.raises(VcharError, match=r"has 3 numbers, but this vchar's Studio generator knows places of 16; use"):
        studio.portrait(replace(HERO, place="AAAA"), 256)


def test_mixing_all_of_another_face_gives_that_face(studio: Studio) -> None:
    mixed = studio.portrait(replace(HERO, mixes=(Mix(8, 1, 1),)), 256)
    assert difference(mixed, studio.portrait(replace(HERO, seed=8, mixes=()), 256)) < 0.01


def test_relatives_are_of_the_same_generator(studio: Studio) -> None:
    relatives = studio.variations(HERO, n=4, strength=0.2, keep=["skin_tone"])
    assert {relative.model for relative in relatives} == {"studio"}
    assert studio.surprise(HERO, 1, seed=5) == Character(seed=5, model="studio")
    with pytest.raises(VcharError, match="no slider age; the sliders are skin_tone"):
        studio.variations(HERO, keep=["age"])


def test_expression_and_view_are_drawn_and_not_warped(studio: Studio) -> None:
    acting = replace(HERO, expression=SURPRISED, view=View(20, -5))
    made = studio.portrait(acting, 256)
    assert made.tobytes() == studio.express(acting, SURPRISED, size=256).tobytes()
    assert made.tobytes() == studio.turn(HERO, 20, -5, expression=SURPRISED, size=256).tobytes()
    assert difference(made, studio.portrait(replace(acting, view=None), 256)) > 0.02


def test_a_face_by_itself_rests_and_looks_ahead_and_none_of_its_views_is_a_guess(studio: Studio) -> None:
    actor = studio.sitter(HERO, size=256)
    assert isinstance(actor, Actor)
    assert (set(actor.own.values()), actor.angles) == ({0.0}, (0, 0, 0))
    assert actor.express(Expression()).tobytes() == actor.picture.tobytes() == studio.portrait(HERO, 256).tobytes()
    assert actor.express(SURPRISED, strength=0).tobytes() == actor.picture.tobytes()
    assert actor.trust.reach() == (-45, 45)
    assert actor.trust.sentence(View(45)) == "Every view is drawn anew, so none is a guess."


def test_sheets_and_turns_are_squares_of_one_size(studio: Studio) -> None:
    assert studio.expression_sheet(HERO).width > 3 * 256
    views = dict(studio.turnaround(HERO))
    assert len(views) == 7
    assert len({view.size for view in views.values()}) == 1
    frames = list(studio.turntable(HERO, SURPRISED, frames=4))
    assert difference(frames[1], frames[3]) > 0.02


def test_small_pictures_are_averaged_and_large_ones_enlarged(folder: Path) -> None:
    faces = StudioFaces(folder, torch.device("cpu"), torch.float32)
    own = faces.draw(HERO, 64)
    assert faces.draw(HERO, 32).tobytes() == own.resize((32, 32), Image.Resampling.BOX).tobytes()
    assert faces.draw(HERO, 256).tobytes() == own.resize((256, 256), Image.Resampling.LANCZOS).tobytes()
    assert "64 by 64 pixels" in faces.note


def test_bfloat16_shows_the_same_face(folder: Path) -> None:
    exact, rounded = (
        StudioFaces(folder, torch.device("cpu"), dtype).draw(HERO, 256) for dtype in (torch.float32, torch.bfloat16)
    )
    assert 0 < difference(exact, rounded) < 4


@pytest.mark.usefixtures("own_cache")
def test_the_faster_format_is_found_and_remembered(folder: Path) -> None:
    made = [StudioFaces(folder, torch.device("cpu"), None).draw(HERO, 256).tobytes() for _ in range(2)]
    assert made[0] == made[1]
    assert len(json.loads((checkpoint.cache_dir() / "precision.json").read_text())) == 1


def test_a_recipe_of_another_generator_is_refused(studio: Studio) -> None:
    with pytest.raises(VcharError, match="needs the model 'mobilestylegan-ffhq', which this vchar doesn't have"):
        studio.portrait(Character(), 256)


def test_a_damaged_checkpoint_is_a_sentence(folder: Path, tmp_path: Path) -> None:
    other = StudioFace(StudioFaceConfig(16, ("yaw",), channels=(8, 8)))
    checkpoint.save(tmp_path, StudioFaceConfig(16, ("yaw",), channels=(8, 4)), other.state_dict())
    with pytest.raises(VcharError, match="can't be read"):
        StudioFaces(tmp_path, torch.device("cpu"), torch.float32).prepare()
    with pytest.raises(VcharError, match="can't be read"):
        StudioFaces(folder / "nowhere", torch.device("cpu"), torch.float32)


@pytest.mark.usefixtures("own_cache")
def test_it_is_there_where_it_ships_and_works_without_a_network(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
    shipped = checkpoint.shipped
    monkeypatch.setattr(checkpoint, "shipped", lambda name: folder if name == "face-studio" else shipped(name))
    studio = Studio.load(device="cpu", dtype=torch.float32)
    assert [each.model for each in studio.generators] == [mobilestylegan.MODEL_ID, "studio"]
    assert studio.portrait(HERO, 256).size == (256, 256)
    assert studio.licence(HERO).short != studio.licence(Character()).short


def test_padlocks_hold_what_the_encoder_sees_however_much_is_mixed_in(folder: Path) -> None:
    net, seen = checkpoint.load_network(folder, StudioFace, StudioFaceConfig), []

    def read(w: Tensor) -> Tensor:
        seen.append(w)
        return torch.full((len(NAMES),), -1.5 if len(seen) == 1 else 0.7)

    locked = Mix(8, 1, 1, keep=("skin_tone",))
    face = Character(seed=3, truncation_psi=1, mixes=(locked, Mix(9, 0.5, 0.5, keep=("nose_width", "skin_tone"))))
    made = Coder(net, read)(face, vector({}), View())
    held = calm(skin_tone=0.5 - 1.5 * 0.25, nose_width=0.5 + 0.7 * 0.25)
    asked = net.w(net.of_seed(3), torch.from_numpy(held)[None])
    assert torch.allclose(made.chunk(2, 1)[1], asked.chunk(2, 1)[1], atol=1e-5)
    assert len(seen) == 2
    assert torch.allclose(seen[0], Coder(net, None)(replace(face, mixes=()), vector({}), View()), atol=1e-5)


def test_the_encoder_beside_the_generator_is_used(tmp_path: Path) -> None:
    folder = untrained_studio_face(tmp_path / "face-studio")
    locked = replace(HERO, mixes=(Mix(8, 0.5, 0.5, keep=("lip_fullness",)),))
    free = StudioFaces(folder, torch.device("cpu"), torch.float32).draw(locked, 256)
    untrained_encoder(folder)
    assert difference(free, StudioFaces(folder, torch.device("cpu"), torch.float32).draw(locked, 256)) > 0.001
