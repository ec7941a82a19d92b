"""The body's sliders, each with its padlock, and a body by chance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gradio as gr

from vchar.rig.phenotype import NAMES, SLIDERS, BodySlider, random_sliders
from vchar.ui.components import Dial, sliders
from vchar.ui.desk import Desk
from vchar.ui.session import Session, new_seed

FIRST = ("age", "gender", "height", "weight", "muscle", "proportions")  # the others stand in a group that is closed
BOLD = 0.8  # how far from neutral a body by chance may be
LABELS = {"age": "Body age", "gender": "Body gender"}  # a face has these too


def build(desk: Desk) -> None:
    with gr.Row(elem_id="physique", elem_classes="card card-head"):
        gr.HTML("<h2>Body</h2>", apply_default_css=False)
        dice = gr.Button("Random body", elem_id="random-body", elem_classes="icon-dice", size="sm", min_width=0)
    panel = sliders("shape", [_dial(slider) for slider in SLIDERS], lockable=True)
    desk.follow(panel, _view)
    desk.choose(panel.slide, _slide, [panel], live=True)
    desk.choose(panel.lock, lambda session, panel: session.lock_body(panel["locked"]), [panel], live=True)
    desk.choose(dice.click, lambda session: _throw(session, new_seed()))


def _dial(slider: BodySlider) -> Dial:
    group = "Figure" if slider.name in FIRST else "Details"
    return Dial(slider.name, LABELS.get(slider.name, slider.label), slider.low_label, slider.high_label, group=group)


def _view(session: Session) -> dict[str, Any]:
    values = {name: round(100 * value) for name, value in session.character.body.shape.items()}
    return {"values": values, "locked": sorted(session.locked_body)}


def _slide(session: Session, panel: dict[str, Any]) -> Session:
    before = session.character.body
    after = replace(before, shape={name: value / 100 for name, value in panel["values"].items()})
    moved = [name for name in NAMES if before.shape.get(name) != after.shape.get(name)]
    return session.embody(after, f"shape {' '.join(moved)}")


def _throw(session: Session, seed: int) -> Session:
    """Another body; what is locked stays."""
    before = session.character.body
    drawn = dict(zip(NAMES, (BOLD * random_sliders(1, seed)[0]).tolist(), strict=True))
    kept = {name: before.shape.get(name, 0.0) for name in session.locked_body}
    return session.embody(replace(before, shape=drawn | kept), "random body")
