"""Mix with another face: who gives the shape, who the colouring."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gradio as gr

from vchar.character import Character
from vchar.ui.components import Dial, fold, sliders
from vchar.ui.desk import HEAVY, QUIET, Desk, Skip, polite
from vchar.ui.preview import thumbnail
from vchar.ui.session import Session, new_seed

DIALS = (
    Dial("shape", "Shape", "This face", "The other", 0, 100),
    Dial("colouring", "Colouring", "This face", "The other", 0, 100),
)
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
        shares = sliders("shares", DIALS)
        remove = gr.Button("Take the other face out", elem_id="unmix", size="sm", interactive=False)

    desk.follow(other, lambda session: session.parent.seed if session.parent else None)
    desk.follow(shares, _view)
    desk.follow(remove, lambda session: gr.update(interactive=bool(session.parent)))
    desk.follow(pasted, lambda session: None)
    desk.choose(other.input, _meet_seed, [other], live=True)
    desk.choose(dice.click, lambda session: session.meet(new_seed()))
    desk.choose(pasted.submit, lambda session, text: session.meet_character(Character.parse(text)), [pasted])
    desk.choose(shares.slide, _share, [shares], live=True)
    desk.choose(remove.click, lambda session: session.mix(None, "unmix"))

    def portrait(who: str, seed: int, model: str) -> str:
        picture = thumbnail(desk.studio, Character(seed, model=model))
        return f"<figure><img src='{picture}' alt='{who}: seed {seed}'><figcaption>{who}</figcaption></figure>"

    def portraits(session: Session, shown: list[Any]) -> tuple[list[Any], str] | Skip:
        character, parent = session.character, session.parent
        people = [(seed, character.model) for seed in (character.seed, parent.seed)] if parent else []
        if people == shown or not desk.awake(session):
            return gr.skip()
        drawn = [portrait(who, *person) for who, person in zip(("This face", "The other"), people, strict=False)]
        return people, "".join(drawn) or NO_PARENT

    drawn = gr.State([])
    desk.stage.refine(polite(portraits), [desk.session, drawn], [drawn, parents], **HEAVY, **QUIET)


def _meet_seed(session: Session, seed: int | None) -> Session:
    return session if seed is None else session.meet(seed)


def _view(session: Session) -> dict[str, Any]:
    parent = session.parent
    shares = (parent.shape, parent.colouring) if parent else (0, 0)
    return {"values": {dial.name: round(100 * share) for dial, share in zip(DIALS, shares, strict=True)}, "locked": []}


def _share(session: Session, panel: dict[str, Any]) -> Session:
    met = session if session.parent else session.meet(new_seed())
    shares = {name: value / 100 for name, value in panel["values"].items()}
    return met.mix(replace(met.parent, **shares), "shares") if met.parent else met
