"""The Body & Motion tab: body and outfit at the left; what it does, and files of it, at the right."""

from __future__ import annotations

import gradio as gr

from vchar.ui import clothing, figure, motions, physique, taking
from vchar.ui.desk import Desk

NAME = "Body & Motion"


def build_tools(desk: Desk) -> None:
    with gr.Column(elem_classes="tools on-body"):
        physique.build(desk)
        clothing.build(desk)


def build_rail(desk: Desk, stand: figure.Stand) -> None:
    with gr.Column(elem_classes="rail on-body"):
        prompt = motions.build(desk, stand)
        taking.build(desk, prompt)
