"""The page below its header: one picture in the middle, and at its sides the tools of the tab that is open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr
from gradio.events import Dependency

from vchar.character import Character
from vchar.errors import VcharError
from vchar.studio import Studio
from vchar.ui import (
    awakening,
    body_tab,
    components,
    expression_tab,
    face_tab,
    figure,
    filmstrip,
    opening,
    reads_as,
    sharing,
    steps,
    trusting,
    view_tab,
)
from vchar.ui.desk import EDITING, QUIET, Desk, Event, polite, warn
from vchar.ui.preview import Answer, failed, picture
from vchar.ui.session import Session
from vchar.ui.texts import licence_note

TABS = ("Face", "Expression", "View", body_tab.NAME)  # in the order of the work


def build(desk: Desk) -> None:
    with gr.Row(elem_id="workspace"):
        with gr.Column(elem_id="viewer"):
            with gr.Row(elem_id="toolbar"):
                steps.build(desk)
                sharing.build(desk)
            desk.place()
            reading = components.reading_line("reads-as")
            tabs = components.tabs("tabs", TABS)
            with gr.Column(elem_id="from-here", elem_classes="on-view"):
                trust = gr.HTML("", elem_id="trust", apply_default_css=False)
                filmstrip.build(desk, tabs)
            stand = figure.build(desk)
        tabs.render()
        face_tab.build(desk)
        expression_tab.build_tools(desk)
        view_tab.build_tools(desk)
        body_tab.build_tools(desk)
        with gr.Column(elem_classes="rail on-portrait"):
            opening.build(desk)
            expression_tab.build_rail(desk)
            view_tab.build_rail(desk)
        body_tab.build_rail(desk, stand)
        licence = gr.HTML(apply_default_css=False, elem_id="licence")
        desk.follow(licence, lambda session: licence_note(desk.studio.licence(session.character)))
    reads_as.build(desk, reading, tabs)
    trusting.build(desk, trust, tabs)
    _connect_arrival(desk)
    desk.connect()


def _connect_arrival(desk: Desk) -> None:
    """What happens when the page opens: restore the link, then wake the studio."""

    def arrive(session: Session, request: gr.Request) -> dict[Any, Any]:
        if session.history.can_undo:  # the visitor was faster
            return gr.skip()
        session = Session.start(linked_character(desk.studio, request.query_params.get("c")))
        return {desk.session: session, **desk.shown(session)}

    def awaken(session: Session) -> Iterator[Answer]:
        yield from awakening.awaken(desk.studio.generator(session.character))

    def appear(session: Session) -> Answer:
        return picture(desk.studio, session.character) if desk.awake(session) else gr.skip()

    def stand_in(session: Session) -> Session:
        return awakening.stand_in(desk.studio, session)

    def wake(event: Event) -> Dependency:
        woken = event(awaken, desk.session, desk.stage, concurrency_limit=None, **QUIET)
        woken.then(polite(appear), desk.session, desk.stage, **EDITING, **QUIET)
        desk.choose(woken.then, stand_in, live=True)
        return woken

    opened = desk.page.load(arrive, desk.session, [desk.session, *desk.followers], **EDITING, **QUIET)
    woken, again = wake(opened.then), wake(desk.stage.awaken)
    stopped = failed(VcharError(awakening.CANCELLED))
    calmed = desk.stage.calm(lambda: stopped, None, desk.stage, cancels=[woken, again], queue=False, **QUIET)
    desk.choose(calmed.then, stand_in, live=True)


def linked_character(studio: Studio, code: str | None) -> Character:
    """The character of a link; of one that can't be made, the sentence that says so and the default character."""
    try:
        character = Character.from_code(code) if code else Character()
        studio.generator(character)
        return character
    except VcharError as error:
        warn(str(error))
        return Character()
