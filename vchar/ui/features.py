"""The face sliders, in their groups, each with its padlock."""

from __future__ import annotations

from typing import Any

from vchar.models.sliders import SliderSpec
from vchar.ui.components import Dial, sliders
from vchar.ui.desk import Desk
from vchar.ui.session import Session


def build(desk: Desk) -> None:
    panel = sliders("features", [_dial(spec) for spec in desk.studio.sliders], lockable=True, opened=2)
    desk.follow(panel, _view)
    desk.choose(panel.slide, _slide, [panel], live=True)
    desk.choose(panel.lock, _lock, [panel], live=True)


def _dial(spec: SliderSpec) -> Dial:
    return Dial(
        spec.name,
        spec.label,
        spec.low_label,
        spec.high_label,
        round(100 * spec.minimum),
        tooltip=spec.tooltip,
        group=spec.group,
    )


def _view(session: Session) -> dict[str, Any]:
    values = {name: round(100 * value) for name, value in session.character.sliders.items()}
    return {"values": values, "locked": sorted(session.locked)}


def _slide(session: Session, panel: dict[str, Any]) -> Session:
    return session.slide({name: value / 100 for name, value in panel["values"].items()})


def _lock(session: Session, panel: dict[str, Any]) -> Session:
    return session.lock(panel["locked"])
