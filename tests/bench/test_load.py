import httpx
import pytest

from vchar.bench import load
from vchar.bench.app import Served
from vchar.bench.load import Tally, crowd, row, stroke
from vchar.bench.null_studio import null_studio
from vchar.bench.visitor import Visitor


def test_crowd_sees_what_this_process_expects(bare_app: Served) -> None:
    strokes = [stroke(null_studio(), visitor) for visitor in range(4)]
    tally = crowd(bare_app.url, strokes, seconds=0.5)
    assert len(tally.seconds) >= 4
    assert (tally.errors, tally.mixed_up) == ([], 0)
    assert tally.lasted >= 0.5


def test_pictures_of_another_visitor_are_counted_as_mixed_up(bare_app: Served) -> None:
    mine, others = stroke(null_studio(), 1), stroke(null_studio(), 2)
    crossed = [(values, expected) for (values, _), (_, expected) in zip(mine, others, strict=True)]
    tally = crowd(bare_app.url, [crossed], seconds=0.3)
    assert tally.mixed_up == len(tally.seconds) > 0


def test_visitors_move_differently() -> None:
    studio = null_studio()
    pictures = [expected for visitor in range(3) for _, expected in stroke(studio, visitor)]
    assert len(set(pictures)) == 3 * load.STEPS


def test_failures_are_counted_and_the_visitor_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([{"kind": "failed"}, httpx.ReadTimeout("slow"), {"src": "a"}])
    clock = iter(range(100))

    def slide(_self: Visitor, _values: object) -> dict[str, str]:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(Visitor, "slide", slide)
    monkeypatch.setattr(load.time, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(load.time, "sleep", lambda _: None)
    tally = load._move(Visitor(httpx.Client(), {}), [({}, "a")], until=4)
    assert (len(tally.errors), len(tally.seconds), tally.mixed_up) == (2, 1, 0)


@pytest.mark.parametrize(
    ("tally", "met"),
    [
        (Tally([0.1, 0.2], lasted=1), True),
        (Tally([0.1, 0.2], mixed_up=1, lasted=1), False),
        (Tally([0.1, 0.2], errors=["x"], lasted=1), False),
        (Tally(lasted=1), False),
    ],
)
def test_goal_is_no_error_and_no_picture_of_another(tally: Tally, met: bool) -> None:
    assert row(tally, Tally([0.1], lasted=1)).met is met
