"""What is behind a head that was cut out of its picture: plain colour, or nothing."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

from vchar.errors import VcharError
from vchar.export.sheet import PAPER

CUT_GROUNDS = ("plain", "transparent")


def cut_out(picture: Image.Image, alpha: NDArray[np.floating], ground: str, colour: str = PAPER) -> Image.Image:
    """An RGB picture where `alpha` [H,W] (0..1) says, before plain `colour` (RGB) or nothing (RGBA).

    Raises VcharError for another ground, a colour that isn't one, or an alpha of another size.
    """
    if ground not in CUT_GROUNDS:
        raise VcharError(f"There is no ground {ground!r} for a head that is cut out; choose {', '.join(CUT_GROUNDS)}.")
    if alpha.shape != (picture.height, picture.width):
        raise VcharError(f"The matte has {alpha.shape} pixels and the picture {picture.size[::-1]}; make it anew.")
    mask = Image.fromarray((alpha.clip(0, 1) * 255 + 0.5).astype(np.uint8))
    if ground == "transparent":
        cut = picture.convert("RGBA")
        cut.putalpha(mask)
        return cut
    try:
        plain = Image.new("RGB", picture.size, ImageColor.getrgb(colour)[:3])
    except ValueError as error:
        raise VcharError(f"{colour!r} is no colour; colours look like #8899aa.") from error
    plain.paste(picture, mask=mask)
    return plain
