"""Training's speed, as the benchmark tells it."""

from vchar.bench.training import PUBLIC, rows


def test_ours_is_told_beside_the_public_one_and_judged() -> None:
    (row,) = rows({"vchar": 30.0, PUBLIC: 10.0}, {"vchar": 2.4, PUBLIC: 2.6})
    assert (row.ours, row.met) == ("30.0 a second", True)
    assert "10.0 a second (stylegan2-pytorch, 2.6 M" in row.beside
    assert rows({"vchar": 14.0, PUBLIC: 10.0}, {"vchar": 2.4, PUBLIC: 2.6})[0].met is False


def test_without_the_public_one_nothing_is_claimed() -> None:
    (row,) = rows({"vchar": 30.0}, {"vchar": 2.4})
    assert row.met is None
    assert "pip install" in row.beside
