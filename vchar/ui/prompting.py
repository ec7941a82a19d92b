"""What the body shall do: words, examples, all known actions, and how it's done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gradio as gr

from vchar.character import ENERGY, SECONDS, Motion
from vchar.errors import VcharError
from vchar.ui import components
from vchar.ui.components import Dial, fold, sliders
from vchar.ui.desk import Desk
from vchar.ui.session import Session, new_seed

EXAMPLES = (
    "a person walks forward",
    "a person waves with the right hand",
    "a person jumps",
    "a person dances the salsa",
    "a person sneaks",
    "a person punches",
    "a person walks\na person turns around\na person cheers",
)
SWITCHES = {"loop": "Loop", "in_place": "In place", "foot_lock": "Foot lock"}
HINT = "<p class='hint'>Plain English works best. One step a line: several lines become one motion.</p>"


def build(desk: Desk) -> gr.Textbox:
    """The part of a card; returns the prompt's field."""
    prompt = gr.Textbox(
        desk.session.value.character.motion.prompt,
        label="What the character does",
        placeholder="a person walks forward",
        lines=2,
        max_lines=6,
        elem_id="prompt",
    )
    gr.HTML(HINT, apply_default_css=False)
    examples = components.chips("examples", "Examples", [_step(text) for text in EXAMPLES], EXAMPLES)
    actions = desk.studio.actions
    with gr.Column(elem_id="actions-browser", elem_classes="folded"):
        fold(f"All {len(actions)} actions")
        known = components.chips("known-actions", "Known actions", list(actions), list(actions.values()), search=True)
    panel = sliders("pace", _dials())
    with gr.Row(elem_id="motion-seed-row"):
        seed = gr.Number(0, label="Motion seed", precision=0, elem_id="motion-seed")
        dice = gr.Button("Another take", elem_id="motion-dice", elem_classes="icon-dice", size="sm", min_width=0)
    with gr.Row(elem_id="switches"):
        boxes = {
            name: gr.Checkbox(label=label, elem_id=f"motion-{name}", min_width=0) for name, label in SWITCHES.items()
        }

    desk.follow(prompt, lambda session: session.character.motion.prompt)
    desk.choose(prompt.input, _say, [prompt], live=True)
    desk.choose(prompt.blur, _heed, [prompt], live=True)  # Gradio 6.31 tells of no input where a prompt was pasted
    for chips in (examples, known):
        desk.choose(chips.pick, _pick)
    desk.follow(panel, _view)
    desk.choose(panel.slide, _slide, [panel], live=True)
    desk.follow(seed, lambda session: session.character.motion.seed)
    desk.choose(seed.input, _reseed, [seed], live=True)
    desk.choose(dice.click, lambda session: _reseed(session, new_seed()))
    for name, box in boxes.items():
        _connect_switch(desk, name, box)
    return prompt


def _connect_switch(desk: Desk, name: str, box: gr.Checkbox) -> None:
    def switch(session: Session, on: bool) -> Session:
        return session.ask(replace(session.character.motion, **{name: on}), name)

    desk.follow(box, lambda session: getattr(session.character.motion, name))
    desk.choose(box.input, switch, [box], live=True)


def _step(prompt: str) -> str:
    """A prompt as a chip shows it."""
    return ", then ".join(line.removeprefix("a person ") for line in prompt.splitlines())


def _dials() -> list[Dial]:
    usual = Motion()
    return [
        Dial("seconds", "Seconds of each step", "", "", *SECONDS, round(usual.seconds)),
        Dial("energy", "Energy", "Calmer", "Livelier"),
    ]


def _view(session: Session) -> dict[str, Any]:
    motion = session.character.motion
    values = {"seconds": round(motion.seconds), "energy": round(100 * motion.energy / ENERGY)}
    return {"values": values, "locked": []}


def _slide(session: Session, panel: dict[str, Any]) -> Session:
    """What was not moved keeps its decimals."""
    before, motion = _view(session)["values"], session.character.motion
    asked = {"seconds": panel["values"]["seconds"], "energy": panel["values"]["energy"] / 100 * ENERGY}
    moved = {name: value for name, value in asked.items() if panel["values"][name] != before[name]}
    return session.ask(replace(motion, **moved), f"pace {' '.join(moved)}")


def _pick(session: Session, event: gr.EventData) -> Session:
    return _say(session, event.prompt)


def _say(session: Session, prompt: str) -> Session:
    return session.ask(replace(session.character.motion, prompt=prompt), "prompt")


def _heed(session: Session, prompt: str) -> Session:
    """As `_say`, but what can't be done is told when it is to be done."""
    try:
        return _say(session, prompt)
    except VcharError:
        return session


def _reseed(session: Session, seed: int | None) -> Session:
    return session if seed is None else session.ask(replace(session.character.motion, seed=seed), "motion seed")
