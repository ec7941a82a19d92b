"""Favourites: characters kept in the visitor's own browser, so that they outlive any restart of the server."""

from __future__ import annotations

from dataclasses import replace

import gradio as gr

from vchar.character import Character
from vchar.errors import VcharError
from vchar.ui.components import thumbnails
from vchar.ui.desk import HEAVY, QUIET, Desk, polite
from vchar.ui.preview import thumbnail
from vchar.ui.session import Session

MOST = 60  # favourites; 60 thumbnails of about 4 KB are far below what a browser stores for a site
SIZE = 96  # px of a thumbnail

Favourite = dict[str, str]  # name, code, thumb (a small JPEG as a data URI)
Shelf = tuple[list[Favourite], list[dict[str, str]]]  # what is stored, and what is shown of it


def build(desk: Desk) -> None:
    # Gradio draws a new key and secret at every start, which would forget everything. Both are fixed here; the
    # secret is public, which is fine: what it wraps is the visitor's own data in the visitor's own browser.
    stored = gr.BrowserState([], storage_key="vchar-favourites", secret="vchar-favourites-1")
    with gr.Column(elem_id="favourites", elem_classes="card"):
        with gr.Row(elem_classes="card-head"):
            gr.HTML("<h2>Favourites</h2>", apply_default_css=False)
            keep = gr.Button("Keep", elem_id="keep", elem_classes="icon-heart", size="sm", min_width=0)
        thumbs = thumbnails(
            "favourite-list", "Favourites", editable=True, empty="Keep a face you like: it stays in this browser."
        )

    def add(session: Session, favourites: list[Favourite]) -> Shelf:
        character = session.character
        thumb = thumbnail(desk.studio, character, SIZE, 80)
        favourites = with_favourite(favourites, character, thumb)
        return favourites, cards(favourites)

    def rename(favourites: list[Favourite], event: gr.EventData) -> Shelf:
        renamed = with_name(favourites, event.index, event.name)
        return renamed, cards(renamed)

    def remove(favourites: list[Favourite], event: gr.EventData) -> Shelf:
        left = [each for place, each in enumerate(favourites) if place != event.index]
        return left, cards(left)

    def load(session: Session, favourites: list[Favourite], event: gr.EventData) -> Session:
        return session.load(Character.from_code(favourites[event.index]["code"]), "favourite")

    def meet(session: Session, favourites: list[Favourite], event: gr.EventData) -> Session:
        return session.meet_character(Character.from_code(favourites[event.index]["code"]))

    desk.choose(keep.click, Session.keep)
    added = keep.click(polite(add), [desk.session, stored], [stored, thumbs], **HEAVY, **QUIET)
    added.then(None, js="() => vchar.say('Kept in this browser')")
    thumbs.rename(polite(rename), stored, [stored, thumbs], **QUIET)
    thumbs.remove(polite(remove), stored, [stored, thumbs], **QUIET)
    desk.choose(thumbs.pick, load, [stored])
    desk.choose(thumbs.mix, meet, [stored])
    desk.page.load(cards, stored, thumbs, **QUIET)


def with_favourite(favourites: list[Favourite], character: Character, thumb: str) -> list[Favourite]:
    """The list with `character` in front, moved there if it was kept before."""
    code = character.to_code()
    others = [each for each in favourites if each["code"] != code]
    if len(others) >= MOST:
        raise VcharError(f"There is room for {MOST} favourites in this browser; delete one, then keep this face.")
    return [{"name": character.name or f"Seed {character.seed}", "code": code, "thumb": thumb}, *others]


def with_name(favourites: list[Favourite], place: int, name: str) -> list[Favourite]:
    """The list with another name for one favourite, in its recipe too."""
    kept = favourites[place]
    character = replace(Character.from_code(kept["code"]), name=name)
    renamed = {**kept, "name": character.name, "code": character.to_code()}
    return [*favourites[:place], renamed, *favourites[place + 1 :]]


def cards(favourites: list[Favourite]) -> list[dict[str, str]]:
    """The favourites as thumbnails."""
    return [{"src": each["thumb"], "alt": f"Load {each['name']}", "label": each["name"]} for each in favourites]
