"""Motion packs, read from a tiny one of our own."""

from pathlib import Path

import numpy as np
import pytest

from tests.data.motion_pack import write_pack
from vchar.data import motions
from vchar.errors import VcharError


def test_a_pack_is_read_clip_by_clip(tmp_path: Path) -> None:
    walk, still = motions.load(write_pack(tmp_path, flags=("", "static=1;child=1")))
    assert (walk.name, len(walk.clip), walk.clip.fps) == ("clip_0", 31, 30)
    assert walk.clip.root_positions[-1, 2] == pytest.approx(1.0)
    assert still.flags == {"static", "child"}
    assert walk.keys["left_ankle"] == walk.clip.skeleton.index("LFoot")
    assert walk.action_words == ("walk", "turn")


def test_glitches_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    path = write_pack(tmp_path, flags=("glitch=1", ""))
    assert [motion.name for motion in motions.load(path)] == ["clip_1"]
    assert len(motions.load(path, with_glitches=True)) == 2


def test_a_missing_spine_bone_is_mended(tmp_path: Path) -> None:
    plain, mended = motions.load(write_pack(tmp_path, flags=("", "torso_caveat=1")))
    heights = [motion.clip.skeleton.rest_positions()[motion.keys["head"], 1] for motion in (plain, mended)]
    assert heights[1] - heights[0] == pytest.approx(0.2, abs=1e-6)


def test_anything_else_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(VcharError, match=r"with its \.csv beside it"):
        motions.load(tmp_path / "missing.npz")
    (tmp_path / "empty.npz").write_bytes(b"")
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04 and no more")
    for name in ("empty.npz", "broken.npz"):
        with pytest.raises(VcharError, match="can't be read as motion clips"):
            motions.load(tmp_path / name)
    np.savez(tmp_path / "other.npz", images=np.zeros(3))
    (tmp_path / "other.csv").write_text("clip_id\n")
    with pytest.raises(VcharError, match="can't be read as motion clips"):
        motions.load(tmp_path / "other.npz")
    write_pack(tmp_path).with_suffix(".csv").write_text("clip_id\nsomething\n")
    with pytest.raises(VcharError, match="clip_0"):
        motions.load(tmp_path / "pack.npz")
