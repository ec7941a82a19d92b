"""Bring a character back: from a PNG, GLB or recipe dropped in, or from a link or code."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from vchar.character import Character
from vchar.export.recipes import KINDS, read_file
from vchar.ui.desk import Desk
from vchar.ui.session import Session

HINT = "<p class='hint'>A PNG, GLB or recipe from vchar holds its character: open it, or drop it on the picture.</p>"


def build(desk: Desk) -> None:
    with gr.Column(elem_id="restoring", elem_classes="card"):
        with gr.Row(elem_classes="card-head"):
            gr.HTML("<h2>Bring one back</h2>", apply_default_css=False)
            opened = gr.UploadButton(
                "Open file",
                file_types=[*KINDS],
                elem_id="restore-file",
                elem_classes="icon-open",
                size="sm",
                min_width=0,
            )
        pasted = gr.Textbox(label="Link or code", placeholder="Paste, then Enter", elem_id="restore-text")
        gr.HTML(HINT, apply_default_css=False)
    for field in (opened, pasted):
        desk.follow(field, lambda session: None)
    desk.choose(opened.upload, _restore_file, [opened])
    desk.choose(pasted.submit, _restore_text, [pasted])


def _restore_file(session: Session, path: str) -> Session:
    return session.load(read_upload(path), "restore")


def _restore_text(session: Session, text: str) -> Session:
    return session.load(Character.parse(text), "restore")


def read_upload(path: str) -> Character:
    """The character in an uploaded file, which is deleted. VcharError for one that holds none."""
    file = Path(path)
    data = file.read_bytes()
    file.unlink()
    return read_file(data, file.name)
