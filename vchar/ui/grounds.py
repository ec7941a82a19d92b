"""What shall be behind a head that is taken away: a choice, and the colour of a plain one."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.components import Component

from vchar.export.sheet import PAPER

HIDDEN: Any = "hidden"  # on the page but not seen: of what is not on the page at all, events that need it wait in vain
GROUNDS = {"As it is": "photo", "Plain": "plain", "Transparent": "transparent"}


def build(name: str) -> list[Component]:
    """Both controls, whose values `asked` understands; `name` begins their ids."""
    chosen = gr.Radio(
        list(GROUNDS), value="As it is", label="Ground", elem_id=f"{name}-ground", elem_classes="segments"
    )
    colour = gr.ColorPicker(PAPER, label=f"Colour of the {name}'s ground", elem_id=f"{name}-colour", visible=HIDDEN)
    chosen.input(
        lambda ground: gr.update(visible=ground == "Plain" or HIDDEN),
        chosen,
        colour,
        show_progress="hidden",
        api_visibility="private",
    )
    return [chosen, colour]


def asked(chosen: str, colour: str) -> dict[str, Any]:
    """The values of the controls as the studio's verbs want them."""
    return {"ground": GROUNDS[chosen], "colour": _hex(colour)}


def _hex(colour: str) -> str:
    """Gradio's picker may say rgba(244.3, 243, 239, 1)."""
    if not colour.startswith("rgba"):
        return colour
    red, green, blue = (round(float(part)) for part in colour[5:-1].split(",")[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"
