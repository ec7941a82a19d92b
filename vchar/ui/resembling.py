"""A new person like the one in a picture."""

from __future__ import annotations

import gradio as gr

from vchar.character import Character
from vchar.ui.desk import HEAVY, QUIET, Desk, polite
from vchar.ui.opening import consented_upload
from vchar.ui.photo import take_picture
from vchar.ui.session import Session

CONSENT = "I may use that picture: it shows me, or someone who agreed, or nobody real; it is read once and not kept"


def build(desk: Desk) -> None:
    """Part of a card, seen while the generator of the face finds places; nothing where there is none that does."""
    if not any(each.find_place for each in desk.studio.generators):
        return
    found = gr.State(None)
    with gr.Column(elem_id="resembling") as whole:
        opened = consented_upload("Like a picture", "From picture", CONSENT, ("like-picture", "like-consent"))

    def find(path: str) -> Character:
        picture, name = take_picture(path)
        return desk.studio.like(picture, name=name)

    def adopt(session: Session, character: Character | None) -> Session:
        return session.resemble(character) if character else session

    desk.follow(
        whole,
        lambda session: gr.update(visible=desk.studio.generator(session.character).find_place is not None),
    )
    desk.choose(opened.upload(polite(find), opened, found, **HEAVY, **QUIET).success, adopt, [found])
