"""Eight variations of the character on screen, to click on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from vchar.character import Character
from vchar.ui.components import Dial, sliders, thumbnails
from vchar.ui.desk import HEAVY, QUIET, Desk, Skip, polite
from vchar.ui.preview import describe, thumbnail
from vchar.ui.session import Session, new_seed

COUNT = 8
TO_COME = [{"src": "", "alt": f"Variation {number}", "label": ""} for number in range(1, COUNT + 1)]


@dataclass(frozen=True)
class Strip:
    """The variations on screen: what they were made from, and the recipes."""

    source: tuple[Any, ...] = ()
    recipes: tuple[str, ...] = ()


def build(desk: Desk) -> None:
    strip, seed = gr.State(Strip()), gr.State(0)
    with gr.Column(elem_id="variations", elem_classes="card"):
        with gr.Row(elem_classes="card-head"):
            gr.HTML("<h2>Variations</h2>", apply_default_css=False)
            again = gr.Button("New eight", elem_id="new-variations", elem_classes="icon-reset", size="sm", min_width=0)
        thumbs = thumbnails("variation-list", "Variations: click one to make it the character", TO_COME)
        strength = sliders("variation-strength", [Dial("variation", "Variation strength", "Close", "Far", 5, 100, 30)])

    def show(
        session: Session, shown: Strip, panel: dict[str, Any], number: int
    ) -> tuple[Strip, list[dict[str, str]]] | Skip:
        keep, share = tuple(sorted(session.locked)), panel["values"]["variation"] / 100
        source = (session.face, keep, share, number)
        if source == shown.source or not desk.awake(session):
            return gr.skip()
        found = desk.studio.variations(session.face, COUNT, share, number, keep=keep)  # expressions would take too long
        cards = [_card(desk, character, place) for place, character in enumerate(found, 1)]
        return Strip(source, tuple(character.to_json() for character in found)), cards

    def pick(session: Session, shown: Strip, event: gr.EventData) -> Session:
        relative, current = Character.from_json(shown.recipes[event.index]), session.character
        kept = {name: getattr(current, name) for name in ("expression", "view", "body", "motion", "name")}
        return session.choose(replace(relative, **kept), "variation")

    inputs, outputs = [desk.session, strip, strength, seed], [strip, thumbs]
    desk.at_rest(show, inputs, outputs)
    for event in (strength.slide, again.click(new_seed, None, seed, **QUIET).then):
        event(polite(show), inputs, outputs, trigger_mode="always_last", **HEAVY, **QUIET)
    desk.choose(thumbs.pick, pick, [strip])


def _card(desk: Desk, character: Character, place: int) -> dict[str, str]:
    alt = f"Variation {place}. {describe(character, desk.studio.generator(character).sliders)}"
    return {"src": thumbnail(desk.studio, character), "alt": alt, "label": ""}
