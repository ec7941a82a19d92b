"""Pairs for the refiner."""

from pathlib import Path

import pytest

from vchar.data.pairs import load
from vchar.data.shards import Archives
from vchar.errors import VcharError
from vchar.training import pairs


def test_there_is_nothing_to_ship(tmp_path: Path) -> None:
    with pytest.raises(VcharError, match="leave --ship out"):
        pairs.train(people=1, output=tmp_path, ship=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_generated_people_are_paired_and_a_stopped_run_goes_on(tmp_path: Path) -> None:
    pairs.train(people=4, output=tmp_path, log=lambda _line: None)
    found = sorted(tmp_path.glob("pair-*.npz"))
    assert found
    pair = load(found[0])
    assert pair.target.shape == (512, 512, 3)
    assert (pair.source != pair.target).mean() > 0.3
    assert pair.weight.mean() > 0.3
    said = []
    pairs.train(people=4, output=tmp_path, log=said.append)
    assert said == [f"0 new pairs in {tmp_path}"]


@pytest.mark.slow
def test_a_picture_is_spoilt_twice_and_restored(tmp_path: Path) -> None:
    pairs.train(people=0, restored=1, output=tmp_path, log=lambda _line: None)
    first, second = (load(path) for path in sorted(tmp_path.glob("pair-*.npz")))
    assert (first.target == second.target).all()
    assert (first.source != second.source).mean() > 0.02


def test_what_is_no_zip_of_pictures_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "portraits.zip"
    wrong.write_text("no zip")
    with pytest.raises(VcharError, match="can't be read as a zip of pictures"):
        pairs.draw("restored", [1], tmp_path, Archives(portraits=wrong))
    assert not list(tmp_path.glob("pair-*"))
