"""Reading, changing and turning faces by command, over a studio that only pretends."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.ui.fakes import SMILE, FakeFaces, FakeStudio
from vchar.character import Character, Expression, View
from vchar.cli import main
from vchar.errors import VcharError
from vchar.export.png import read_png
from vchar.licence import Licence
from vchar.studio import Studio
from vchar.turning import FRAMES

HERO = Character(seed=5, expression=Expression(emotions={"sad": 0.5}), name="Hero")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder to work in, with a portrait and a recipe in it."""
    monkeypatch.setattr(Studio, "load", FakeStudio)
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (300, 200), "tan").save("photo.jpg")
    Image.new("RGB", (200, 200), "black").save("night.png")
    Path("hero.json").write_text(HERO.to_json())


def test_read_prints_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "photo.jpg", "--face", "1", "--json"]) == 0
    reading = json.loads(capsys.readouterr().out)
    assert reading["face"] == 1
    assert reading["faces"] == 2
    assert reading["arkit"]["mouthSmileLeft"] == SMILE["mouthSmileLeft"]
    assert len(reading["landmarks"]) == 70
    assert len(reading["arkit"]) == 52
    assert sum(reading["emotions"].values()) == pytest.approx(1)


def test_read_tells_people_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "photo.jpg"]) == 0
    told = capsys.readouterr().out
    assert "reads as happy 71%" in told
    assert "mouthSmileLeft 0.40" in told


@pytest.mark.parametrize("form", ["json", "code", "png"])
def test_express_changes_a_recipe_and_the_png_restores_it(form: str) -> None:
    main(["portrait", "hero.json", "-o", "hero.png"])
    whose = {"json": "hero.json", "code": HERO.to_code(), "png": "hero.png"}[form]
    asked = ["--emotion", "happy=0.8", "--arkit", "jawOpen=0.5,browInnerUp=1", "--gaze=-0.5,0.25", "--neutralise"]
    assert main(["express", whose, *asked, "--region", "Mouth", "--size", "256", "-o", "out.png"]) == 0
    made = read_png(Path("out.png").read_bytes())
    assert (made.seed, made.name) == (HERO.seed, HERO.name)
    assert made.expression == Expression(
        True, {"happy": 0.8}, {"jawOpen": 0.5, "browInnerUp": 1}, (-0.5, 0.25), ("Mouth",)
    )
    assert Image.open("out.png").size == (256, 256)


def test_express_changes_a_picture_and_marks_it_as_edited() -> None:
    assert main(["express", "photo.jpg", "--emotion", "angry=1", "-o", "out.png"]) == 0
    made = Path("out.png").read_bytes()
    with pytest.raises(VcharError, match="no vchar recipe"):
        read_png(made)
    image = Image.open(io.BytesIO(made))
    assert image.size == (300, 200)
    assert image.info["Source"] == "AI-edited photo"


def test_like_writes_a_recipe_or_the_picture_of_it(monkeypatch: pytest.MonkeyPatch, encoding_studio: Studio) -> None:
    monkeypatch.setattr(Studio, "load", lambda: encoding_studio)
    assert main(["like", "photo.jpg", "-o", "like.json"]) == 0
    assert main(["like", "photo.jpg", "--size", "256", "-o", "like.png"]) == 0
    found = Character.from_json(Path("like.json").read_text())
    assert found.place
    assert read_png(Path("like.png").read_bytes()) == found
    assert Image.open("like.png").size == (256, 256)
    assert b"trainedAlgorithmicMedia" in Path("like.png").read_bytes()


def test_sheet_has_as_many_rows_as_asked_and_the_recipe_inside() -> None:
    assert main(["sheet", "hero.json", "-o", "nine.png"]) == 0
    assert main(["sheet", "hero.json", "--rows", "4", "--ground", "transparent", "-o", "sixteen.png"]) == 0
    assert main(["sheet", "photo.jpg", "-o", "photo.png"]) == 0
    nine, sixteen = Image.open("nine.png"), Image.open("sixteen.png")
    assert (nine.mode, sixteen.mode) == ("RGB", "RGBA")
    assert abs(nine.width - sixteen.width) < 40
    assert read_png(Path("nine.png").read_bytes()).seed == HERO.seed


def test_turn_writes_where_the_head_looks_into_the_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["turn", "hero.json", "--yaw", "15", "--pitch=-4.5", "--size", "256", "-o", "out.png"]) == 0
    assert capsys.readouterr() == ("out.png\n", "")
    assert read_png(Path("out.png").read_bytes()) == replace(HERO, view=View(15, -4.5))
    assert main(["turn", "hero.json", "--yaw", "15", "--emotion", "happy=1", "--size", "256", "-o", "out.png"]) == 0
    assert read_png(Path("out.png").read_bytes()).expression == Expression(emotions={"happy": 1})


