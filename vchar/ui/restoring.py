"""Bring a character back: from a PNG or recipe dropped in, or from a link or code."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from vchar.character import Character
from vchar.errors import VcharError
from vchar.export.png import read_png
from vchar.ui.desk import Desk
from vchar.ui.session import Session

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def build(desk: Desk) -> None:
    with gr.Column(elem_id="restoring", elem_classes="card"):
        gr.HTML("<h2>Bring one back</h2>", apply_default_css=False)
        dropped = gr.File(label="PNG or recipe", file_types=[".png", ".json"], height=92, elem_id="restore-file")
        pasted = gr.Textbox(label="Link or code", placeholder="Paste, then Enter", elem_id="restore-text")
    for field in (dropped, pasted):
        desk.follow(field, lambda session: None)
    desk.choose(dropped.upload, _restore_file, [dropped])
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
