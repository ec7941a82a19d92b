"""Folders of pictures become faces: each once, whatever else lies there, and nothing is lost when it's stopped."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from vchar.data import face_shards
from vchar.data import gather as gathering
from vchar.data.conditions import NAMES
from vchar.data.face_shards import UNTOLD, FaceShards
from vchar.data.gather import Seen, gather
from vchar.errors import VcharError
from vchar.rig import align

ROW = np.full(len(NAMES), np.nan, np.float32)


def picture(seed: int, size: int = 96) -> Image.Image:
    """Soft noise of its own."""
    noise = np.random.default_rng(seed).integers(0, 255, (8, 8, 3), np.uint8)
    return Image.fromarray(noise).resize((size, size), Image.Resampling.BICUBIC)


def marks(side: float, middle: float) -> NDArray[np.float32]:
    points = np.zeros((70, 2), np.float32)
    points[36:42], points[42:48], points[[48, 54]] = (-0.125, 0), (0.125, 0), (0, 0.2)
    return points * side + middle


def look(image: Image.Image) -> Seen | None:
    """A face in every picture that isn't all of one colour."""
    if len(image.getcolors(2) or [0, 0]) == 1:
        return None
    return Seen(*align.square(marks(image.width * 0.9, image.width / 2)), ROW, UNTOLD)


def run(folder: Path, output: Path) -> dict:
    return json.loads(gather(folder, output, look, size=64, log=lambda _: None).read_text())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Mixed formats, a copy, an empty wall, something broken, something small, something that is no picture."""
    found = tmp_path / "pictures"
    (found / "deeper").mkdir(parents=True)
    picture(1).save(found / "a.png")
    picture(2).save(found / "deeper" / "b.jpg", quality=95)
    picture(3).convert("L").save(found / "c.webp")
    picture(4).convert("RGBA").save(found / "d.tiff")
    picture(5).convert("P").save(found / "e.gif")
    picture(1).resize((80, 80)).save(found / "copy.jpg", quality=60)
    Image.new("RGB", (96, 96), "grey").save(found / "wall.png")
    (found / "broken.png").write_bytes((found / "a.png").read_bytes()[:200])
    picture(6, 24).save(found / "small.png")
    (found / "notes.txt").write_text("no picture")
    return found


def test_every_file_is_accounted_for(folder: Path, tmp_path: Path) -> None:
    report = run(folder, tmp_path / "out")
    assert (report["files"], report["faces"]) == (9, 5)
    assert report["left_out"] == {"broken file": 1, "duplicate": 1, "face too small": 1, "no face": 1}
    assert report["each"]["wall.png"] == "no face"
    faces = FaceShards(tmp_path / "out")
    assert faces.pictures(range(5), 64).shape == (5, 64, 64, 3)
    assert np.isnan(faces.conditions).all()


def test_a_stopped_run_goes_on_and_ends_like_an_uninterrupted_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "PER_SHARD", 2)
    whole = run(folder, tmp_path / "whole")
    seen = []

    def stopped(image: Image.Image) -> Seen | None:
        seen.append(image)
        if len(seen) == 5:
            raise KeyboardInterrupt
        return look(image)

    with pytest.raises(KeyboardInterrupt):
        gather(folder, tmp_path / "out", stopped, size=64, log=lambda _: None)
    assert run(folder, tmp_path / "out") == whole
    one, other = FaceShards(tmp_path / "whole"), FaceShards(tmp_path / "out")
    np.testing.assert_array_equal(one.pictures(range(5), 64), other.pictures(range(5), 64))


def test_new_pictures_are_added_by_the_same_command(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "out")
    picture(9).save(folder / "new.png")
    picture(1).save(folder / "again.png")
    report = run(folder, tmp_path / "out")
    assert (report["files"], report["faces"], report["left_out"]["duplicate"]) == (11, 6, 2)


@pytest.mark.parametrize(("content", "told"), [(None, "is no folder"), ("text", "no pictures"), ("wall", "1 no face")])
def test_a_folder_without_faces_is_a_sentence(content: str | None, told: str, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    if content:
        folder.mkdir()
        (folder / "notes.txt").write_text("nothing")
    if content == "wall":
        Image.new("RGB", (96, 96)).save(folder / "wall.png")
    with pytest.raises(VcharError, match=told):
        run(folder, tmp_path / "out")


def test_one_picture_is_enough_to_gather(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    picture(1).save(tmp_path / "pictures" / "only.png")
    assert run(tmp_path / "pictures", tmp_path / "out")["faces"] == 1


def test_a_full_disk_is_a_sentence_and_leaves_no_half_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(face_shards, "save_file", full)
    with pytest.raises(VcharError, match=r"No space left on device.*run the same command again"):
        run(folder, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


def test_a_disk_that_is_full_at_the_report_is_a_sentence_and_the_faces_stay(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: object, **__: object) -> int:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(VcharError, match=r"report.json.*No space left on device.*run the same command again"):
        run(folder, tmp_path / "out")
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".safetensors"]
