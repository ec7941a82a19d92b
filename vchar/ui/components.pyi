"""The studio's own controls: thin `gr.HTML` subclasses whose markup and behaviour lie in `static/`.

One panel of sliders is one component, so a step of one slider costs one small event, and undo one small answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from typing import Any

import gradio as gr


def static(name: str) -> str:
    """The text of a file in `static/`."""
    return (files("vchar.ui") / "static" / name).read_text(encoding="utf-8")

from gradio.events import Dependency

class _Control(gr.HTML):
    """A control whose value is any JSON; `file` names its `.html` and `.js` in `static/`."""

    file: str

    def __init__(self, value: Any = None, **props: Any) -> None:
        super().__init__(
            value,
            html_template=static(f"{self.file}.html"),
            js_on_load=static(f"{self.file}.js"),
            apply_default_css=False,
            **props,
        )

    def api_info(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": True}
    from typing import Callable, Literal, Sequence, Any, TYPE_CHECKING
    from gradio.blocks import Block
    if TYPE_CHECKING:
        from gradio.components import Timer
        from gradio.components.base import Component


class Stage(_Control):
    """The large picture.

    Its value is one of the answers of `vchar.ui.preview`. Events: `refine` once the picture has stood still for a
    moment, `awaken` when the visitor asks to try again, `calm` when the visitor cancels.
    """

    file = "stage"
    from typing import Callable, Literal, Sequence, Any, TYPE_CHECKING
    from gradio.blocks import Block
    if TYPE_CHECKING:
        from gradio.components import Timer
        from gradio.components.base import Component


class Thumbnails(_Control):
    """Small pictures to click on; value: a list of `{src, alt, label}`, src "" while a picture is still to come.

    Events, each with `index` in its data: `pick`, and where `editable`, `rename` (with `name`) and `remove`.
    """

    file = "thumbnails"

    def __init__(self, value: Any = None, editable: bool = False, empty: str = "", **props: Any) -> None:
        super().__init__(value or [], editable=editable, empty=empty, **props)
    from typing import Callable, Literal, Sequence, Any, TYPE_CHECKING
    from gradio.blocks import Block
    if TYPE_CHECKING:
        from gradio.components import Timer
        from gradio.components.base import Component


class Download(_Control):
    """Hands the browser a file that never touches the server's disk; value: `{name, mime, base64}`."""

    file = "download"

    def __init__(self, **props: Any) -> None:
        super().__init__(None, visible="hidden", **props)
    from typing import Callable, Literal, Sequence, Any, TYPE_CHECKING
    from gradio.blocks import Block
    if TYPE_CHECKING:
        from gradio.components import Timer
        from gradio.components.base import Component


@dataclass(frozen=True)
class Dial:
    """One slider as it stands on the screen, in whole numbers."""

    name: str
    label: str  # unique on the page: it is the control's accessible name
    low: str = ""  # what the left end means
    high: str = ""
    minimum: int = -100
    maximum: int = 100
    neutral: int = 0
    tooltip: str = ""
    group: str = ""


class Sliders(_Control):
    """A panel of sliders in groups; value: `{"values": {name: number}, "locked": [name, ...]}`.

    Events: `slide` at each step of any slider, from mouse, finger or keyboard alike; `lock` at each padlock.
    """

    file = "sliders"

    def __init__(self, dials: Sequence[Dial], lockable: bool = False, opened: int = 1, **props: Any) -> None:
        groups = [
            {"title": title, "open": number < opened, "dials": [vars(dial) for dial in members]}
            for number, (title, members) in enumerate(groupby(dials, lambda dial: dial.group))
        ]
        neutral = {dial.name: dial.neutral for dial in dials}
        super().__init__({"values": neutral, "locked": []}, groups=groups, lockable=lockable, **props)
    from typing import Callable, Literal, Sequence, Any, TYPE_CHECKING
    from gradio.blocks import Block
    if TYPE_CHECKING:
        from gradio.components import Timer
        from gradio.components.base import Component