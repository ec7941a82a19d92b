"""Above the picture, right: take the character out of the studio as a link, a recipe or a PNG."""

from __future__ import annotations

import base64
import time
from typing import Any

import gradio as gr

from vchar.export.png import png_bytes
from vchar.ui import components
from vchar.ui.desk import HEAVY, QUIET, Desk, polite
from vchar.ui.preview import FULL
from vchar.ui.session import Session

COPY_LINK = "() => vchar.copy(vchar.link(), 'Link copied')"


def build(desk: Desk) -> None:
    with gr.Row(elem_id="sharing", elem_classes="tool-row"):
        link = gr.Button("Copy link", elem_id="copy-link", elem_classes="icon-link", size="sm", min_width=0)
        recipe = gr.Button("Recipe", elem_id="recipe", elem_classes="icon-recipe", size="sm", min_width=0)
        png = gr.Button(
            "Download PNG", variant="primary", elem_id="download", elem_classes="icon-download", size="sm", min_width=0
        )
    file = components.download()

    def picture_file(session: Session) -> dict[str, Any]:
        character = session.character
        data = png_bytes(desk.studio.portrait(character, FULL), character, desk.studio.licence())
        return download(f"{character.file_stem}.png", "image/png", data)

    png.click(polite(picture_file), desk.session, file, **HEAVY, **QUIET)
    recipe.click(polite(_recipe_file), desk.session, file, **QUIET)
    link.click(None, js=COPY_LINK)


def _recipe_file(session: Session) -> dict[str, Any]:
    character = session.character
    return download(f"{character.file_stem}.json", "application/json", character.to_json().encode())


def download(name: str, mime: str, data: bytes) -> dict[str, Any]:
    """What the download component wants; stamped, as the same file may be wanted twice."""
    return {"name": name, "mime": mime, "base64": base64.b64encode(data).decode("ascii"), "stamp": time.time_ns()}
