"""Expressions as files: for another face, another day, or a colleague."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from vchar.character import Expression
from vchar.errors import VcharError
from vchar.ui import components
from vchar.ui.desk import QUIET, Desk, polite
from vchar.ui.session import Session
from vchar.ui.sharing import download, mood


def build(desk: Desk) -> None:
    with gr.Column(elem_id="presets", elem_classes="card"):
        gr.HTML("<h2>Expression</h2>", apply_default_css=False)
        with gr.Row(elem_classes="button-row"):
            save = _button("Save", "save-expression", "icon-download")
            opened = gr.UploadButton(
                "Load",
                file_types=[".json"],
                elem_id="load-expression",
                elem_classes="icon-open",
                size="sm",
                min_width=0,
            )
            clear = _button("Clear", "clear-expression", "icon-reset")
    file = components.download()

    for button in (save, clear):
        desk.follow(button, lambda session: gr.update(interactive=session.character.expression != Expression()))
    desk.follow(opened, lambda session: None)
    save.click(polite(_file), desk.session, file, **QUIET)
    desk.choose(opened.upload, _load, [opened])
    desk.choose(clear.click, lambda session: session.express(Expression(), "clear"))


def _button(label: str, elem_id: str, icon: str) -> gr.Button:
    return gr.Button(label, elem_id=elem_id, elem_classes=icon, size="sm", min_width=0)


def _file(session: Session) -> dict[str, Any]:
    text = session.character.expression.to_json()
    return download(f"{mood(session)}_expression.json", "application/json", text.encode())


def _load(session: Session, path: str) -> Session:
    file = Path(path)
    data = file.read_bytes()
    file.unlink()
    try:
        return session.express(Expression.from_json(data.decode()), "preset")
    except UnicodeDecodeError as error:
        raise VcharError(f"{file.name} is no expression; choose a JSON file that vchar made.") from error
