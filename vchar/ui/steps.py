"""Above the picture, left: undo, redo, revert and compare."""

from __future__ import annotations

import gradio as gr

from vchar.ui.desk import HEAVY, QUIET, Desk, polite
from vchar.ui.preview import FULL, Answer, picture
from vchar.ui.session import Session


def build(desk: Desk) -> None:
    with gr.Row(elem_id="steps", elem_classes="tool-row"):
        undo, redo, revert, compare = (_button(label) for label in ("Undo", "Redo", "Revert", "Compare"))
    desk.follow(undo, lambda session: gr.update(interactive=session.history.can_undo))
    desk.follow(redo, lambda session: gr.update(interactive=session.history.can_redo))
    for button in (revert, compare):
        desk.follow(button, lambda session: gr.update(interactive=session.changed))
    desk.choose(undo.click, Session.undo)
    desk.choose(redo.click, Session.redo)
    desk.choose(revert.click, Session.revert)

    def before(session: Session) -> Answer:
        return picture(desk.studio, session.kept_character, FULL, session.photo) | {"kind": "compare"}

    compare.click(polite(before), desk.session, desk.stage, **HEAVY, **QUIET)


def _button(label: str) -> gr.Button:
    name = label.lower()
    return gr.Button(label, elem_id=name, elem_classes=f"icon-{name}", size="sm", min_width=0, interactive=False)
