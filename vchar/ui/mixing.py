"""Mix with another face: who gives the shape, who the colouring."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gradio as gr

from vchar.character import Character, Mix
from vchar.ui.components import Dial, sliders, thumbnails
from vchar.ui.desk import HEAVY, QUIET, Desk, Skip, polite
from vchar.ui.preview import thumbnail
from vchar.ui.session import Session, new_seed

DIALS = (
    Dial("shape", "Shape", "This face", "The other", 0, 100),
    Dial("colouring", "Colouring", "This face", "The other", 0, 100),
)
FIRST_TASTE = 0.5  # of both, when another face is first chosen: something should be seen to happen


def build(desk: Desk) -> None:
    with gr.Accordion("Mix with another face", open=False, elem_id="mixing", elem_classes="card"):
        parents = thumbnails("parents", "The two parents", empty="Choose a second face below.")
        with gr.Row(elem_id="other-row"):
            other = gr.Number(None, label="Other face: seed", precision=0, elem_id="other-seed")
            dice = gr.Button("Other person", elem_id="other-dice", elem_classes="icon-dice", size="sm", min_width=0)
        pasted = gr.Textbox(
            label="Or the face of a link or code", placeholder="Paste, then Enter", elem_id="other-code"
        )
        shares = sliders("shares", DIALS)
        remove = gr.Button("Take the other face out", elem_id="unmix", size="sm", interactive=False)

    desk.follow(other, lambda session: _last(session).seed if session.character.mixes else None)
    desk.follow(shares, _view)
    desk.follow(remove, lambda session: gr.update(interactive=bool(session.character.mixes)))
    desk.choose(
        other.input, lambda session, seed: session if seed is None else _meet(session, seed), [other], live=True
    )
    desk.choose(dice.click, lambda session: _meet(session, new_seed()))
    desk.choose(pasted.submit, lambda session, text: _meet(session, Character.parse(text).seed), [pasted])
    desk.choose(shares.slide, _share, [shares], live=True)
    desk.choose(remove.click, lambda session: session.mix(None, "unmix"))

    def portraits(session: Session, shown: list[int]) -> tuple[list[int], list[dict[str, str]]] | Skip:
        seeds = [session.character.seed, _last(session).seed] if session.character.mixes else []
        if seeds == shown or not desk.studio.ready:
            return gr.skip()
        return seeds, [_parent(desk, seed, who) for seed, who in zip(seeds, ("This face", "The other"), strict=False)]

    drawn = gr.State([])
    desk.stage.refine(polite(portraits), [desk.session, drawn], [drawn, parents], **HEAVY, **QUIET)


def _parent(desk: Desk, seed: int, who: str) -> dict[str, str]:
    return {"src": thumbnail(desk.studio, Character(seed)), "alt": f"{who}: seed {seed}", "label": who}


def _last(session: Session) -> Mix:
    mixes = session.character.mixes
    return mixes[-1] if mixes else Mix(new_seed(), FIRST_TASTE, FIRST_TASTE, tuple(session.locked))


def _meet(session: Session, seed: int) -> Session:
    return session.mix(replace(_last(session), seed=seed), "other face")


def _view(session: Session) -> dict[str, Any]:
    mixes = session.character.mixes
    shares = (mixes[-1].shape, mixes[-1].colouring) if mixes else (0, 0)
    return {"values": {dial.name: round(100 * share) for dial, share in zip(DIALS, shares, strict=True)}, "locked": []}


def _share(session: Session, panel: dict[str, Any]) -> Session:
    shares = {name: value / 100 for name, value in panel["values"].items()}
    return session.mix(replace(_last(session), **shares), "shares")
