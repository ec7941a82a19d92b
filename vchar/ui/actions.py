"""The 52 facial actions, region by region; they show what the face does by itself until they are set by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from vchar.expressing import target, vector
from vchar.rig.blendshapes import ARKIT_NAMES, MIRROR, REGIONS
from vchar.ui.components import Dial, sliders
from vchar.ui.desk import Desk
from vchar.ui.session import Session


def build(desk: Desk) -> None:
    panel = sliders(
        "actions", [_dial(name, region) for region in REGIONS for name in REGIONS[region]], linkable=True, opened=0
    )
    desk.follow(panel, _view)
    desk.choose(panel.slide, _slide, [panel], live=True)


def _dial(name: str, region: str) -> Dial:
    label = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
    label = re.sub(r" (left|right)$", r", \1", label)
    return Dial(name, label, "", "", 0, 100, tooltip=name, group=region, twin=MIRROR.get(name, ""))


def _view(session: Session) -> dict[str, Any]:
    by_hand = session.character.expression.arkit
    values = {name: round(100 * weight) for name, weight in by_hand.items()}
    return {"values": values, "locked": [], "rest": _rest(session)}


def _rest(session: Session) -> dict[str, int]:
    """Where each slider stands, 0..100, until it is set by hand: the face itself and the emotions decide."""
    weights = target(vector(session.own or {}), replace(session.character.expression, arkit={}))
    return {name: round(100 * float(weight)) for name, weight in zip(ARKIT_NAMES, weights, strict=True)}


def _slide(session: Session, panel: dict[str, Any]) -> Session:
    """What stands where it would rest is not set by hand."""
    before, rest = session.character.expression, _rest(session)
    after = {name: value / 100 for name, value in panel["values"].items() if value != rest[name]}
    moved = sorted(name for name in ARKIT_NAMES if before.arkit.get(name) != after.get(name))
    return session.express(replace(before, arkit=after), f"act {' '.join(moved)}")
