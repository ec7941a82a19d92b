"""Sheets: many pictures of one face on one page."""

from collections.abc import Mapping

from PIL import Image, ImageDraw, ImageFont

from vchar.errors import VcharError

GROUNDS = ("photo", "plain", "transparent")
WIDTH = 1024  # px, of all the pictures in a row, unless told
VIEW = 512  # px, of a view in a turnaround
PAPER, INK = "#f4f3ef", "#8a8880"  # the ink is read on light and on dark alike
GAP, CAPTION, ROUND = 0.05, 0.13, 0.06  # of a tile's side: between tiles, height of a caption, radius of corners


def sheet(
    pictures: Mapping[str, Image.Image], columns: int, ground: str = "photo", width: int = WIDTH, colour: str = PAPER
) -> Image.Image:
    """Square pictures in rows of `columns`, each with its name below, on a page some `width` pixels wide.

    ground: what is behind the heads in the pictures (see `vchar.export.ground`). On "transparent" the page is RGBA, on
    "plain" it has their `colour`, on "photo" it is paper. Raises VcharError for another ground.
    """
    if ground not in GROUNDS:
        raise VcharError(f"There is no ground {ground!r}; choose {', '.join(GROUNDS)}.")
    side = width // columns
    gap, caption = round(GAP * side), round(CAPTION * side)
    rows = -(-len(pictures) // columns)
    size = columns * (side + gap) + gap, rows * (side + caption + gap) + gap
    page = Image.new("RGBA", size, (255, 255, 255, 0)) if ground == "transparent" else Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(page)
    font, outline = ImageFont.load_default(0.07 * side), _outline(side)
    for place, (name, picture) in enumerate(pictures.items()):
        x, y = gap + place % columns * (side + gap), gap + place // columns * (side + caption + gap)
        page.paste(picture.resize((side, side), Image.Resampling.LANCZOS), (x, y), outline)
        draw.text((x + side / 2, y + side + caption / 2), label(name), INK, font, "mm")
    return page


def strip(views: Mapping[str, Image.Image], ground: str = "photo", colour: str = PAPER) -> Image.Image:
    """The views of a turnaround side by side, each with its name below; see `sheet`."""
    return sheet(views, len(views), ground, len(views) * VIEW, colour)


def label(name: str) -> str:
    """An emotion's name as people read it: "In pain"."""
    return name.replace("_", " ").capitalize()


def _outline(side: int) -> Image.Image:
    """What of a tile shows: a square with round corners."""
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, side - 1, side - 1), ROUND * side, fill=255)
    return mask
