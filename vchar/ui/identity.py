"""Who it is: name, seed, how unusual, and "Surprise me"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gradio as gr

from vchar.character import MAX_NAME
from vchar.ui import models, resembling
from vchar.ui.components import Dial, sliders
from vchar.ui.desk import Desk
from vchar.ui.session import Session, new_seed

TYPICAL, UNUSUAL = 0.4, 1.0  # truncation_psi at the ends of the slider
COPY_SEED = "() => vchar.copy(document.querySelector('#seed input').value, 'Seed copied')"


def build(desk: Desk) -> None:
    with gr.Column(elem_id="identity", elem_classes="card"):
        models.build(desk)
        name = gr.Textbox(label="Name", placeholder="Unnamed character", max_length=MAX_NAME, elem_id="name")
        with gr.Row(elem_id="seed-row"):
            seed = gr.Number(
                desk.session.value.character.seed,
                label="Seed",
                precision=0,
                elem_id="seed",
            )
            dice = gr.Button("New person", elem_id="dice", elem_classes="icon-dice", size="sm", min_width=0)
            copy = gr.Button("Copy seed", elem_id="copy-seed", elem_classes="icon-copy", size="sm", min_width=0)
        look = sliders("look", [_typicality()])
        with gr.Row(elem_id="surprise-row"):
            surprise = gr.Button("Surprise me", variant="primary", elem_id="surprise", elem_classes="icon-surprise")
            strength = sliders(
                "strength", [Dial("surprise", "Surprise strength", "A touch", "Someone new", 5, 100, 100)]
            )
        resembling.build(desk)

    desk.follow(name, lambda session: session.character.name)
    desk.follow(seed, lambda session: session.character.seed)
    desk.follow(
        look, lambda session: {"values": {"typicality": _to_screen(session.character.truncation_psi)}, "locked": []}
    )
    desk.choose(name.input, _rename, [name], live=True)
    desk.choose(seed.input, _reseed, [seed], live=True)
    desk.choose(dice.click, _throw)
    desk.choose(look.slide, _loosen, [look], live=True)
    copy.click(None, js=COPY_SEED)

    def amaze(session: Session, panel: dict[str, Any]) -> Session:
        share = panel["values"]["surprise"] / 100
        keep = tuple(sorted(session.locked))
        return session.choose(desk.studio.surprise(session.character, share, new_seed(), keep=keep), "surprise")

    desk.choose(surprise.click, amaze, [strength])


def _typicality() -> Dial:
    neutral = _to_screen(0.7)
    return Dial("typicality", "Typical ↔ Unusual", "Like most people", "One of a kind", 0, 100, neutral)


def _to_screen(psi: float) -> int:
    return round(100 * (psi - TYPICAL) / (UNUSUAL - TYPICAL))


def _loosen(session: Session, panel: dict[str, Any]) -> Session:
    psi = TYPICAL + (UNUSUAL - TYPICAL) * panel["values"]["typicality"] / 100
    return session.choose(replace(session.character, truncation_psi=psi), "typicality")


def _rename(session: Session, name: str) -> Session:
    return session.choose(replace(session.character, name=name), "name")


def _reseed(session: Session, seed: int | None) -> Session:
    return session if seed is None else session.reseed(seed, "seed")


def _throw(session: Session) -> Session:
    return session.reseed(new_seed(), "dice")
