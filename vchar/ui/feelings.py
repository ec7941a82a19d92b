"""Named emotions with their strength, what they start from, and where they reach."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gradio as gr

from vchar.export.sheet import label
from vchar.rig.blendshapes import PRESETS, REGIONS
from vchar.ui import components
from vchar.ui.desk import Desk
from vchar.ui.session import Session


def build(desk: Desk) -> None:
    emotions = [{"name": name, "label": label(name), "weights": dict(weights)} for name, weights in PRESETS.items()]
    with gr.Column(elem_id="emotions", elem_classes="card"):
        panel = components.feelings("feelings", emotions, list(REGIONS))
    desk.follow(panel, _view)
    desk.choose(panel.feel, _feel, [panel], live=True)


def _view(session: Session) -> dict[str, Any]:
    expression = session.character.expression
    return {
        "emotions": {name: round(100 * strength) for name, strength in expression.emotions.items()},
        "neutralise": expression.neutralise,
        "regions": list(expression.regions),
    }


def _feel(session: Session, panel: dict[str, Any]) -> Session:
    before = session.character.expression
    emotions = {name: strength / 100 for name, strength in panel["emotions"].items()}
    after = replace(before, emotions=emotions, neutralise=panel["neutralise"], regions=tuple(panel["regions"]))
    changed = [name for name in PRESETS if before.emotions.get(name) != after.emotions.get(name)]
    return session.express(after, f"feel {' '.join(changed)}")
