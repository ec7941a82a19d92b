"""Take the head away from all sides: as a strip of seven views, or as a film of it turning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import gradio as gr
from PIL import Image

from vchar.errors import VcharError
from vchar.export.png import title_of
from vchar.export.sheet import strip
from vchar.export.video import LARGEST, MIME, animation_bytes, check_ground
from vchar.studio import Studio, Subject
from vchar.turning import FPS, FRAMES, YAWS
from vchar.ui import components, grounds
from vchar.ui.desk import HEAVY, QUIET, Desk, warn
from vchar.ui.jobs import Job, Update
from vchar.ui.session import Session
from vchar.ui.sharing import download, file_stem, marked, mood

Make = Callable[[Session, str, str], Iterator[Update]]  # from whom and the ground's controls to a file

ABOUT_STRIP = "<p class='hint'>Seven views of one scale with the eyes at one height, as PNG with its recipe.</p>"
ABOUT_FILM = "<p class='hint'>Three seconds: right, left and back. MP4 plays everywhere; WebP and GIF loop.</p>"


def build(desk: Desk) -> None:
    with gr.Column(elem_id="films", elem_classes="card"):
        gr.HTML("<h2>Take it along</h2>", apply_default_css=False)
        behind = grounds.build("film")
        still = _button("This view", "view-png")
        gr.HTML("<h2>Turnaround</h2>", apply_default_css=False)
        page = _button("Strip of seven", "turnaround-png")
        gr.HTML(ABOUT_STRIP, apply_default_css=False)
        gr.HTML("<h2>Turntable</h2>", apply_default_css=False)
        with gr.Row(elem_classes="button-row"):
            films = {kind: _button(kind.upper().replace("WEBP", "WebP"), f"turntable-{kind}") for kind in LARGEST}
        gr.HTML(ABOUT_FILM, apply_default_css=False)
        job = Job.build("film")
    file = components.download()
    makers = {still: _make_still(desk, job, file), page: _make_page(desk, job, file)}
    makers |= {button: _make_film(desk, job, file, kind) for kind, button in films.items()}
    wanted, results = [desk.session, *behind], [*job.shown, file]
    job.stops([button.click(make, wanted, results, **HEAVY, **QUIET) for button, make in makers.items()])


def _make_still(desk: Desk, job: Job, file: gr.HTML) -> Make:
    def make_still(session: Session, chosen: str, colour: str) -> Iterator[Update]:
        yield job.begin(1)
        try:
            yield {file: _still(desk.studio, session, **grounds.asked(chosen, colour))}
        except VcharError as error:
            warn(str(error))
        yield job.end()

    return make_still


def _make_page(desk: Desk, job: Job, file: gr.HTML) -> Make:
    def make_page(session: Session, chosen: str, colour: str) -> Iterator[Update]:
        views: dict[str, Image.Image] = {}
        yield job.begin(len(YAWS))
        try:
            ground = grounds.asked(chosen, colour)
            for name, view in desk.studio.turnaround(*_asked(session), **ground):
                views[name] = view
                yield job.step(len(views), len(YAWS))
            yield {file: _page(desk.studio, session, strip(views, **ground))}
        except VcharError as error:
            warn(str(error))
        yield job.end()

    return make_page


def _make_film(desk: Desk, job: Job, file: gr.HTML, kind: str) -> Make:
    def make(session: Session, chosen: str, colour: str) -> Iterator[Update]:
        frames: list[Image.Image] = []
        yield job.begin(FRAMES)
        try:
            ground = grounds.asked(chosen, colour)
            check_ground(kind, ground["ground"])
            for frame in desk.studio.turntable(*_asked(session), **ground):
                frames.append(frame)
                yield job.step(len(frames), FRAMES)
            yield {file: _film(desk.studio, session, frames, kind)}
        except VcharError as error:
            warn(str(error))
        yield job.end()

    return make


def _button(label: str, elem_id: str) -> gr.Button:
    return gr.Button(label, elem_id=elem_id, elem_classes="icon-download", size="sm", min_width=0)


def _asked(session: Session) -> tuple[Subject, Any, float]:
    """Whose head, what the face does, and how far it looks up."""
    character = session.character
    return (
        session.photo.full if session.photo else session.face,
        character.expression,
        (character.view.pitch if character.view else 0.0),
    )


def _still(studio: Studio, session: Session, ground: str, colour: str) -> dict[str, Any]:
    character, photo = session.character, session.photo
    image = photo.full.express(character.expression, view=character.view) if photo else studio.portrait(character)
    data = marked(studio, session, character, studio.on_ground(image, ground, colour))
    return download(f"{file_stem(session)}.png", "image/png", data)


def _page(studio: Studio, session: Session, page: Image.Image) -> dict[str, Any]:
    data = marked(studio, session, replace(session.character, view=None), page)
    return download(f"{mood(session)}_turnaround.png", "image/png", data)


def _film(studio: Studio, session: Session, frames: list[Image.Image], kind: str) -> dict[str, Any]:
    character, licence = (None, None) if session.photo else (session.character, studio.licence(session.character))
    data = animation_bytes(frames, FPS, kind, title_of(character), licence)
    return download(f"{mood(session)}_turntable.{kind}", MIME[kind], data)
