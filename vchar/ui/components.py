"""The studio's own controls: `gr.HTML`s whose markup and behaviour lie in `static/`.

One panel of sliders is one component, so a step of one slider costs one small event, and undo one small answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from typing import Any

import gradio as gr


def static(name: str) -> str:
    """The text of a file in `static/`."""
    return (files("vchar.ui") / "static" / name).read_text(encoding="utf-8")


def _control(file: str, value: object, props: Mapping[str, Any]) -> gr.HTML:
    """A `gr.HTML` made of `file`.html and `file`.js; the value is any JSON, and all other `props` reach the page.

    Functions and not subclasses: Gradio writes a `.pyi` file beside the source of every class of components.
    """
    return gr.HTML(
        value, html_template=static(f"{file}.html"), js_on_load=static(f"{file}.js"), apply_default_css=False, **props
    )


def tabs(elem_id: str, names: Sequence[str]) -> gr.HTML:
    """The tabs, still to be rendered; value: the name of the open one, at first the first. Event: `open`."""
    return _control("tabs", names[0], {"elem_id": elem_id, "names": list(names), "render": False})


def fold(title: str) -> gr.HTML:
    """The heading, first in its card, that opens and closes it.

    Not `gr.Accordion`: what it holds is not on the page while it's closed, and custom controls come back empty.
    """
    return _control("fold", None, {"title": title, "elem_classes": "fold-head"})


def stage(elem_id: str) -> gr.HTML:
    """The large picture, still to be rendered; its value is one of the answers of `vchar.ui.preview`.

    Events: `refine` once the picture has stood still for a moment, `awaken` when the visitor asks to try again,
    `calm` when the visitor cancels.
    """
    return _control("stage", None, {"elem_id": elem_id, "render": False})


def thumbnails(
    elem_id: str, label: str, value: Sequence[Mapping[str, str]] = (), editable: bool = False, empty: str = ""
) -> gr.HTML:
    """Small pictures to click on; value: a list of `{src, alt, label}`, src "" while a picture is still to come.

    Events, each with `index` in its data: `pick`, and where `editable`, `mix`, `rename` (with `name`) and `remove`.
    `empty` is what to say where there is none.
    """
    props = {"elem_id": elem_id, "label": label, "editable": editable, "empty": empty}
    return _control("thumbnails", list(value), props)


def download() -> gr.HTML:
    """Hands the browser a file that never touches the server's disk; value: `{name, mime, base64, stamp}`."""
    return _control("download", None, {"visible": "hidden"})


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
    twin: str = ""  # the dial that moves along where left and right are linked


def sliders(
    elem_id: str,
    dials: Sequence[Dial],
    lockable: bool = False,
    linkable: bool = False,
    opened: int = 1,
    hidden: bool = False,
) -> gr.HTML:
    """A panel of sliders in groups; value: `{"values": {name: number}, "locked": [name, ...]}`.

    Events: `slide` at each step of any slider, from mouse, finger or keyboard alike; `lock` at each padlock.
    The first `opened` groups stand open. `linkable`: twins of a group move together until they are unlinked.
    A `rest: {name: number}` in the value says where sliders stand that are not among the values; `hidden` takes the
    panel away.
    """
    groups = [
        {"title": title, "open": number < opened, "dials": [vars(dial) for dial in members]}
        for number, (title, members) in enumerate(groupby(dials, lambda dial: dial.group))
    ]
    value = {"values": {dial.name: dial.neutral for dial in dials}, "locked": [], "hidden": hidden}
    return _control(
        "sliders", value, {"elem_id": elem_id, "groups": groups, "lockable": lockable, "linkable": linkable}
    )


def feelings(elem_id: str, emotions: Sequence[Mapping[str, Any]], regions: Sequence[str]) -> gr.HTML:
    """Named emotions; value: `{"emotions": {name: 0..100}, "neutralise": bool, "regions": [name, ...]}`.

    emotions: `{name, label, weights}`, from whose ARKit weights a small face is drawn.  Event: `feel`.
    """
    value = {"emotions": {}, "neutralise": False, "regions": []}
    return _control("feelings", value, {"elem_id": elem_id, "emotions": list(emotions), "regions": ["", *regions]})


def gaze_pad(elem_id: str) -> gr.HTML:
    """Where the eyes look; value: `{"x", "y"}`, -100..100 to the picture's right and up, or None. Event: `look`."""
    return _control("gaze", None, {"elem_id": elem_id})


def turner(elem_id: str, limits: Mapping[str, float]) -> gr.HTML:
    """Buttons of views, and the picture on the stage; value: `{"view", "own"}`, each three angles in degrees.

    `own`: where the picture itself looks; `view` is None as long as the head looks there. Event: `turn`, also while the
    picture is dragged or gets arrow keys, which it does where the tab "View" is open.
    """
    ahead = {"yaw": 0, "pitch": 0, "roll": 0}
    return _control("turner", {"view": None, "own": ahead}, {"elem_id": elem_id, "limits": dict(limits)})


def figure(elem_id: str) -> gr.HTML:
    """A picture that is drawn when it is wanted; value: `{"kind", "key", ...}`.

    kind "wanted": something else is to be shown, which goes by `key`; "none": nothing is; "picture", with `src` and
    `alt`: here it is; "failed", with `message`.  Event: `draw`, while the Body & Motion tab is open.
    """
    return _control("figure", {"kind": "none", "key": ""}, {"elem_id": elem_id})


def outfit(
    elem_id: str,
    slots: Sequence[Mapping[str, Any]],
    patterns: Sequence[tuple[str, str]],
    colours: Sequence[str],
    tones: Sequence[str],
) -> gr.HTML:
    """Clothes to choose; value: `{"worn": {slot: {kind, colour, pattern, second}}, "skin": colour or None}`.

    slots: `{slot, kinds: [{name, label}]}`.  patterns: name and label.  Event: `wear`.
    """
    named = [{"name": name, "label": label} for name, label in patterns]
    props = {"slots": list(slots), "patterns": named, "colours": list(colours), "tones": list(tones)}
    return _control("outfit", {"worn": {}, "skin": None}, {"elem_id": elem_id, **props})


def chips(elem_id: str, title: str, labels: Sequence[str], prompts: Sequence[str], search: bool = False) -> gr.HTML:
    """Short texts to click on. Event: `pick`, with `prompt` in its data. `search`: a field that narrows them down."""
    value = [{"label": label, "prompt": prompt} for label, prompt in zip(labels, prompts, strict=True)]
    return _control("chips", value, {"elem_id": elem_id, "title": title, "search": search})


def reading_line(elem_id: str) -> gr.HTML:
    """What the recogniser sees; value: `{"emotions": [{label, percent}, ...], "note", "code"}` or None.

    It fades as long as the stage shows another character than that of `code`.
    """
    return _control("reads", None, {"elem_id": elem_id})


def face_picker(elem_id: str) -> gr.HTML:
    """A photo and the faces in it; value: `{"src", "boxes": [[left, top, width, height] in %, ...], "chosen"}` or None.

    Event: `pick`, with `index` in its data.
    """
    return _control("faces", None, {"elem_id": elem_id})
