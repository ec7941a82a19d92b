"""Make the motion: it plays on the dressed body, and stills of it lie below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache
from gradio.utils import get_upload_folder

from vchar.character import Character
from vchar.errors import VcharError
from vchar.performing import Performance
from vchar.progress import Progress
from vchar.ui import prompting
from vchar.ui.desk import HEAVY, QUIET, Desk, Skip, polite, warn
from vchar.ui.figure import Stand, acting, looks
from vchar.ui.jobs import Job, Update
from vchar.ui.preview import Answer, clear_uri
from vchar.ui.session import Session

STILLS, STILL = 8, 160  # of the strip, and px of each


@dataclass(frozen=True)
class Made:
    """A motion that was made: where its GLB lies, whose it is, and what it is called."""

    path: str
    character: Character
    looks: str


def build(desk: Desk, stand: Stand) -> gr.Textbox:
    """Returns the prompt's field."""
    made = gr.State(None)
    with gr.Column(elem_id="motion", elem_classes="card"):
        gr.HTML("<h2>Motion</h2>", apply_default_css=False)
        prompt = prompting.build(desk)
        make = gr.Button("Generate", variant="primary", elem_id="generate", elem_classes="icon-play")
        job = Job.build("motion")
        told = gr.HTML("", elem_id="took-it-as", apply_default_css=False)

    def generate(session: Session, text: str) -> Iterator[Update]:
        """`text` may be newer than what the session has heard of."""
        yield job.start() | {made: None, told: ""}
        found: Update = {}
        try:
            asked = session.ask(replace(session.character.motion, prompt=text), "prompt")

            def work(progress: Progress) -> tuple[Performance, bytes]:
                performance = desk.studio.perform(acting(desk.studio, asked), progress)
                return performance, performance.shown()

            performance, data = yield from job.follow(work)
            path = save_bytes_to_cache(data, f"{performance.stem}.glb", get_upload_folder())
            found = {made: Made(path, performance.character, looks(session)), told: _told(performance)}
        except VcharError as error:
            warn(str(error))
        yield job.end() | found

    def stills(found: Made | None) -> Answer | Skip:
        if found is None:
            return gr.skip()
        performance = desk.studio.perform(found.character)
        page = performance.figure.strip(performance.movement.clip, STILLS, STILL)
        alt = f"{STILLS} moments of the motion, from its beginning to its end: {performance.movement.taken_as}"
        return {"kind": "picture", "key": found.looks, "src": clear_uri(page), "alt": alt}

    showing = make.click(generate, [desk.session, prompt], [*job.shown, made, told], **HEAVY, **QUIET)
    # Gradio 6.31's viewer stays empty if anything happens to it while it loads: so it gets its file all at once
    shown = showing.then(lambda found: found.path if found else gr.skip(), made, stand.model, **QUIET)
    shown.then(polite(stills), made, stand.stills, **HEAVY, **QUIET)
    job.stops([showing])
    return prompt


def _told(performance: Performance) -> str:
    return f"<p role='status'>{escape(performance.movement.told)}</p>"
