"""`vchar motion`: a BVH and its credits, and what it was taken for."""

from pathlib import Path

import pytest

from tests.tiny_mover import tiny_mover
from vchar.cli import main
from vchar.dressing import Wardrobe
from vchar.export.recipes import read_glb
from vchar.moving import Mover
from vchar.rig.bvh import from_bvh
from vchar.studio import Studio


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    mover = tiny_mover()
    monkeypatch.setattr(Mover, "load", classmethod(lambda _cls, _progress: mover))


@pytest.fixture(autouse=True)
def loaded(wardrobe: Wardrobe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Wardrobe, "load", lambda: wardrobe)


@pytest.fixture
def dressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The skin's tone is known, so that no face is needed."""
    monkeypatch.setattr(Studio, "_read_tone", lambda _self, _face: "#8d5a3b")


def test_words_become_a_bvh_with_its_credits_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wave.bvh"
    assert main(["motion", "a person waves", "--seconds", "2", "-o", str(path)]) == 0
    assert from_bvh(path.read_text()).seconds == pytest.approx(2)
    assert "Took it as: wave." in capsys.readouterr().err
    rights = (tmp_path / "wave.bvh.txt").read_text()
    assert "trainedAlgorithmicMedia" in rights
    assert "mocap.cs.cmu.edu" in rights


@pytest.mark.usefixtures("dressed")
@pytest.mark.parametrize("kind", ["mp4", "png"])
def test_words_become_a_file_of_any_kind_with_credits_inside(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"wave.{kind}"
    assert main(["motion", "a person waves", "--seconds", "1", "--fps", "5", "--size", "64", "-o", str(path)]) == 0
    assert b"mocap.cs.cmu.edu" in path.read_bytes()
    assert b"trainedAlgorithmicMedia" in path.read_bytes()
    assert [file.name for file in tmp_path.iterdir() if file != path] == (["wave.json"] if kind == "png" else [])


@pytest.mark.usefixtures("dressed")
def test_the_body_command_moves_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hero.glb"
    asked = ["--motion", "a person kicks", "--seconds", "1", "--top", "sweater", "-o", str(path)]
    assert main(["body", *asked]) == 0
    assert "Took it as: kick." in capsys.readouterr().err
    made = read_glb(path.read_bytes())
    assert (made.motion.prompt, made.body.top.kind) == ("a person kicks", "sweater")


def test_several_prompts_and_a_loop(tmp_path: Path) -> None:
    path = tmp_path / "both.bvh"
    assert main(["motion", "walk", "kick", "--seconds", "1", "--loop", "--in-place", "-o", str(path)]) == 0
    assert len(from_bvh(path.read_text())) == 60


def test_known_actions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["motion", "--actions"]) == 0
    assert {"kick", "walk", "wave"} < set(capsys.readouterr().out.splitlines())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["walk"], "such as -o wave.bvh"),
        (["walk", "-o", "walk.fbx"], "name a .glb, .bvh, .mp4"),
        (["walk", "-o", "no/walk.bvh"], "folder that exists"),
        (["-o", "walk.bvh"], "say what the character should do"),
        (["walk", "--seconds", "1000", "-o", "walk.bvh"], "from 1 to 10"),
        (["walk " * 100, "-o", "walk.bvh"], "prompt is too long"),
        (["walk", "--speed", "9", "-o", "walk.bvh"], "from 0.25 to 4"),
        (["walk", "--fps", "1", "-o", "walk.gif"], "from 5 to 60"),
    ],
)
def test_bad_wishes_end_in_one_sentence(
    arguments: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(["motion", *arguments]) == 1
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
