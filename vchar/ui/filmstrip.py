"""Under the picture: the head from seven sides, to click on."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vchar.character import View
from vchar.studio import Studio
from vchar.turning import YAWS, name_of
from vchar.ui.components import thumbnails
from vchar.ui.desk import HEAVY, QUIET, Desk, Skip, polite
from vchar.ui.preview import PREVIEW, data_uri
from vchar.ui.session import Session

SIDE = 128  # px of a view
TO_COME = [{"src": "", "alt": name_of(yaw), "label": ""} for yaw in YAWS]

Source = tuple[Any, ...]  # what the strip on screen was made from


def build(desk: Desk, tabs: gr.HTML) -> None:
    source = gr.State(())
    strip = thumbnails("view-strip", "The head from seven sides: click one to look from there", TO_COME)

    def show(session: Session, shown: Source, tab: str) -> tuple[Source, list[dict[str, str]]] | Skip:
        asked = _source(session)
        if tab != "View" or asked == shown or not desk.awake(session):
            return gr.skip()
        return asked, _views(desk.studio, session)

    def pick(session: Session, event: gr.EventData) -> Session:
        return session.turn(View(YAWS[event.index], _pitch(session)))

    inputs, outputs = [desk.session, source, tabs], [source, strip]
    tabs.open(polite(show), inputs, outputs, trigger_mode="multiple", **HEAVY, **QUIET)
    desk.at_rest(show, inputs, outputs)
    desk.choose(strip.pick, pick)


def _source(session: Session) -> Source:
    return session.face, session.character.expression, _pitch(session), session.photo and session.photo.key


def _pitch(session: Session) -> float:
    return session.character.view.pitch if session.character.view else 0.0


def _views(studio: Studio, session: Session) -> list[dict[str, str]]:
    sitter = session.photo.preview if session.photo else studio.sitter(session.face, size=PREVIEW)
    views = sitter.turnaround(session.character.expression, _pitch(session))
    return [{"src": data_uri(view.resize((SIDE, SIDE))), "alt": name, "label": ""} for name, view in views]
