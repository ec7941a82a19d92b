"""Take the motion along: for engines, for animation tools, as a film, as stills."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from vchar.errors import VcharError
from vchar.export.files import packed
from vchar.export.video import MIME
from vchar.performing import Form
from vchar.progress import Progress
from vchar.ui import components
from vchar.ui.components import Dial
from vchar.ui.desk import QUIET, Desk, warn
from vchar.ui.figure import acting
from vchar.ui.jobs import Job, Update
from vchar.ui.session import Session
from vchar.ui.sharing import download

LABELS = {"glb": "GLB", "bvh": "BVH", "mp4": "MP4", "webp": "WebP", "gif": "GIF", "png": "Strip"}
TYPES = {**MIME, "glb": "model/gltf-binary"}  # others come as a ZIP
RATES = {"Usual": None, "12": 12.0, "24": 24.0, "30": 30.0, "60": 60.0}
SIZES = ("256", "384", "512", "768")
UNITS = {"Centimetres": "cm", "Metres": "m"}
FILMING: dict[str, Any] = {"concurrency_id": "film", "concurrency_limit": 1}
ABOUT = (
    "<p class='hint'>GLB: the dressed body with bones and the named clip. BVH: T-pose and true rotations, zipped with "
    "its credits. WebP and GIF have a clear ground. Strip: stills as PNG, zipped with a JSON that says where each is."
    "</p>"
)


def build(desk: Desk, prompt: gr.Textbox) -> None:
    with gr.Column(elem_id="taking", elem_classes="card"):
        gr.HTML("<h2>Take it along</h2>", apply_default_css=False)
        with gr.Row(elem_classes="button-row button-grid"):
            buttons = {kind: _button(kind) for kind in LABELS}
        job = Job.build("taking")
        pace = components.sliders("rate", [Dial("speed", "Speed in files, %", "Slower", "Faster", 25, 400, 100)])
        rate = _choice("Frames a second", tuple(RATES), "Usual", "file-fps")
        size = _choice("Side of pictures, pixels", SIZES, "384", "file-size")
        unit = _choice("Unit of BVH", tuple(UNITS), "Centimetres", "file-unit")
        gr.HTML(ABOUT, apply_default_css=False)
    file = components.download()

    def maker(kind: str) -> Callable[..., Iterator[Update]]:
        def make(session: Session, text: str, panel: dict[str, Any], *chosen: str) -> Iterator[Update]:
            yield job.start()
            found: Update = {}
            try:
                asked = session.ask(replace(session.character.motion, prompt=text), "prompt")
                form = _form(kind, panel["values"]["speed"], *chosen)

                def work(progress: Progress) -> dict[str, bytes]:
                    return desk.studio.perform(acting(desk.studio, asked), progress).files(form, progress=progress)

                name, data = packed((yield from job.follow(work)))
                found = {file: download(name, TYPES.get(name.rpartition(".")[2], "application/zip"), data)}
            except VcharError as error:
                warn(str(error))
            yield job.end() | found

        return make

    inputs = [desk.session, prompt, pace, rate, size, unit]
    job.stops(
        button.click(maker(kind), inputs, [*job.shown, file], **FILMING, **QUIET) for kind, button in buttons.items()
    )


def _button(kind: str) -> gr.Button:
    return gr.Button(LABELS[kind], elem_id=f"take-{kind}", elem_classes="icon-download", size="sm", min_width=0)


def _choice(label: str, choices: tuple[str, ...], value: str, elem_id: str) -> gr.Radio:
    return gr.Radio(list(choices), value=value, label=label, elem_id=elem_id, elem_classes="segments")


def _form(kind: str, speed: int, rate: str, size: str, unit: str) -> Form:
    return Form(kind, fps=RATES[rate], speed=speed / 100, size=int(size), unit=UNITS[unit])
