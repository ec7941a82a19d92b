"""`vchar motion`: a BVH and its credits, and what it was taken for."""

from pathlib import Path

import pytest

from tests.tiny_mover import tiny_mover
from vchar.cli import main
from vchar.moving import Mover
from vchar.rig.bvh import from_bvh


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mover, "load", classmethod(lambda _cls, _progress: tiny_mover()))


def test_words_become_a_bvh_with_its_credits_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wave.bvh"
    assert main(["motion", "a person waves", "--seconds", "2", "-o", str(path)]) == 0
    assert from_bvh(path.read_text()).seconds == pytest.approx(2)
    assert "Took it as: wave." in capsys.readouterr().err
    rights = (tmp_path / "wave.bvh.txt").read_text()
    assert "trainedAlgorithmicMedia" in rights
    assert "mocap.cs.cmu.edu" in rights


def test_several_prompts_and_a_loop(tmp_path: Path) -> None:
    path = tmp_path / "both.bvh"
    assert main(["motion", "walk", "kick", "--seconds", "1", "--loop", "--in-place", "-o", str(path)]) == 0
    assert len(from_bvh(path.read_text())) == 60


def test_known_actions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["motion", "--actions"]) == 0
    assert capsys.readouterr().out.split() == ["kick", "walk", "wave"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["walk"], "such as -o wave.bvh"),
        (["walk", "-o", "walk.fbx"], "such as -o wave.bvh"),
        (["-o", "walk.bvh"], "say what the character should do"),
        (["walk", "--seconds", "1000", "-o", "walk.bvh"], "1 to 10 seconds"),
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
