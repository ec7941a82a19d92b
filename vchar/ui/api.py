"""The studio's verbs over HTTP and MCP, under the same names as in Python."""

from __future__ import annotations

import gradio as gr
from gradio.events import api as endpoint

from vchar.character import Motion
from vchar.export.sheet import GROUNDS, PAPER
from vchar.performing import KINDS
from vchar.studio import ROWS, SIZES, Studio
from vchar.ui.desk import HEAVY
from vchar.ui.verbs import BODIES, TURNAROUNDS, Verbs


def build(studio: Studio) -> None:
    """Add the endpoints to the page that is being built; it has no controls for them."""
    verbs = Verbs(studio)
    with gr.Column(visible=False):
        recipe = gr.Textbox(label="Recipe: JSON, code, or link with ?c=")
        picture = gr.File(label="Picture of a face, where there is no recipe", type="filepath")
        face = gr.Number(0, precision=0, label="Which face of the picture, 0 is the largest")
        emotions = gr.JSON({}, label="Strength 0..1 by emotion")
        arkit = gr.JSON({}, label="Weight 0..1 by ARKit name")
        neutralise = gr.Checkbox(False, label="Let go of the face's own expression first")
        strength = gr.Number(1.0, label="How far to go, 0..1")
        size = gr.Number(SIZES[-1], precision=0, label="Size in pixels: 256, 512 or 1024")
        rows = gr.Number(ROWS[0], precision=0, label="Rows and columns: 3 or 4")
        ground = gr.Textbox(GROUNDS[0], label=f"Ground: {', '.join(GROUNDS)}")
        colour = gr.Textbox(PAPER, label="Colour of a plain ground")
        yaw, pitch, roll = (gr.Number(0.0, label=f"{angle} in degrees") for angle in ("Yaw", "Pitch", "Roll"))
        form = gr.Textbox(TURNAROUNDS[0], label=f"Format: {', '.join(TURNAROUNDS)}")
        reading = gr.JSON(label="Reading")
        code = gr.Textbox(label="Code of a character")
        trust = gr.JSON(label="How far it can be trusted")
        model = gr.File(label="File with licence and AI mark inside")
        film = gr.File(label="PNG, MP4, WebP or GIF with licence and AI mark inside")
        image = gr.Image(label="PNG with licence and AI mark inside", format="png", type="filepath")
        body_form = gr.Textbox(BODIES[0], label=f"Format: {', '.join(BODIES)}")
        body_size = gr.Number(512, precision=0, label="Size in pixels, 64 to 1024")
        prompt = gr.Textbox(label="What the body does, one step a line; empty: as the recipe says")
        seconds, energy, speed = (gr.Number(Motion().seconds), gr.Number(0.0), gr.Number(1.0))
        seed = gr.Number(0, precision=0, label="Seed of the motion")
        motion_form = gr.Textbox(KINDS[0], label=f"Format: {', '.join(KINDS)}")
        loop, in_place, foot_lock = gr.Checkbox(False), gr.Checkbox(False), gr.Checkbox(True)
        motion_size = gr.Number(384, precision=0, label="Size of pictures in pixels, 64 to 1024")
        told = gr.Textbox(label="What the prompt was taken for")
        ask = gr.Button("Ask")

    expression = [recipe, picture, emotions, arkit, neutralise, strength, face, size]
    ask.click(verbs.portrait, [recipe, size], image, api_name="portrait", **HEAVY)
    endpoint(verbs.variations, api_name="variations", **HEAVY)
    ask.click(verbs.like, [picture, face], code, api_name="like", **HEAVY)
    ask.click(verbs.read, [picture, face], reading, api_name="read", **HEAVY)
    ask.click(verbs.express, expression, image, api_name="express", **HEAVY)
    ask.click(
        verbs.expression_sheet,
        [recipe, picture, rows, ground, face, colour],
        image,
        api_name="expression_sheet",
        **HEAVY,
    )
    turned = [recipe, picture, yaw, pitch, roll, face, size, ground, colour]
    ask.click(verbs.turn, turned, [image, trust], api_name="turn", **HEAVY)
    ask.click(verbs.head, [recipe, picture, face], model, api_name="head", **HEAVY)
    sides = [recipe, picture, form, pitch, face, ground, colour]
    ask.click(verbs.body, [recipe, body_form, body_size], model, api_name="body", **HEAVY)
    ask.click(
        verbs.motion,
        [recipe, prompt, seconds, seed, motion_form, loop, in_place, foot_lock, energy, speed, motion_size],
        [model, told],
        api_name="motion",
        **HEAVY,
    )
    ask.click(verbs.turnaround, sides, [film, trust], api_name="turnaround", **HEAVY)
