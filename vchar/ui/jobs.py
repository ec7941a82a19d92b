"""Work that takes seconds: a bar that says how far it is, and a button that stops it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from html import escape
from typing import Any, TypeVar

import gradio as gr
from gradio.events import Dependency

from vchar.errors import VcharError
from vchar.progress import Progress
from vchar.ui.desk import QUIET

Update = dict[Any, Any]  # by component, for a generator to yield
Result = TypeVar("Result")


def heard(work: Callable[[Progress], Result]) -> Generator[tuple[float, str], None, Result]:
    """What `work` tells of its progress while it runs in a thread, then its result; closing it cancels the work."""
    news: queue.Queue[tuple[float, str] | None] = queue.Queue()
    left, done = threading.Event(), Future[Result]()

    def report(share: float, step: str) -> None:
        if left.is_set():
            raise VcharError("This was cancelled; ask again when you like.")
        news.put((share, step))

    def run() -> None:
        try:
            done.set_result(work(report))
        except Exception as error:  # raised again where the result is wanted
            done.set_exception(error)
        finally:
            news.put(None)

    threading.Thread(target=run, daemon=True).start()
    try:
        yield from iter(news.get, None)
    finally:
        left.set()
    return done.result()


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

    def start(self) -> Update:
        """As `begin`, where nobody knows yet how much there is to do."""
        return {self.row: gr.update(visible=True), self.bar: "<progress></progress>"}

    def follow(self, work: Callable[[Progress], Result]) -> Generator[Update, None, Result]:
        """See `heard`."""
        news = heard(work)
        try:
            while True:
                share, step = next(news)
                yield {self.bar: f"<progress value='{share:.3f}'></progress><span>{escape(step)}</span>"}
        except StopIteration as end:
            return end.value
        finally:
            news.close()

    def end(self) -> Update:
        return {self.row: gr.update(visible=False)}

    def stops(self, running: Iterable[Dependency]) -> None:
        """Let Cancel stop these events."""
        hidden = gr.update(visible=False)
        self.button.click(lambda: hidden, None, self.row, cancels=list(running), queue=False, **QUIET)  # pyright: ignore
