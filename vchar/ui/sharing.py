"""Above the picture, right: take the character out of the studio as a link, a recipe or a PNG."""

from __future__ import annotations

import base64
import time
from typing import Any

import gradio as gr
from PIL import Image

from vchar.character import Character
from vchar.export.png import photo_png_bytes, png_bytes
from vchar.studio import Studio
from vchar.turning import name_of
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
    for button in (link, recipe):  # neither can hold a photo
        desk.follow(button, lambda session: gr.update(interactive=session.photo is None))

    def picture_file(session: Session) -> dict[str, Any]:
        character, photo = session.character, session.photo
        if photo:
            image = photo.full.express(character.expression, view=character.view)
        else:
            image = desk.studio.portrait(character, FULL)
        return download(f"{file_stem(session)}.png", "image/png", marked(desk.studio, session, character, image))

    png.click(polite(picture_file), desk.session, file, **HEAVY, **QUIET)
    recipe.click(polite(_recipe_file), desk.session, file, **QUIET)
    link.click(None, js=COPY_LINK)


def marked(studio: Studio, session: Session, character: Character, image: Image.Image) -> bytes:
    """A picture as PNG: a generated face with its recipe `character`, a photo with the mark of an edited one."""
    return photo_png_bytes(image) if session.photo else png_bytes(image, character, studio.licence(character))


def who(session: Session) -> str:
    """Whom the stage shows, as part of a file's name."""
    return "photo" if session.photo else session.character.file_stem


def mood(session: Session) -> str:
    """Who, and what they feel most: hero_happy."""
    emotions = session.character.expression.emotions
    return "_".join([who(session), *sorted(emotions, key=lambda name: -emotions[name])[:1]])


def file_stem(session: Session) -> str:
    """Who, what they feel most, and where they look: hero_happy_30_right."""
    view = session.character.view
    return f"{mood(session)}_{name_of(view.yaw).replace('° ', '_').lower()}" if view else mood(session)


def _recipe_file(session: Session) -> dict[str, Any]:
    character = session.character
    return download(f"{character.file_stem}.json", "application/json", character.to_json().encode())


def download(name: str, mime: str, data: bytes) -> dict[str, Any]:
    """What the download component wants; stamped, as the same file may be wanted twice."""
    return {"name": name, "mime": mime, "base64": base64.b64encode(data).decode("ascii"), "stamp": time.time_ns()}
