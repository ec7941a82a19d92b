import json

import httpx
import pytest

from vchar.bench.app import Served
from vchar.bench.visitor import Visitor, Wire, wake, wires
from vchar.character import Character
from vchar.errors import VcharError

WIRES = {"slide": Wire(event=3, sender=4, inputs=2, stage=0)}


def test_visitors_of_the_real_page_see_their_own_characters(bare_app: Served) -> None:
    with httpx.Client(base_url=bare_app.url, timeout=30) as client:
        wake(client)
        known = wires(client)
        young, old = Visitor(client, known), Visitor(client, known)
        previews = [young.slide({"age": -50}), old.slide({"age": 70}), young.slide({"age": -80})]
        ages = [Character.from_code(preview["code"]).sliders["age"] for preview in previews]
        assert ages == [-0.5, 0.7, -0.8]
        full = old.refine()
    assert (full["size"], full["code"]) == (1024, previews[1]["code"])


def app(join: httpx.Response, stream: str = "") -> httpx.Client:
    """A server that answers every event so."""

    def answer(request: httpx.Request) -> httpx.Response:
        return join if request.method == "POST" else httpx.Response(200, text=stream)

    return httpx.Client(base_url="http://app", transport=httpx.MockTransport(answer))


def completed(success: bool, **output: object) -> str:
    """The stream of an event that waited and then ended so."""
    messages = [{"msg": "estimation"}, {"msg": "process_completed", "success": success, "output": output}]
    return "".join(f"data: {json.dumps(message)}\n\n" for message in messages)


def test_answer_is_what_the_stage_shows() -> None:
    client = app(httpx.Response(200), completed(True, data=[{"src": "x"}]))
    assert Visitor(client, WIRES).slide({}) == {"src": "x"}


@pytest.mark.parametrize(
    ("join", "stream", "sentence"),
    [
        (httpx.Response(503, text="the queue is full"), "", "refused an event .503.: the queue is full"),
        (httpx.Response(200), completed(False, error="x"), "an event failed"),
        (httpx.Response(200), "", "hung up"),
    ],
)
def test_every_failure_of_an_event_is_a_sentence(join: httpx.Response, stream: str, sentence: str) -> None:
    with pytest.raises(VcharError, match=sentence):
        Visitor(app(join, stream), WIRES).slide({"age": 1})


def test_an_app_that_makes_no_picture_is_a_sentence() -> None:
    client = app(httpx.Response(200, json={"event_id": "1"}), "event: error\ndata: offline")
    with pytest.raises(VcharError, match="made no picture: event: error"):
        wake(client)
