"""Under the picture: what the recogniser reads in it, and whether that is what was asked for."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vchar.character import Expression
from vchar.errors import VcharError
from vchar.export.sheet import label
from vchar.models.expression import EMOTIONS
from vchar.ui.desk import HEAVY, QUIET, Desk, Skip, polite
from vchar.ui.preview import PREVIEW
from vchar.ui.session import Rest, Session

SHOWN = 3  # emotions in the line
LEAST = 0.05  # probability below which an emotion is not worth a word
CLEAR, FULL_STRENGTH = 0.4, 0.9  # strength from which an emotion should be read back, and from which more is no use
READS_LIKE = {name: name for name in EMOTIONS} | {
    "laughing": "happy", "excited": "happy", "crying": "sad", "shouting": "angry", "worried": "afraid",
}  # fmt: skip


def build(desk: Desk, line: gr.HTML, tabs: gr.HTML) -> None:
    """Read whatever stands on the stage for as long as the Expression tab is open."""
    rest = gr.State(None)

    def look(session: Session, tab: str) -> tuple[Rest | None, dict[str, Any] | None] | Skip:
        if tab != "Expression" or not desk.awake(session):
            return gr.skip()
        return _rest(desk, session), _emotions(desk, session)

    def note(session: Session, found: Rest | None) -> Session:
        return session.note(found) if found else session

    inputs, outputs = [desk.session, tabs], [rest, line]
    opened = tabs.open(polite(look), inputs, outputs, trigger_mode="multiple", **HEAVY, **QUIET)
    for done in (opened, desk.at_rest(look, inputs, outputs)):
        desk.choose(done.success, note, [rest], live=True)


def _rest(desk: Desk, session: Session) -> Rest | None:
    """What the generated face does by itself, where that is not known yet."""
    if session.own is not None:
        return None
    try:
        sitter = desk.studio.sitter(session.face, size=PREVIEW)
        return Rest(session.face, sitter.own, sitter.angles)
    except VcharError:
        return Rest(session.face, {})


def _emotions(desk: Desk, session: Session) -> dict[str, Any] | None:
    photo, expression = session.photo, session.character.expression
    try:
        if photo:
            shares = desk.studio.emotions(photo.full.express(expression), photo.chosen)
        else:
            shares = desk.studio.emotions(desk.studio.express(session.face, expression, size=PREVIEW))
    except VcharError:
        return None
    return line_of(shares, expression) | {"code": session.character.to_code()}


def line_of(shares: dict[str, float], expression: Expression) -> dict[str, Any]:
    """What the line shows of probabilities by emotion, likeliest first, for a face that was asked for `expression`."""
    likely = [name for name, share in shares.items() if share >= LEAST][:SHOWN]
    emotions = [{"label": label(name), "percent": round(100 * shares[name])} for name in likely]
    return {"emotions": emotions, "note": _disagreement(likely[0], expression)}


def _disagreement(read: str, expression: Expression) -> str:
    strengths = expression.emotions
    asked = max(strengths, key=lambda name: strengths[name], default="")
    meant = READS_LIKE.get(asked)
    if not meant or meant == read or strengths[asked] < CLEAR:
        return ""
    more = "; more strength may help" if strengths[asked] < FULL_STRENGTH else ""
    return f"You asked for {label(asked).lower()}{more}."
