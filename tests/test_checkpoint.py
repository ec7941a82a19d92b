"""Checkpoints come back as they were saved, and nothing half-written ever stands in their place."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError

from vchar import checkpoint
from vchar.errors import VcharError


@dataclass(frozen=True)
class TinyConfig:
    width: int


def test_saved_checkpoint_comes_back(tmp_path: Path) -> None:
    weights = {"a.weight": torch.arange(6.0).reshape(2, 3).T, "b": torch.ones(1, dtype=torch.bfloat16)}
    checkpoint.save(tmp_path / "tiny", TinyConfig(3), weights)
    assert checkpoint.load_config(tmp_path / "tiny", TinyConfig) == TinyConfig(3)
    loaded = checkpoint.load_tensors(tmp_path / "tiny")
    assert loaded.keys() == weights.keys()
    assert all(torch.equal(loaded[name], weights[name]) for name in weights)
    assert {p.name for p in (tmp_path / "tiny").iterdir()} == {"config.json", "model.safetensors"}


def test_missing_damaged_and_foreign_checkpoints_are_refused(tmp_path: Path) -> None:
    with pytest.raises(VcharError, match="can't be read"):
        checkpoint.load_config(tmp_path, TinyConfig)
    with pytest.raises(VcharError, match="can't be read"):
        checkpoint.load_tensors(tmp_path)
    (tmp_path / "config.json").write_text('{"width": 3, "depth": 1}')
    (tmp_path / "model.safetensors").write_bytes(b"\x80\x04pickle")
    with pytest.raises(VcharError, match="depth"):
        checkpoint.load_config(tmp_path, TinyConfig)
    with pytest.raises(VcharError, match="can't be read"):
        checkpoint.load_tensors(tmp_path)


def test_a_network_takes_all_but_what_is_asked_for_apart_and_none_of_another_network(tmp_path: Path) -> None:
    net, phrases = torch.nn.Linear(2, 3), torch.ones(4)
    checkpoint.save(tmp_path / "tiny", TinyConfig(3), net.state_dict() | {"phrases": phrases})
    other = torch.nn.Linear(2, 3)
    (kept,) = checkpoint.fill(other, tmp_path / "tiny", apart=("phrases",))
    assert torch.equal(kept, phrases)
    assert torch.equal(other.weight, net.weight)
    for wrong, apart in ((torch.nn.Linear(5, 3), ("phrases",)), (other, ()), (other, ("phrases", "words"))):
        with pytest.raises(VcharError, match=r"tiny can't be read \(it is of another network\); name one"):
            checkpoint.fill(wrong, tmp_path / "tiny", apart)


def test_interrupted_staging_leaves_nothing_and_keeps_the_old(tmp_path: Path) -> None:
    target = tmp_path / "cache" / "model"
    with checkpoint.staging(target) as stage:
        (stage / "file").write_text("old")

    def break_off() -> None:
        with checkpoint.staging(target) as stage:
            (stage / "file").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert (target / "file").read_text() == "old"
    assert [p.name for p in target.parent.iterdir()] == ["model"]


def test_unwritable_cache_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")  # refuses even the root user
    with pytest.raises(VcharError, match="set VCHAR_HOME"), checkpoint.staging(tmp_path / "cache" / "model"):
        pass


def test_vchar_home_moves_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VCHAR_HOME", str(tmp_path / "here"))
    assert checkpoint.cache_dir() == tmp_path / "here"
    monkeypatch.delenv("VCHAR_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert checkpoint.cache_dir() == tmp_path / "xdg" / "vchar"


def test_a_full_disk_is_a_sentence_and_keeps_the_old_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object, path: Path) -> None:
        path.touch()
        raise SafetensorError("I/O error: No space left on device")

    checkpoint.save(tmp_path, TinyConfig(3), {"w": torch.ones(2)})
    monkeypatch.setattr(checkpoint, "save_file", full)
    with pytest.raises(VcharError, match=r"model.safetensors.*No space left on device.*make room"):
        checkpoint.save(tmp_path, TinyConfig(3), {"w": torch.zeros(2)})
    assert checkpoint.load_tensors(tmp_path)["w"].tolist() == [1, 1]
    assert {p.name for p in tmp_path.iterdir()} == {"config.json", "model.safetensors"}
