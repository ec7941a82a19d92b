"""Keep it outside the studio: link, PNG and recipe; and back in again."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any

import gradio as gr

from vchar.character import Character
from vchar.errors import VcharError
from vchar.export.png import png_bytes, read_png
from vchar.ui import components
from vchar.ui.desk import HEAVY, QUIET, Desk, polite
from vchar.ui.preview import FULL
from vchar.ui.session import Session

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
COPY_LINK = "() => vchar.copy(vchar.link(), 'Link copied')"


def build(desk: Desk) -> None:
    file = components.download()
    with gr.Column(elem_id="sharing", elem_classes="card"):
        gr.HTML("<h2>Save and share</h2>", apply_default_css=False)
        png = gr.Button("Download PNG", variant="primary", elem_id="download", elem_classes="icon-download")
        with gr.Row():
            link = gr.Button("Copy link", elem_id="copy-link", elem_classes="icon-link", size="sm", min_width=0)
            recipe = gr.Button(
                "Recipe", elem_id="download-recipe", elem_classes="icon-download", size="sm", min_width=0
            )
        dropped = gr.File(
            label="Restore: drop a PNG or recipe", file_types=[".png", ".json"], height=92, elem_id="restore-file"
        )
        pasted = gr.Textbox(label="Or paste a link or code", placeholder="Paste, then Enter", elem_id="restore-text")

    def picture_file(session: Session) -> dict[str, Any]:
        character = session.character
        data = png_bytes(desk.studio.portrait(character, FULL), character, desk.studio.licence())
        return download(f"{character.file_stem}.png", "image/png", data)

    png.click(polite(picture_file), desk.session, file, **HEAVY, **QUIET)
    recipe.click(polite(_recipe_file), desk.session, file, **QUIET)
    link.click(None, js=COPY_LINK)
    desk.choose(dropped.upload, lambda session, path: session.load(read_upload(path), "restore"), [dropped])
    desk.choose(pasted.submit, lambda session, text: session.load(Character.parse(text), "restore"), [pasted])
    for field in (dropped, pasted):
        desk.follow(field, lambda session: None)


def _recipe_file(session: Session) -> dict[str, Any]:
    character = session.character
    return download(f"{character.file_stem}.json", "application/json", character.to_json().encode())


def download(name: str, mime: str, data: bytes) -> dict[str, Any]:
    """What the download component wants; stamped, as the same file may be wanted twice."""
    return {"name": name, "mime": mime, "base64": base64.b64encode(data).decode("ascii"), "stamp": time.time_ns()}


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
