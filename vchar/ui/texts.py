"""The studio's own pieces of HTML: the header with wordmark and help, and the licence."""

from __future__ import annotations

from html import escape

from vchar.licence import Licence
from vchar.ui.components import static


def header() -> str:
    return static("header.html")


def licence_note(licence: Licence) -> str:
    """The model's name and what it means for the user, with the whole lineage one click away."""
    return (
        '<details class="licence"><summary>'
        f"<strong>{escape(licence.name)}</strong> <span>{escape(licence.short)}</span></summary>"
        f"<p>{escape(licence.text)}</p></details>"
    )
