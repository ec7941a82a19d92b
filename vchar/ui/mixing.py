"""Mix with another face: who gives the shape, who the colouring."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import gradio as gr

from vchar.character import Character
from vchar.ui.components import Dial, fold, sliders
from vchar.ui.desk import Desk, Skip
from vchar.ui.preview import thumbnail
from vchar.ui.session import Session, new_seed

DIALS = (
    Dial("shape", "Shape", "This face", "The other", 0, 100),
    Dial("colouring", "Colouring", "This face", "The other", 0, 100),
)
BOTH = (Dial("both", "Likeness", "This face", "The other", 0, 100),)  # where shape and colouring can't be told apart
NO_PARENT = "<p class='hint'>Choose a second face: it can give shape, colouring, or both.</p>"


def build(desk: Desk) -> None:
    with gr.Column(elem_id="mixing", elem_classes="card"):
        fold("Mix with another face")
        parents = gr.HTML(NO_PARENT, apply_default_css=False, elem_id="parents")
        with gr.Row(elem_id="other-row"):
            other = gr.Number(None, label="Other face: seed", precision=0, elem_id="other-seed")
            dice = gr.Button("Other person", elem_id="other-dice", elem_classes="icon-dice", size="sm", min_width=0)
        pasted = gr.Textbox(
            label="Or the face of a link or code", placeholder="Paste, then Enter", elem_id="other-code"
        )
        layers, whole = sliders("shares", DIALS), sliders("share", BOTH, hidden=True)
        remove = gr.Button("Take the other face out", elem_id="unmix", size="sm", interactive=False)

    def view(layered: bool, session: Session) -> dict[str, Any]:
        hidden = desk.studio.generator(session.character).layered != layered
        return _view(session, layered) | {"hidden": hidden}

    desk.follow(other, lambda session: session.parent.seed if session.parent else None)
    for panel, layered in ((layers, True), (whole, False)):
        desk.follow(panel, partial(view, layered))
        desk.choose(panel.slide, _share, [panel], live=True)
    desk.follow(remove, lambda session: gr.update(interactive=bool(session.parent)))
    desk.follow(pasted, lambda session: None)
    desk.choose(other.input, _meet_seed, [other], live=True)
    desk.choose(dice.click, lambda session: session.meet(new_seed()))
    desk.choose(pasted.submit, lambda session, text: session.meet_character(Character.parse(text)), [pasted])
    desk.choose(remove.click, lambda session: session.mix(None, "unmix"))

    def portrait(who: str, person: Character) -> str:
        picture = thumbnail(desk.studio, person)
        return f"<figure><img src='{picture}' alt='{who}: seed {person.seed}'><figcaption>{who}</figcaption></figure>"

    def portraits(session: Session, shown: list[Any]) -> tuple[list[Any], str] | Skip:
        character, parent = session.character, session.parent
        first = Character(character.seed, model=character.model, place=character.place)
        people = [first, replace(first, seed=parent.seed, place="")] if parent else []
        if people == shown or not desk.awake(session):
            return gr.skip()
        figures = [portrait(who, person) for who, person in zip(("This face", "The other"), people, strict=False)]
        return people, "".join(figures) or NO_PARENT

    drawn = gr.State([])
    desk.at_rest(portraits, [desk.session, drawn], [drawn, parents])


def _meet_seed(session: Session, seed: int | None) -> Session:
    return session if seed is None else session.meet(seed)


def _view(session: Session, layered: bool) -> dict[str, Any]:
    shape, colouring = (session.parent.shape, session.parent.colouring) if session.parent else (0, 0)
    shares = {"shape": shape, "colouring": colouring} if layered else {"both": (shape + colouring) / 2}
    return {"values": {name: round(100 * share) for name, share in shares.items()}, "locked": []}


def _share(session: Session, panel: dict[str, Any]) -> Session:
    met = session if session.parent else session.meet(new_seed())
    values = panel["values"]
    shares = {name: values.get(name, values.get("both", 0)) / 100 for name in ("shape", "colouring")}
    return met.mix(replace(met.parent, **shares), "shares") if met.parent else met
