"""Under the picture: how far the head can be turned before what one sees is a guess."""

from __future__ import annotations

from html import escape

import gradio as gr

from vchar.errors import VcharError
from vchar.ui.desk import HEAVY, QUIET, Desk, Skip, polite
from vchar.ui.preview import PREVIEW
from vchar.ui.session import Rest, Session


def build(desk: Desk, line: gr.HTML, tabs: gr.HTML) -> None:
    """Find out about whatever stands on the stage while the View tab is open, and tell it of every view at once."""
    rest = gr.State(None)
    desk.follow(line, _sentence)

    def look(session: Session, tab: str) -> Rest | Skip | None:
        if tab != "View" or not desk.awake(session) or session.trust is not None:
            return gr.skip()
        try:
            sitter = desk.studio.sitter(session.face, size=PREVIEW)
            return Rest(session.face, sitter.own, sitter.angles, sitter.trust)
        except VcharError:
            return None

    def note(session: Session, found: Rest | None) -> Session:
        return session.note(found) if found else session

    opened = tabs.open(polite(look), [desk.session, tabs], rest, trigger_mode="multiple", **HEAVY, **QUIET)
    for done in (opened, desk.at_rest(look, [desk.session, tabs], [rest])):
        desk.choose(done.success, note, [rest], live=True)


def _sentence(session: Session) -> str:
    if session.trust is None:
        return ""
    view = session.character.view
    guess = " data-guess" if session.trust.is_guess(view) else ""
    return f"<p class='trust' role='status'{guess}>{escape(session.trust.sentence(view))}</p>"
