"""The Face tab: who it is at the left; variations and keeping at the right."""

from __future__ import annotations

import gradio as gr

from vchar.ui import favourites, features, identity, mixing, restoring, variations
from vchar.ui.desk import Desk


def build(desk: Desk) -> None:
    with gr.Column(elem_classes="tools on-face"):
        identity.build(desk)
        features.build(desk)
        mixing.build(desk)
    with gr.Column(elem_classes="rail on-face"):
        variations.build(desk)
        favourites.build(desk)
        restoring.build(desk)
