"""Expression sheets of the face on the stage: a page of emotions, or each as a file of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import gradio as gr
from PIL import Image

from vchar.errors import VcharError
from vchar.export.files import zip_bytes
from vchar.export.sheet import sheet
from vchar.expressing import full_strength
from vchar.rig.blendshapes import PRESETS
from vchar.studio import READ_SIZE, Studio, Subject
from vchar.ui import components, grounds
from vchar.ui.desk import HEAVY, QUIET, Desk, warn
from vchar.ui.jobs import Job
from vchar.ui.preview import FULL
from vchar.ui.session import Session
from vchar.ui.sharing import download, marked, who

Pictures = Mapping[str, Image.Image]  # by emotion
Pack = Callable[[Studio, Session, Pictures, str, str], dict[str, Any]]  # the last two: the ground; what to download


def build(desk: Desk) -> None:
    with gr.Column(elem_id="sheets", elem_classes="card"):
        gr.HTML("<h2>Expression sheet</h2>", apply_default_css=False)
        behind = grounds.build("sheet")
        with gr.Row(elem_classes="button-row"):
            nine, sixteen = _button("3 by 3", "sheet-nine"), _button("4 by 4", "sheet-sixteen")
            every = _button(f"ZIP of {len(PRESETS)}", "sheet-every")
        job = Job.build("sheet")
    file = components.download()

    def maker(count: int, size: int, pack: Pack) -> Callable[[Session, str, str], Iterator[dict[Any, Any]]]:
        def make(session: Session, chosen: str, colour: str) -> Iterator[dict[Any, Any]]:
            pictures: dict[str, Image.Image] = {}
            yield job.begin(count)
            try:
                ground, names = grounds.asked(chosen, colour), [*PRESETS][:count]
                for name, picture in desk.studio.expressions(_subject(session, size), names, size=size, **ground):
                    pictures[name] = picture
                    yield job.step(len(pictures), count)
                yield {file: pack(desk.studio, session, pictures, ground["ground"], ground["colour"])}
            except VcharError as error:
                warn(str(error))
            yield job.end()

        return make

    job.stops(
        button.click(maker(count, size, pack), [desk.session, *behind], [*job.shown, file], **HEAVY, **QUIET)
        for button, count, size, pack in (
            (nine, 9, READ_SIZE, _page),
            (sixteen, 16, READ_SIZE, _page),
            (every, len(PRESETS), FULL, _archive),
        )
    )


def _button(label: str, elem_id: str) -> gr.Button:
    return gr.Button(label, elem_id=elem_id, size="sm", min_width=0)


def _subject(session: Session, size: int) -> Subject:
    return session.photo.full.smaller(size) if session.photo else session.face


def _page(studio: Studio, session: Session, pictures: Pictures, ground: str, colour: str) -> dict[str, Any]:
    rows = round(len(pictures) ** 0.5)
    page = sheet(pictures, rows, ground, colour=colour)
    data = marked(studio, session, replace(session.character, view=None), page)
    return download(f"{who(session)}_expressions_{rows}x{rows}.png", "image/png", data)


def _archive(studio: Studio, session: Session, pictures: Pictures, ground: str, colour: str) -> dict[str, Any]:
    files = {}
    for name, picture in pictures.items():
        character = replace(session.character, expression=full_strength(name), view=None)
        files[f"{who(session)}_{name}.png"] = marked(studio, session, character, picture)
    return download(f"{who(session)}_expressions.zip", "application/zip", zip_bytes(files))
