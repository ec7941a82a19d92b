"""The desk that all panels of a tab share: one visitor's session, one stage, and the wires between them.

A panel does two things. It says what follows the session (`follow`), and which of its events change it (`choose`).
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, ParamSpec, TypeVar

import gradio as gr
from gradio.blocks import Block
from gradio.components import Component
from gradio.events import Dependency

from vchar.character import Character
from vchar.errors import VcharError
from vchar.studio import Studio
from vchar.ui import components
from vchar.ui.preview import FULL, asleep, picture, portrayed, recoded
from vchar.ui.session import Session

# Everything that edits a recipe waits in one queue, one at a time: a session is never changed by two events at once.
EDITING: dict[str, Any] = {"concurrency_id": "preview", "concurrency_limit": 1}
HEAVY: dict[str, Any] = {"concurrency_id": "heavy", "concurrency_limit": 1}
# The old picture stays, no spinner. Nor is any component told of the progress: to tell it, Gradio's page copies all
# that it is made of, several times an event, which took longer than the event.
QUIET: dict[str, Any] = {"show_progress": "hidden", "show_progress_on": [], "api_visibility": "private"}
APOLOGY = "Something went wrong on our side. Nothing is lost: please try that again."

Inputs = ParamSpec("Inputs")
Result = TypeVar("Result")
Skip = dict[str, Any]  # Gradio's word for "leave all as it is"
Event = Callable[..., Any]  # such as `button.click`
View = Callable[[Session], Any]  # what a component shows of a session
Choice = Callable[..., Session]  # (session, *inputs) -> session


def warn(sentence: str) -> None:
    """Tell the visitor; as text, as it may quote a stranger's file or link."""
    gr.Warning(escape(sentence, quote=False), title="That did not work")


def polite(function: Callable[Inputs, Result]) -> Callable[Inputs, Result | Skip]:
    """Turn a failure into one sentence for the visitor and leave everything as it was."""

    @functools.wraps(function)
    def wrapped(*args: Inputs.args, **kwargs: Inputs.kwargs) -> Result | Skip:
        try:
            return function(*args, **kwargs)
        except VcharError as error:
            warn(str(error))
        except Exception:
            logging.getLogger(__name__).exception("An event of the studio failed.")
            warn(APOLOGY)
        return gr.skip()

    return wrapped


def _news(known: object, new: object) -> object:
    """`new`; of a control's parts, also which are "news": a hand may have changed the others in the meantime."""
    if not isinstance(new, dict) or not isinstance(known, dict) or "__type__" in new:  # Gradio's own updates
        return new
    return new | {"news": [part for part in new if new[part] != known.get(part)]}


@dataclass
class Desk:
    """What a panel needs to be built; `place` the stage first, and `connect` once all panels are built."""

    studio: Studio
    page: gr.Blocks
    session: gr.State = field(default_factory=lambda: gr.State(Session.start(Character())))
    stage: gr.HTML = field(default_factory=lambda: components.stage("stage"))
    followers: dict[Block, View] = field(default_factory=dict)
    choices: list[tuple[Event, Choice, Sequence[Component], bool]] = field(default_factory=list)
    rested: Dependency = field(init=False)  # the full-size picture has been asked for, since the hand rests

    def follow(self, component: Block, view: View) -> None:
        """After every choice, `component` shows `view(session)`."""
        self.followers[component] = view

    def choose(self, event: Event, choice: Choice, inputs: Sequence[Component] = (), live: bool = False) -> None:
        """Let `event` replace the session by `choice(session, *inputs)`.

        `live`: the event comes many times a second, so only the newest counts, and it answers with what changed alone,
        its own inputs left out: a slider must not fight the hand that moves it.
        """
        self.choices.append((event, choice, inputs, live))

    def awake(self, session: Session) -> bool:
        """Whether what shall stand on the stage can be drawn at once."""
        return session.photo is not None or self.studio.generator(session.character).ready

    def shown(self, session: Session) -> dict[Block, Any]:
        """Every follower's value."""
        return {component: view(session) for component, view in self.followers.items()}

    def place(self) -> None:
        """Put the stage here; its full-size picture goes before all else that waits for the hand to rest."""
        self.stage.render()
        self.rested = self.stage.refine(
            polite(lambda session: picture(self.studio, session.character, FULL, session.photo)),
            self.session,
            self.stage,
            trigger_mode="always_last",
            **HEAVY,
            **QUIET,
        )

    def at_rest(
        self, look: Callable[..., Any], inputs: Sequence[Component], outputs: Sequence[Component]
    ) -> Dependency:
        """Let `look` see what stands on the stage each time that the hand has come to rest.

        One after another and not all by the same event: of an event where the newest counts, Gradio's page repeats all
        that listens, so that two slow listeners keep each other going for ever.
        """
        return self.rested.then(polite(look), inputs, outputs, trigger_mode="always_last", **HEAVY, **QUIET)

    def connect(self) -> None:
        for event, choice, inputs, live in self.choices:
            listeners = [each for each in self.followers if not live or each not in inputs]
            event(
                polite(self._handler(choice, listeners, live)),
                [self.session, *inputs],
                [self.session, self.stage, *listeners],
                trigger_mode="always_last" if live else "multiple",
                **EDITING,
                **QUIET,
            )

    def _handler(self, choice: Choice, listeners: Sequence[Block], live: bool) -> Callable[..., dict[Block, Any]]:
        @functools.wraps(choice)  # keeps the signature, by which Gradio knows who wants event data
        def handle(session: Session, *inputs: object) -> dict[Block, Any]:
            chosen = choice(session, *inputs)
            echoes = {each: self.followers[each](chosen) for each in listeners}
            if live:
                known = {each: self.followers[each](session) for each in listeners}
                echoes = {each: _news(known[each], new) for each, new in echoes.items() if new != known[each]}
            before, after = ((each.character, each.photo) for each in (session, chosen))
            if after != before and self.awake(chosen):
                same = (portrayed(after[0]), after[1]) == (portrayed(before[0]), before[1])
                echoes[self.stage] = recoded(*after) if same else picture(self.studio, after[0], photo=after[1])
            elif after[0].model != before[0].model:
                echoes[self.stage] = asleep()
            return {self.session: chosen, **echoes}

        return handle
