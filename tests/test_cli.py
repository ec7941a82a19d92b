"""The vchar command: what it writes, and one sentence for whatever it can't do."""

import dataclasses
from pathlib import Path

import pytest
from PIL import Image

from vchar.character import Character
from vchar.cli import main
from vchar.export.png import read_png
from vchar.studio import Studio

HERO = Character(seed=5, sliders={"age": 0.25}, name="Hero")


@pytest.fixture(autouse=True)
def _untrained(untrained_studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Studio, "load", lambda: untrained_studio)


@pytest.mark.parametrize("form", ["code", "json", "png", "seed"])
def test_portrait_takes_every_form_of_a_recipe(tmp_path: Path, form: str) -> None:
    (tmp_path / "hero.json").write_text(HERO.to_json())
    main(["portrait", HERO.to_code(), "--size", "256", "-o", str(tmp_path / "first.png")])
    recipe = {
        "code": [HERO.to_code()],
        "json": [str(tmp_path / "hero.json")],
        "png": [str(tmp_path / "first.png")],
        "seed": ["--seed", "5", "--slider", "age=0.25"],
    }[form]
    assert main(["portrait", *recipe, "--size", "256", "-o", str(tmp_path / "hero.png")]) == 0
    written = tmp_path / "hero.png"
    assert Image.open(written).size == (256, 256)
    assert read_png(written.read_bytes()) == (dataclasses.replace(HERO, name="") if form == "seed" else HERO)


def test_variations_writes_a_folder_of_portraits_that_restore(tmp_path: Path) -> None:
    assert main(["variations", HERO.to_code(), "-n", "3", "--size", "256", "-o", str(tmp_path / "out")]) == 0
    people = [read_png((tmp_path / "out" / f"hero_{i}.png").read_bytes()) for i in (1, 2, 3)]
    assert len(set(people)) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "a recipe (a file, code or link) or --seed"),
        (["x", "--seed", "1"], "a recipe (a file, code or link) or --seed"),
        (["--seed", "-1"], "A seed is a whole number"),
        (["--seed", "1", "--slider", "age"], "--slider takes NAME=VALUE"),
        (["--seed", "1", "--slider", "age=old"], "--slider takes NAME=VALUE"),
        (["--seed", "1", "--slider", "age=7"], "from -1 to 1"),
        (["--seed", "1", "--slider", "hat=1"], "no slider hat"),
        (["--seed", "1", "--size", "300"], "not 300"),
        (["nonsense"], "damaged or incomplete"),
        (["missing.json"], "Can't read missing.json"),
        (["missing.png"], "Can't read missing.png"),
        (["--seed", "1", "-o", "hero.jpg"], "name a .png file"),
        (["--seed", "1", "-o", "/no/such/folder/hero.png"], "in a folder that exists"),
    ],
)
def test_bad_requests_are_one_sentence_and_write_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["portrait", "-o", "hero.png", *arguments]) == 1
    error = capsys.readouterr().err
    assert error.startswith("vchar: ")
    assert message in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
