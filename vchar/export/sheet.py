"""Sheets: many pictures of one face on one page."""

from collections.abc import Mapping

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from vchar.errors import VcharError

GROUNDS = ("photo", "plain", "transparent")
WIDTH = 1024  # px, of all the pictures in a row, unless told
VIEW = 512  # px, of a view in a turnaround
PAPER, INK = "#f4f3ef", "#8a8880"  # the ink is read on light and on dark alike
GAP, CAPTION, FEATHER = 0.05, 0.13, 0.012  # of a tile's side: between tiles, height of a caption, softness of an edge


def sheet(pictures: Mapping[str, Image.Image], columns: int, ground: str = "photo", width: int = WIDTH) -> Image.Image:
    """Square pictures in rows of `columns`, each with its name below, on a page some `width` pixels wide.

    ground: "photo" shows each as it is; "plain" and "transparent" cut a round portrait out of it and lay it on paper
    (RGB) or on nothing (RGBA). Raises VcharError for another ground.
    """
    if ground not in GROUNDS:
        raise VcharError(f"There is no ground {ground!r}; choose {', '.join(GROUNDS)}.")
    side = width // columns
    gap, caption = round(GAP * side), round(CAPTION * side)
    rows = -(-len(pictures) // columns)
    size = columns * (side + gap) + gap, rows * (side + caption + gap) + gap
    page = Image.new("RGBA", size, (255, 255, 255, 0)) if ground == "transparent" else Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(0.07 * side)
    for place, (name, picture) in enumerate(pictures.items()):
        x, y = gap + place % columns * (side + gap), gap + place // columns * (side + caption + gap)
        page.paste(picture.resize((side, side), Image.Resampling.LANCZOS), (x, y), _outline(side, ground))
        draw.text((x + side / 2, y + side + caption / 2), label(name), INK, font, "mm")
    return page


def strip(views: Mapping[str, Image.Image]) -> Image.Image:
    """The views of a turnaround side by side, each with its name below."""
    return sheet(views, len(views), width=len(views) * VIEW)


def label(name: str) -> str:
    """An emotion's name as people read it: "In pain"."""
    return name.replace("_", " ").capitalize()


def _outline(side: int, ground: str) -> Image.Image:
    """What of a tile shows: a disc with a soft edge, or for photos a square with round corners."""
    mask = Image.new("L", (side, side))
    feather = FEATHER * side
    inside = (feather, feather, side - feather, side - feather)
    if ground == "photo":
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, side - 1, side - 1), 0.06 * side, fill=255)
        return mask
    ImageDraw.Draw(mask).ellipse(inside, fill=255)
    return mask.filter(ImageFilter.GaussianBlur(feather / 2))
