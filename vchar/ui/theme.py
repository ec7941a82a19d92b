"""The look of the studio: Gradio's variables set to our colours, and our own style sheet on top."""

from __future__ import annotations

from gradio.themes import Base
from gradio.themes.utils import sizes
from gradio.themes.utils.colors import Color

VIRIDIAN = Color(
    name="viridian",
    c50="#eaf7f4",
    c100="#cfeee7",
    c200="#a2ddd1",
    c300="#6cc6b6",
    c400="#3fae9c",
    c500="#17917f",
    c600="#0b7667",
    c700="#0a5f54",
    c800="#0b4c44",
    c900="#0a3f39",
    c950="#042622",
)
STONE = Color(
    name="stone",
    c50="#fafaf9",
    c100="#f3f3f1",
    c200="#e6e6e2",
    c300="#d3d3cd",
    c400="#a3a39b",
    c500="#73736c",
    c600="#55554f",
    c700="#3d3d39",
    c800="#272725",
    c900="#1b1b1a",
    c950="#121211",
)
# System fonts: nothing is downloaded, and the text looks at home on every machine.
SANS = ("Inter", "ui-sans-serif", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
MONO = ("ui-monospace", "SF Mono", "Cascadia Mono", "Noto Sans Mono", "monospace")


def theme() -> Base:
    base = Base(
        primary_hue=VIRIDIAN,
        neutral_hue=STONE,
        font=SANS,
        font_mono=MONO,
        text_size=sizes.text_sm,
        spacing_size=sizes.spacing_sm,
        radius_size=sizes.radius_md,
    )
    return base.set(
        body_background_fill="var(--canvas)",
        body_background_fill_dark="var(--canvas)",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_title_text_color="var(--ink-soft)",
        block_title_text_color_dark="var(--ink-soft)",
        block_title_text_weight="500",
        body_text_color="var(--ink)",
        body_text_color_dark="var(--ink)",
        body_text_color_subdued="var(--ink-soft)",
        body_text_color_subdued_dark="var(--ink-soft)",
        background_fill_primary="var(--surface)",
        background_fill_primary_dark="var(--surface)",
        background_fill_secondary="var(--sunken)",
        background_fill_secondary_dark="var(--sunken)",
        border_color_primary="var(--line)",
        border_color_primary_dark="var(--line)",
        input_background_fill="var(--sunken)",
        input_background_fill_dark="var(--sunken)",
        input_border_color="transparent",
        input_border_color_dark="transparent",
        input_border_color_focus="var(--accent)",
        input_border_color_focus_dark="var(--accent)",
        input_shadow_focus="0 0 0 1px var(--accent)",
        input_shadow_focus_dark="0 0 0 1px var(--accent)",
        button_primary_background_fill="var(--accent)",
        button_primary_background_fill_dark="var(--accent)",
        button_primary_background_fill_hover="var(--accent-strong)",
        button_primary_background_fill_hover_dark="var(--accent-strong)",
        button_primary_text_color="var(--on-accent)",
        button_primary_text_color_dark="var(--on-accent)",
        button_secondary_background_fill="var(--raised)",
        button_secondary_background_fill_dark="var(--raised)",
        button_secondary_background_fill_hover="var(--hover)",
        button_secondary_background_fill_hover_dark="var(--hover)",
        button_secondary_text_color="var(--ink)",
        button_secondary_text_color_dark="var(--ink)",
        button_secondary_border_color="var(--line)",
        button_secondary_border_color_dark="var(--line)",
        button_border_width="1px",
    )
