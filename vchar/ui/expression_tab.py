"""The Expression tab: what the face does at the left; presets and sheets at the right."""

from __future__ import annotations

import gradio as gr

from vchar.ui import actions, copying, feelings, gazing, presets, sheets
from vchar.ui.desk import Desk


def build_tools(desk: Desk) -> None:
    with gr.Column(elem_classes="tools on-expression"):
        feelings.build(desk)
        gazing.build(desk)
        actions.build(desk)


def build_rail(desk: Desk) -> None:
    with gr.Column(elem_classes="on-expression"):
        copying.build(desk)
        presets.build(desk)
        sheets.build(desk)
