"""What the body wears, and the tone of its skin."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import gradio as gr

from vchar.export.sheet import label
from vchar.rig.wardrobe import KINDS, PATTERNS, SLOTS, Wear
from vchar.ui import components
from vchar.ui.desk import Desk
from vchar.ui.session import Session, new_seed

COLOURS = ("#22252b", "#f2efe8", "#9a9a98", "#2f4468", "#4a6fa5", "#3f7d5c", "#b5473c", "#c9963f", "#7d5a86", "#6b4a34")
TONES = ("#f3d3c2", "#e3b79b", "#c79f86", "#b07a56", "#8d5a3b", "#5e3b28")
PLAIN = 0.5  # share of garments by chance without a pattern


def build(desk: Desk) -> None:
    with gr.Column(elem_id="outfit", elem_classes="card"):
        with gr.Row(elem_classes="card-head"):
            gr.HTML("<h2>Outfit</h2>", apply_default_css=False)
            dice = gr.Button("Random outfit", elem_id="random-outfit", elem_classes="icon-dice", size="sm", min_width=0)
        panel = components.outfit("clothes", _slots(), [(name, label(name)) for name in PATTERNS], COLOURS, TONES)
    desk.follow(panel, _view)
    desk.choose(panel.wear, _wear, [panel], live=True)
    desk.choose(dice.click, lambda session: _throw(session, new_seed()))


def _slots() -> list[dict[str, Any]]:
    return [
        {"slot": slot, "kinds": [{"name": n, "label": kind.label} for n, kind in KINDS.items() if kind.slot == slot]}
        for slot in SLOTS
    ]


def _view(session: Session) -> dict[str, Any]:
    body = session.character.body
    return {"worn": {slot: vars(getattr(body, slot)) for slot in SLOTS}, "skin": body.skin}


def _wear(session: Session, panel: dict[str, Any]) -> Session:
    before = session.character.body
    worn = {slot: Wear(**panel["worn"][slot]) for slot in SLOTS}
    after = replace(before, **worn, skin=panel["skin"])
    changed = [slot for slot in (*SLOTS, "skin") if getattr(before, slot) != getattr(after, slot)]
    return session.embody(after, f"wear {' '.join(changed)}")


def _throw(session: Session, seed: int) -> Session:
    draw = random.Random(seed)
    worn = {slot: _drawn(draw, slot) for slot in SLOTS}
    return session.embody(replace(session.character.body, **worn), "random outfit")


def _drawn(draw: random.Random, slot: str) -> Wear:
    kind = draw.choice([name for name, kind in KINDS.items() if kind.slot == slot])
    colour, second = draw.sample(COLOURS, 2)
    plain = slot == "shoes" or draw.random() < PLAIN
    return Wear(kind, colour, "plain" if plain else draw.choice(PATTERNS[1:]), second)