def test_a_turn_that_is_a_guess_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["turn", "photo.jpg", "--yaw", "40", "-o", "out.png"]) == 0
    told = capsys.readouterr()
    assert told.out == "out.png\n"
    assert told.err.startswith("A guess: the picture hides 29 % of the head from this side.")
    assert Image.open("out.png").info["Source"] == "AI-edited photo"


def test_turnaround_is_a_strip_with_the_recipe_inside_or_a_film(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["turnaround", "hero.json", "-o", "strip.png"]) == 0
    assert "Can be trusted from 9° left to 19° right" in capsys.readouterr().err
    assert read_png(Path("strip.png").read_bytes()).seed == HERO.seed
    strip = Image.open("strip.png")
    assert strip.width > 6 * strip.height
    assert main(["turnaround", "hero.json", "--pitch", "10", "-o", "film.webp"]) == 0
    film = Image.open("film.webp")
    assert 50 < film.n_frames <= FRAMES  # pyright: ignore[reportAttributeAccessIssue] (equal frames are merged)
    assert b"/trainedAlgorithmicMedia" in film.info["xmp"]
    assert main(["turnaround", "photo.jpg", "-o", "film.mp4"]) == 0
    assert b"/compositeWithTrainedAlgorithmicMedia" in Path("film.mp4").read_bytes()


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("express hero.json -o out.png", "Say what the face should do"),
        ("express hero.json --emotion happy -o out.png", "--emotion takes NAME=VALUE"),
        ("express hero.json --emotion hungry=1 -o out.png", "no emotion 'hungry'"),
        ("express hero.json --emotion happy=2 -o out.png", "from 0 to 1"),
        ("express hero.json --arkit jawOpen=.5,jaw -o out.png", "--arkit takes NAME=VALUE"),
        ("express hero.json --gaze up -o out.png", "--gaze takes two numbers"),
        ("express hero.json --gaze 1 -o out.png", "two numbers"),
        ("express hero.json --emotion sad=1 -o out.jpg", "name a .png file"),
        ("turn hero.json --yaw 46 -o out.png", "from -45 to 45, not 46"),
        ("turn hero.json --yaw 5 -o out.gif", "name a .png file"),
        ("turn night.png --yaw 5 -o out.png", "No face found in night.png"),
        ("turnaround hero.json -o out.avi", "name a .png or .mp4 or .webp or .gif file"),
        ("turnaround hero.json --pitch 30 -o out.gif", "from -20 to 20, not 30"),
        ("turnaround night.png -o out.mp4", "No face found in night.png"),
        ("express missing.jpg --emotion sad=1 -o out.png", "Can't read missing.jpg"),
        ("express missing.png --emotion sad=1 -o out.png", "Can't read missing.png"),
        ("express night.png --emotion sad=1 -o out.png", "No face found in night.png"),
        ("sheet night.png -o out.png", "No face found in night.png"),
        ("read night.png", "No face found in night.png"),
        ("like photo.jpg -o out.json", "Studio generator with its encoder, which this vchar doesn't have"),
        ("like photo.jpg -o out.txt", "name a .json or .png file"),
        ("like missing.jpg -o out.json", "Can't read missing.jpg"),
        ("read hero.json", "hero.json is no picture"),
        ("read missing.png", "Can't read missing.png"),
    ],
)
def test_bad_requests_are_one_sentence_and_write_nothing(
    capsys: pytest.CaptureFixture[str], command: str, message: str
) -> None:
    assert main(command.split()) == 1
    error = capsys.readouterr().err
    assert error.startswith("vchar: ")
    assert message in error
    assert error.count("\n") == 1
    assert not list(Path().glob("out.*"))


def test_a_seed_is_made_by_the_model_asked_for_and_the_file_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    free = Licence("Ours", "free to use", "All of it is ours.")
    ours = FakeFaces(model="studio", label="Ours", licence=free)
    monkeypatch.setattr(Studio, "load", lambda: FakeStudio(FakeFaces(), ours))
    for arguments in (["portrait", "--seed", "7", "--model", "studio"], ["express", "a.png", "--emotion", "happy=1"]):
        assert main([*arguments, "-o", "a.png"]) == 0
        assert (read_png(Path("a.png").read_bytes()).model, read_png(Path("a.png").read_bytes()).seed) == ("studio", 7)
        assert b"free to use" in Path("a.png").read_bytes()
    assert main(["portrait", "--seed", "7", "-o", "b.png"]) == 0
    assert read_png(Path("b.png").read_bytes()).model == Character().model


def test_a_recipe_keeps_its_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["portrait", "hero.json", "--model", "studio", "-o", "a.png"]) == 1
    assert "names its own model" in capsys.readouterr().err
    assert main(["portrait", "--seed", "7", "--model", "studio", "-o", "a.png"]) == 1
    assert "which this vchar doesn't have" in capsys.readouterr().err
