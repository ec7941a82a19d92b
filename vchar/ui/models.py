"""Which generator makes the face, and what one may do with its pictures."""

from __future__ import annotations

from html import escape

import gradio as gr

from vchar.generators import Generator
from vchar.ui.desk import Desk
from vchar.ui.session import Session


def build(desk: Desk) -> None:
    """Part of a card; nothing where there is no choice."""
    generators = desk.studio.generators
    if len(generators) < 2:
        return
    model = gr.Radio(
        [(each.label, each.model) for each in generators],
        value=generators[0].model,
        label="Made by",
        elem_id="model",
    )
    terms = gr.HTML(_terms(generators[0]), apply_default_css=False, elem_id="model-terms")
    desk.follow(model, lambda session: session.character.model)
    desk.follow(terms, lambda session: _terms(desk.studio.generator(session.character)))
    desk.choose(model.input, Session.become, [model])


def _terms(generator: Generator) -> str:
    said = f"{generator.licence.short}. {generator.note}".strip()
    return f"<p class='hint'>{escape(said[0].upper() + said[1:])}</p>"
