"""In the middle of the Body & Motion tab: the dressed body standing, and in motion once a motion is made."""

from __future__ import annotations

from dataclasses import dataclass, replace

import gradio as gr

from vchar.character import Character
from vchar.errors import VcharError
from vchar.rig.wardrobe import KINDS
from vchar.studio import Studio
from vchar.ui import components
from vchar.ui.desk import QUIET, Desk, polite
from vchar.ui.preview import Answer, clear_uri, failed
from vchar.ui.session import Session

SIDE = 640  # px of the picture
CLEAR = (0.0, 0.0, 0.0, 0.0)
VIEW = (65, 80, None)  # degrees round the figure and from its top
DRAWING = {"concurrency_id": "figure", "concurrency_limit": 1}


@dataclass(frozen=True)
class Stand:
    """The model that takes the picture's place, and the stills under it."""

    model: gr.Model3D
    stills: gr.HTML


def build(desk: Desk) -> Stand:
    with gr.Column(elem_id="body-stage", elem_classes="on-body"):
        picture = components.figure("figure")
        model = gr.Model3D(
            label="Motion", show_label=False, clear_color=CLEAR, camera_position=VIEW, elem_id="motion-model"
        )
        stills = components.figure("motion-strip")

    def draw(session: Session) -> Answer:
        try:
            image = desk.studio.figure(acting(desk.studio, session)).picture(size=SIDE)
        except VcharError as error:
            return failed(error)
        return {"kind": "picture", "key": looks(session), "src": clear_uri(image), "alt": _describe(session)}

    desk.follow(picture, lambda session: {"kind": "wanted", "key": looks(session)})
    desk.follow(model, lambda session: gr.update(value=None, label=f"Motion of {looks(session)}"))
    desk.follow(stills, lambda session: {"kind": "none", "key": looks(session)})
    picture.draw(polite(draw), desk.session, picture, trigger_mode="always_last", **DRAWING, **QUIET)
    return Stand(model, stills)


def acting(studio: Studio, session: Session) -> Character:
    """The character, with the skin of a photo that stands on the stage: the recipe doesn't know its face."""
    character = session.character
    if session.photo is None or character.body.skin:
        return character
    return replace(character, body=replace(character.body, skin=studio.skin_tone(session.photo.full)))


def looks(session: Session) -> str:
    """All that decides how the body looks: another one, another figure."""
    body = session.character.body
    face = "" if body.skin else session.photo.key if session.photo else session.face.to_code()
    return f"{Character(body=body).to_code()} {face}"


def _describe(session: Session) -> str:
    """The figure in words."""
    character = session.character
    worn = [f"{wear.colour} {KINDS[wear.kind].label.lower()}" for wear in character.body.outfit]
    who = character.name or "The character"
    return f"{who} from head to foot, standing: {', '.join(worn)}."
