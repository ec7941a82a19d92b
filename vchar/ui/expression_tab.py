"""The Expression tab: what the face does at the left; whose face, presets and sheets at the right."""

from __future__ import annotations

import gradio as gr

from vchar.ui import actions, copying, feelings, gazing, opening, presets, sheets
from vchar.ui.desk import Desk


def build(desk: Desk) -> None:
    with gr.Column(elem_classes="tools on-expression"):
        feelings.build(desk)
        gazing.build(desk)
        actions.build(desk)
    with gr.Column(elem_classes="rail on-expression"):
        opening.build(desk)
        copying.build(desk)
        presets.build(desk)
        sheets.build(desk)
