"""The head in three dimensions: built on demand, turned in the page, taken along as GLB."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr
from gradio.components import Component
from gradio.processing_utils import save_bytes_to_cache
from gradio.utils import get_upload_folder

from vchar.errors import VcharError
from vchar.studio import SIZES
from vchar.ui import components
from vchar.ui.desk import HEAVY, QUIET, Desk, warn
from vchar.ui.jobs import Job, Update
from vchar.ui.session import Session
from vchar.ui.sharing import download, who

ABOUT = (
    "<p class='hint'>A GLB for games and film: metres, PBR textures, the 52 ARKit sliders as morph targets, an idle "
    "clip. The photo doesn't show the sides and the back: those are guessed. Hair is a mesh of its own.</p>"
)
GREY = (0.20, 0.21, 0.23, 1.0)
FRONT = (90, 82, None)  # degrees round the head and from its top
STEPS = 2  # the portrait is read, the head is made

Pack = Callable[[str, bytes], Any]  # what a component shows of a file


def build(desk: Desk) -> None:
    with gr.Column(elem_id="solid", elem_classes="card"):
        gr.HTML("<h2>Head in 3D</h2>", apply_default_css=False)
        with gr.Row(elem_classes="button-row"):
            make = _button("Build the head", "solid-make")
            save = _button("Download GLB", "solid-save")
        job = Job.build("solid")
        model = gr.Model3D(
            label="Head in 3D", show_label=False, clear_color=GREY, camera_position=FRONT, height=320,
            elem_id="solid-model",
        )  # fmt: skip
        gr.HTML(ABOUT, apply_default_css=False)
    file, built = components.download(), gr.State()
    desk.follow(model, _emptied)

    def maker(result: Component, pack: Pack) -> Callable[[Session], Iterator[Update]]:
        def made(session: Session) -> Iterator[Update]:
            yield job.begin(STEPS)
            found: Update = {}
            try:
                sitter = desk.studio.sitter(session.photo.full if session.photo else session.face, size=SIZES[-1])
                yield job.step(1, STEPS)
                data = desk.studio.head(sitter, recipe=None if session.photo else session.character)
                found = {result: pack(f"{who(session)}_head.glb", data)}
            except VcharError as error:
                warn(str(error))
            yield job.end() | found

        return made

    showing = make.click(maker(built, _cached), desk.session, [*job.shown, built], **HEAVY, **QUIET)
    # Gradio 6.31's viewer stays empty if anything happens to it while it loads: so it gets its file all at once
    showing.then(lambda path: path, built, model, **QUIET)
    job.stops([showing, save.click(maker(file, _to_keep), desk.session, [*job.shown, file], **HEAVY, **QUIET)])


def _emptied(session: Session) -> dict[str, Any]:
    """No head, as that of before is another's; a live choice sends this only if the hidden label says so too."""
    return gr.update(value=None, label=f"Head in 3D of {who(session)} {session.face.to_code()}")


def _button(label: str, elem_id: str) -> gr.Button:
    return gr.Button(label, elem_id=elem_id, size="sm", min_width=0)


def _cached(name: str, data: bytes) -> str:
    return save_bytes_to_cache(data, name, get_upload_folder())


def _to_keep(name: str, data: bytes) -> Update:
    return download(name, "model/gltf-binary", data)
