from vchar.bench.row import Row, median_ms, p95_ms, table, take_turns


def test_table_is_markdown_with_a_verdict_only_where_there_is_a_goal() -> None:
    rows = [
        Row("a", "1 ms", goal="2 ms", met=True),
        Row("b", "3 ms", goal="2 ms", met=False),
        Row("c", "3 ms", beside="4 ms"),
    ]
    lines = table(rows).splitlines()
    assert lines[1] == "| --- | --- | --- | --- | --- |"
    assert lines[2:] == [
        "| a | 1 ms | — | 2 ms | met |",
        "| b | 3 ms | — | 2 ms | **missed** |",
        "| c | 3 ms | 4 ms | — | — |",
    ]


def test_contenders_take_turns_of_two_runs_and_only_the_second_counts() -> None:
    runs: list[str] = []
    seconds = take_turns({"a": lambda: runs.append("a"), "b": lambda: runs.append("b")}, rounds=3)
    assert "".join(runs) == "aabb" * 4  # one round warms up
    assert [len(times) for times in seconds.values()] == [3, 3]


def test_median_and_p95_are_in_milliseconds() -> None:
    seconds = [i / 1000 for i in range(1, 101)]
    assert median_ms(seconds) == 50.5
    assert p95_ms(seconds) == 95
    assert p95_ms([0.007]) == 7
