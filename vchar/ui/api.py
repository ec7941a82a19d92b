"""The studio's verbs over HTTP and MCP, under the same names as in Python."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.events import api as endpoint
from gradio.processing_utils import save_bytes_to_cache

from vchar.character import Character
from vchar.errors import VcharError
from vchar.export.png import png_bytes
from vchar.studio import SIZES, Studio
from vchar.ui.desk import HEAVY


def build(studio: Studio) -> None:
    """Add the endpoints `/portrait` and `/variations` to the page that is being built."""
    with gr.Column(visible=False):
        recipe = gr.Textbox(label="Recipe: JSON, code, or link with ?c=")
        size = gr.Number(SIZES[-1], precision=0, label="Size in pixels: 256, 512 or 1024")
        image = gr.Image(label="Portrait: PNG with recipe, licence and AI mark inside", format="png", type="filepath")
        ask = gr.Button("Portrait")

    @_plain_errors
    def portrait(recipe: str, size: int = SIZES[-1]) -> str:
        """Draw the portrait of a character.

        Args:
            recipe: a vchar recipe as JSON, a vchar code, or a vchar link with ?c=.
            size: width and height of the picture in pixels: 256, 512 or 1024.

        Returns:
            A PNG that carries the recipe, the licence and the mark of AI-generated media.
        """
        character = Character.parse(recipe)
        data = png_bytes(studio.portrait(character, size), character, studio.licence())
        return save_bytes_to_cache(data, f"{character.file_stem}.png", image.GRADIO_CACHE)

    @_plain_errors
    def variations(recipe: str, n: int = 8, strength: float = 0.3, seed: int = 0) -> list[str]:
        """Find relatives of a character.

        Args:
            recipe: a vchar recipe as JSON, a vchar code, or a vchar link with ?c=.
            n: how many, 1 to 64.
            strength: how far from the character, 0 (the same) to 1 (someone else).
            seed: another seed gives other relatives; the same seed gives the same ones.

        Returns:
            A vchar code for each relative, for `/portrait` or a link.
        """
        return [found.to_code() for found in studio.variations(Character.parse(recipe), n, strength, seed)]

    ask.click(portrait, [recipe, size], image, api_name="portrait", **HEAVY)
    endpoint(variations, api_name="variations", **HEAVY)


def _plain_errors(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Let a caller see the sentence of a VcharError instead of "an error has occurred"."""

    @functools.wraps(verb)
    def wrapped(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (whatever the verb returns)
        try:
            return verb(*args, **kwargs)
        except VcharError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return wrapped
