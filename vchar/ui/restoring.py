"""Bring a character back: from a PNG or recipe dropped in, or from a link or code."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from vchar.character import Character
from vchar.errors import VcharError
from vchar.export.png import read_png
from vchar.ui.desk import Desk
from vchar.ui.session import Session

HINT = "<p class='hint'>A PNG or recipe from vchar holds its character: open it, or drop it on the picture.</p>"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def build(desk: Desk) -> None:
    with gr.Column(elem_id="restoring", elem_classes="card"):
        with gr.Row(elem_classes="card-head"):
            gr.HTML("<h2>Bring one back</h2>", apply_default_css=False)
            opened = gr.UploadButton(
                "Open file",
                file_types=[".png", ".json"],
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
    """The character in an uploaded PNG or JSON, which is deleted. VcharError for any other file."""
    file = Path(path)
    data = file.read_bytes()
    file.unlink()
    if data.startswith(PNG_SIGNATURE) or file.suffix.lower() == ".png":
        return read_png(data)
    try:
        return Character.from_json(data.decode())
    except UnicodeDecodeError as error:
        raise VcharError(f"{file.name} is no recipe; choose a PNG or JSON file that vchar made.") from error
