from vchar.bench.startup import row


def test_the_median_start_decides() -> None:
    assert row([14, 15, 40], [3, 4, 5]).met
    assert not row([1, 15.1, 40], [3, 4, 5]).met
    assert row([14, 15, 40], [3, 4, 5]).ours == "15.0 s"
