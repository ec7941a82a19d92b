"""A character's body as pictures, strips, films and files."""

from pathlib import Path

import numpy as np
import pygltflib
import pytest
from PIL import Image

from vchar.character import Body, Character
from vchar.cli import main
from vchar.dressing import Figure, Wardrobe, t_pose
from vchar.export.png import read_png
from vchar.generators.photo_real import PhotoReal
from vchar.rig.clip import Clip
from vchar.rig.wardrobe import Wear
from vchar.studio import Studio

HERO = Character(body=Body({"height": 0.4}, bottom=Wear("skirt", "#35507a", "checks")), name="Hero")


@pytest.fixture(scope="module")
def figure(wardrobe: Wardrobe) -> Figure:
    return wardrobe.figure(HERO.body)


@pytest.fixture
def loaded(wardrobe: Wardrobe, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds the body loaded, and a brown face."""
    monkeypatch.setattr(Wardrobe, "load", lambda: wardrobe)
    monkeypatch.setattr(PhotoReal, "prepare", lambda _self: None)
    monkeypatch.setattr(Studio, "skin_tone", lambda _self, _face: "#8d5a3b")


def gliding(metres: float = 3.0) -> Clip:
    """The T-pose pushed along for a second."""
    still = t_pose()
    root = np.repeat(still.root_positions, 31, 0)
    root[:, 2] += np.linspace(0, metres, 31)
    return Clip.without_contacts(still.skeleton, 30, root, np.repeat(still.local_rotations, 31, 0))


def test_a_picture_shows_the_whole_figure_on_nothing(figure: Figure) -> None:
    alpha = np.asarray(figure.picture(size=96))[..., 3]
    assert not max(alpha[0].max(), alpha[:, 0].max(), alpha[:, -1].max())
    assert np.ptp(np.nonzero((alpha > 128).any(1))[0]) > 60


def test_the_camera_of_a_film_goes_along(figure: Figure) -> None:
    first, *_, last = (np.asarray(image, int) for image in figure.film(gliding(), 96, every=10))
    assert np.abs(first - last).mean() < 1


def test_a_strip_shows_as_many_moments_as_asked_for(figure: Figure) -> None:
    strip = np.asarray(figure.strip(gliding(), 3, 64))
    assert strip.shape == (64, 192, 4)
    assert all((part[..., 3] > 128).any() for part in np.split(strip, 3, axis=1))


def test_the_same_character_gives_the_same_file(figure: Figure, wardrobe: Wardrobe) -> None:
    again = wardrobe.figure(HERO.body)
    assert again.glb({"glide": gliding()}, HERO) == figure.glb({"glide": gliding()}, HERO)


@pytest.mark.usefixtures("loaded")
def test_the_command_writes_a_picture_that_restores_its_body(tmp_path: Path) -> None:
    path = tmp_path / "hero.png"
    options = ["--shape", "height=0.4,age=-0.5", "--top", "sweater,#aa5533,stripes", "--skin", "#8d5a3b"]
    assert main(["body", *options, "--size", "64", "-o", str(path)]) == 0
    restored = read_png(path.read_bytes()).body
    assert restored.shape == {"height": 0.4, "age": -0.5}
    assert restored.top == Wear("sweater", "#aa5533", "stripes")
    assert restored.skin == "#8d5a3b"


@pytest.mark.usefixtures("loaded")
def test_the_command_writes_glb_from_a_recipe(tmp_path: Path) -> None:
    path = tmp_path / "hero.glb"
    assert main(["body", HERO.to_code(), "-o", str(path)]) == 0
    file = pygltflib.GLTF2.load(str(path))
    assert file is not None
    assert [mesh.name for mesh in file.meshes] == ["Skin", "Eyes", "T-shirt", "Skirt", "Sneakers", "Soles"]
    assert not file.animations


@pytest.mark.usefixtures("loaded")
def test_the_bodys_skin_is_the_faces_unless_the_recipe_says(tmp_path: Path) -> None:
    pictures = {}
    for name, options in {"face": [], "same": ["--skin", "#8d5a3b"], "other": ["--skin", "#f0d0c0"]}.items():
        path = tmp_path / f"{name}.png"
        assert main(["body", *options, "--size", "64", "-o", str(path)]) == 0
        pictures[name] = np.asarray(Image.open(path))
    assert np.array_equal(pictures["face"], pictures["same"])
    assert not np.array_equal(pictures["face"], pictures["other"])


def test_a_bodys_size_and_colour_are_seen_as_asked_for(wardrobe: Wardrobe) -> None:
    asked = np.array([0xAA, 0x44, 0x33])
    red = wardrobe.figure(Body(top=Wear("long_sleeves", "#aa4433"))).picture(size=128, yaw=0)
    chest = np.asarray(red)[38:48, 58:70, :3].reshape(-1, 3)
    assert np.abs(np.median(chest, 0) - asked).max() < 24


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--shape", "height"], "--shape takes values such as height=0.5"),
        (["--shape", "tail=1"], "no body slider 'tail'"),
        (["--top", "cape"], "no garment 'cape'"),
        (["--top", "jeans"], "can't be worn as top"),
        (["--shoes", "boots,red"], "colour looks like"),
        (["--size", "5"], "64 to 1024 pixels"),
        (["--motion", "  "], "say what the character should do"),
        (["--motion", "walk", "--seconds", "99"], "from 1 to 10"),
        (["-o", "hero.fbx"], "name a .png or .glb file"),
    ],
)
def test_absurd_requests_get_one_sentence(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["body", "-o", str(tmp_path / "hero.png"), *options]) == 1
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
