"""Work that takes seconds: a bar that says how far it is, and a button that stops it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.events import Dependency

from vchar.ui.desk import QUIET

Update = dict[Any, Any]  # by component, for a generator to yield


@dataclass(frozen=True)
class Job:
    """The bar of one card, hidden while nothing runs."""

    row: gr.Row
    bar: gr.HTML
    button: gr.Button

    @classmethod
    def build(cls, name: str) -> Job:
        """With the ids `name`-progress and `name`-stop."""
        with gr.Row(elem_id=f"{name}-progress", elem_classes="job", visible=False) as row:
            bar = gr.HTML("", apply_default_css=False)
            button = gr.Button("Cancel", elem_id=f"{name}-stop", size="sm", min_width=0)
        return cls(row, bar, button)

    @property
    def shown(self) -> list[Any]:
        """What the updates change."""
        return [self.row, self.bar]

    def begin(self, count: int) -> Update:
        return {self.row: gr.update(visible=True), **self.step(0, count)}

    def step(self, done: int, count: int) -> Update:
        return {self.bar: f"<progress max='{count}' value='{done}'></progress><span>{done} of {count}</span>"}

    def end(self) -> Update:
        return {self.row: gr.update(visible=False)}

    def stops(self, running: Iterable[Dependency]) -> None:
        """Let Cancel stop these events."""
        hidden = gr.update(visible=False)
        self.button.click(lambda: hidden, None, self.row, cancels=list(running), queue=False, **QUIET)  # pyright: ignore
