"""Where the head looks: by dragging the picture, by button, and by slider."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vchar.character import VIEW_LIMITS, View
from vchar.turning import within_reach
from vchar.ui import components
from vchar.ui.components import Dial
from vchar.ui.desk import Desk
from vchar.ui.session import Session

HINT = "<p class='hint'>Drag the picture to turn the head; or click it and use the arrow keys.</p>"
WAYS = {"yaw": ("Turn", "left", "right"), "pitch": ("Nod", "down", "up"), "roll": ("Tilt", "left", "right")}


def build(desk: Desk) -> None:
    with gr.Column(elem_id="view", elem_classes="card"):
        pad = components.turner("turner", VIEW_LIMITS)
        gr.HTML(HINT, apply_default_css=False)
        panel = components.sliders("angles", [_dial(name) for name in WAYS])
    desk.follow(pad, _looks)
    desk.choose(pad.turn, _turn, [pad], live=True)
    desk.follow(panel, _view)
    desk.choose(panel.slide, _slide, [panel], live=True)


def _dial(name: str) -> Dial:
    label, low, high = WAYS[name]
    limit = VIEW_LIMITS[name]
    return Dial(name, f"{label} ({name})", low, high, -limit, limit, tooltip=f"{name.capitalize()}, in degrees")


def _looks(session: Session) -> dict[str, Any]:
    view = session.character.view
    return {"view": vars(view) if view else None, "own": vars(within_reach(*session.angles))}


def _turn(session: Session, pad: dict[str, Any]) -> Session:
    return session.turn(View(**pad["view"]) if pad["view"] else None)


def _view(session: Session) -> dict[str, Any]:
    view = session.character.view
    return {"values": _whole(view) if view else {}, "locked": [], "rest": _whole(within_reach(*session.angles))}


def _slide(session: Session, panel: dict[str, Any]) -> Session:
    """An angle that is left where the picture has it keeps its decimals; with all three there, nothing is asked for."""
    own = within_reach(*session.angles)
    asked = _whole(own) | panel["values"]
    if asked == _whole(own):
        return session.turn(None)
    return session.turn(View(**{n: getattr(own, n) if asked[n] == _whole(own)[n] else asked[n] for n in asked}))


def _whole(view: View) -> dict[str, int]:
    return {name: round(angle) for name, angle in vars(view).items()}
