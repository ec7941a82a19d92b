"""A visitor without a browser: a session of the app, driven through the very events that its page sends."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from vchar.character import Character
from vchar.errors import VcharError


@dataclass(frozen=True)
class Wire:
    """One event of the page: its number, who sends it, how many inputs it has, which output is the stage."""

    event: int
    sender: int
    inputs: int
    stage: int


def wake(client: httpx.Client) -> None:
    """Have the app load its model, as it does when the first page opens; returns once it makes pictures."""
    call = "/gradio_api/call/portrait"
    asked = client.post(call, json={"data": [Character().to_code(), 256]}).raise_for_status().json()
    answer = client.get(f"{call}/{asked['event_id']}")
    if "event: complete" not in answer.text:
        raise VcharError(f"the app made no picture: {answer.text[:120]}")


def wires(client: httpx.Client) -> dict[str, Wire]:
    """The page's events that make pictures: `slide` and `refine`."""
    config = client.get("/config").raise_for_status().json()
    ids = {part["props"].get("elem_id"): part["id"] for part in config["components"]}

    def wire(sender: int, name: str) -> Wire:
        events = (each for each in config["dependencies"] if [sender, name] in each["targets"])
        found = next(each for each in events if ids["stage"] in each["outputs"])
        return Wire(found["id"], sender, len(found["inputs"]), found["outputs"].index(ids["stage"]))

    return {"slide": wire(ids["features"], "slide"), "refine": wire(ids["stage"], "refine")}


@dataclass
class Visitor:
    """One session; answers are those that the page's stage shows."""

    client: httpx.Client
    wires: Mapping[str, Wire]
    session: str = field(default_factory=lambda: secrets.token_hex(6))

    def slide(self, values: Mapping[str, int]) -> dict[str, Any]:
        """Move the sliders to `values` (-100..100); the preview that follows."""
        return self._send(self.wires["slide"], {"values": dict(values), "locked": []})

    def refine(self) -> dict[str, Any]:
        """Let go; the full-size picture that follows."""
        return self._send(self.wires["refine"])

    def _send(self, wire: Wire, *inputs: object) -> dict[str, Any]:
        """The session itself is an input too, the first one, but stays on the server."""
        assert len(inputs) == wire.inputs - 1
        event = {"fn_index": wire.event, "trigger_id": wire.sender, "session_hash": self.session, "event_data": None}
        joined = self.client.post("/gradio_api/queue/join", json={"data": [None, *inputs], **event})
        if joined.is_error:
            raise VcharError(f"the queue refused an event ({joined.status_code}): {joined.text[:80]}")
        return self._answer(wire)

    def _answer(self, wire: Wire) -> dict[str, Any]:
        query = {"session_hash": self.session}
        with self.client.stream("GET", "/gradio_api/queue/data", params=query) as stream:
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if message.get("msg") == "process_completed":
                    if not message["success"]:
                        raise VcharError(f"an event failed: {message['output']}"[:120])
                    return message["output"]["data"][wire.stage]
        raise VcharError("the server hung up before it answered")
