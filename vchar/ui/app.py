"""The web app: one page, its look, and the server's settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import gradio as gr

from vchar.studio import Studio
from vchar.ui import api, workspace
from vchar.ui.components import static
from vchar.ui.desk import Desk
from vchar.ui.texts import header
from vchar.ui.theme import theme

STYLES = (
    "icons", "palette", "studio", "header", "stage", "sliders", "mixing", "thumbnails", "feelings", "reads", "opening",
    "view", "body", "messages", "narrow",
)  # fmt: skip
WAITING_LINE = 128  # events in the queue; beyond it a visitor is told that the studio is busy
LARGEST_UPLOAD = "20mb"  # our PNGs have about 1.5 MB
AN_HOUR = 3600  # s after which files of the API are deleted


def create_app(studio: Studio) -> gr.Blocks:
    """The whole page over `studio`; nothing is computed before a visitor comes."""
    # Gradio sums up its run statistics with pandas after each event, more slowly with each: a slider would feel it.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(sys.maxsize))
    with gr.Blocks(
        title="vchar · virtual character studio",
        fill_width=True,
        analytics_enabled=False,
        delete_cache=(AN_HOUR, AN_HOUR),
    ) as page:
        gr.HTML(header(), elem_id="masthead", apply_default_css=False)
        workspace.build(Desk(studio, page))
        api.build(studio)
    return page.queue(max_size=WAITING_LINE)


def launch_options() -> dict[str, Any]:
    """The settings for `launch` that make the page ours and the server safe."""
    return {
        "theme": theme(),
        "css": "".join(static(f"{name}.css") for name in STYLES),
        "head": f"<script>{static('studio.js')}</script>",
        "favicon_path": Path(__file__).with_name("static") / "favicon.svg",
        "footer_links": ["api"],
        "max_file_size": LARGEST_UPLOAD,
        "mcp_server": True,
        "run_history": False,
        "share": False,
        "show_error": True,
    }


def serve(studio: Studio, server_name: str | None = None, server_port: int | None = None) -> None:
    """Serve the studio until it is stopped; None means this machine alone, and the first free port from 7860 on."""
    create_app(studio).launch(server_name=server_name, server_port=server_port, **launch_options())
