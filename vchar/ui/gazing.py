"""Where the eyes look."""

from __future__ import annotations

from dataclasses import replace

import gradio as gr

from vchar.ui import components
from vchar.ui.desk import Desk
from vchar.ui.session import Session

Point = dict[str, int]  # x, y: -100..100


def build(desk: Desk) -> None:
    with gr.Column(elem_id="gaze", elem_classes="card"):
        gr.HTML("<h2>Gaze</h2>", apply_default_css=False)
        pad = components.gaze_pad("gaze-pad")
    desk.follow(pad, _view)
    desk.choose(pad.look, _look, [pad], live=True)


def _view(session: Session) -> Point | None:
    gaze = session.character.expression.gaze
    return {"x": round(100 * gaze[0]), "y": round(100 * gaze[1])} if gaze else None


def _look(session: Session, point: Point | None) -> Session:
    gaze = (point["x"] / 100, point["y"] / 100) if point else None
    return session.express(replace(session.character.expression, gaze=gaze), "gaze")
