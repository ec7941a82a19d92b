"""The face sliders, in their groups, each with its padlock."""

from __future__ import annotations

from functools import partial, wraps
from typing import Any

from vchar.models.sliders import SliderSpec
from vchar.ui.components import Dial, sliders
from vchar.ui.desk import Choice, Desk
from vchar.ui.session import Session


def build(desk: Desk) -> None:
    """One panel a generator, of which that of the face on the stage is shown."""
    for place, generator in enumerate(desk.studio.generators):
        dials = [_dial(spec) for spec in generator.sliders]
        name = f"features-{generator.model}" if place else "features"
        panel = sliders(name, dials, lockable=True, opened=2, hidden=place > 0)
        desk.follow(panel, partial(_view, generator.model))
        desk.choose(panel.slide, _of(generator.model, _slide), [panel], live=True)
        desk.choose(panel.lock, _of(generator.model, _lock), [panel], live=True)


def _of(model: str, choice: Choice) -> Choice:
    """`choice`, but nothing where another generator came to make the face while the hand's event was on its way."""

    @wraps(choice)
    def guarded(session: Session, panel: dict[str, Any]) -> Session:
        return choice(session, panel) if session.character.model == model else session

    return guarded


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


def _view(model: str, session: Session) -> dict[str, Any]:
    if session.character.model != model:
        return {"values": {}, "locked": [], "hidden": True}
    values = {name: round(100 * value) for name, value in session.character.sliders.items()}
    return {"values": values, "locked": sorted(session.locked), "hidden": False}


def _slide(session: Session, panel: dict[str, Any]) -> Session:
    return session.slide({name: value / 100 for name, value in panel["values"].items()})


def _lock(session: Session, panel: dict[str, Any]) -> Session:
    return session.lock(panel["locked"])
