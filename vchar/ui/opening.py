"""Whose face: the generated one, or that of a portrait which the visitor opens."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vchar.ui import components
from vchar.ui.desk import HEAVY, QUIET, Desk, polite
from vchar.ui.photo import Photo
from vchar.ui.preview import data_uri
from vchar.ui.session import Session

CONSENT = "I may use this picture: it shows me, or someone who agreed, or nobody real"
PROMISE = (
    "<p class='hint'>Your picture is read in memory for this visit alone: no copy is stored, its location and other"
    " hidden data are dropped, and it is forgotten with the session, within an hour after you close the page.</p>"
)
TYPES = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"]


def build(desk: Desk) -> None:
    taken = gr.State(None)
    with gr.Column(elem_id="opening", elem_classes="card"):
        opened = consented_upload("Your own picture", "Open picture", CONSENT, ("open-photo", "photo-consent"))
        picker = components.face_picker("photo-faces")
        close = gr.Button(
            "Back to the generated face", elem_id="close-photo", elem_classes="icon-revert", size="sm", visible=False
        )
        gr.HTML(PROMISE, apply_default_css=False)

    desk.follow(picker, _view)
    desk.follow(close, lambda session: gr.update(visible=session.photo is not None))

    def take(path: str) -> Photo:
        return Photo.take(desk.studio, path)

    def choose(session: Session, event: gr.EventData) -> Photo | None:
        return session.photo and session.photo.choose(desk.studio, event.index)

    def put(session: Session, photo: Photo | None) -> Session:
        return session.open(photo) if photo else session

    for found in (
        opened.upload(polite(take), opened, taken, **HEAVY, **QUIET),
        picker.pick(polite(choose), desk.session, taken, **HEAVY, **QUIET),
    ):
        desk.choose(found.success, put, [taken])
    desk.choose(close.click, Session.close)


def consented_upload(title: str, label: str, sentence: str, elem_ids: tuple[str, str]) -> gr.UploadButton:
    """A card's heading with a button that opens a picture while the box below it, which says `sentence`, is ticked.

    elem_ids: of the button and of the box.
    """
    with gr.Row(elem_classes="card-head"):
        gr.HTML(f"<h2>{title}</h2>", apply_default_css=False)
        button = gr.UploadButton(
            label,
            file_types=TYPES,
            elem_id=elem_ids[0],
            elem_classes="icon-open",
            size="sm",
            min_width=0,
            interactive=False,
        )
    box = gr.Checkbox(False, label=sentence, elem_id=elem_ids[1], elem_classes="consent")
    box.input(lambda agreed: gr.update(interactive=agreed), box, button, **QUIET)
    return button


def _view(session: Session) -> dict[str, Any] | None:
    if session.photo is None:
        return None
    photo = session.photo
    width, height = photo.picture.size
    boxes = [
        [
            round(100 * share, 1)
            for share in (left / width, top / height, (right - left) / width, (bottom - top) / height)
        ]
        for left, top, right, bottom in (face.box for face in photo.faces)
    ]
    return {"src": data_uri(photo.preview.picture), "boxes": boxes, "chosen": photo.chosen}
