"""The View tab: where the head looks at the left; what to take away from all sides at the right."""

from __future__ import annotations

import gradio as gr

from vchar.ui import films, solid, turner
from vchar.ui.desk import Desk


def build_tools(desk: Desk) -> None:
    with gr.Column(elem_classes="tools on-view"):
        turner.build(desk)


def build_rail(desk: Desk) -> None:
    with gr.Column(elem_classes="on-view"):
        films.build(desk)
        solid.build(desk)
