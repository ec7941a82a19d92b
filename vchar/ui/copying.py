"""Copy what the face in another picture does."""

from __future__ import annotations

import gradio as gr

from vchar.character import Expression
from vchar.ui.desk import HEAVY, QUIET, Desk, polite
from vchar.ui.opening import consented_upload
from vchar.ui.photo import take_picture
from vchar.ui.session import Session

NOTICEABLE = 0.03  # weights below this are noise of the reading
CONSENT = "I may use that picture too; it is read once and not kept"


def build(desk: Desk) -> None:
    read = gr.State(None)
    with gr.Column(elem_id="copying", elem_classes="card"):
        opened = consented_upload("Copy an expression", "From picture", CONSENT, ("copy-from", "copy-consent"))

    def read_expression(path: str) -> Expression:
        picture, name = take_picture(path)
        weights = desk.studio.read(picture, name=name).arkit
        return Expression(neutralise=True, arkit={n: w for n, w in weights.items() if w >= NOTICEABLE})

    def adopt(session: Session, expression: Expression | None) -> Session:
        return session.express(expression, "copy") if expression else session

    found = opened.upload(polite(read_expression), opened, read, **HEAVY, **QUIET)
    desk.choose(found.success, adopt, [read])
