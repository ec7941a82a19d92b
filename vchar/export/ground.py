"""What is behind a head: its picture's own ground, or after cutting it out plain colour, or nothing."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor
from scipy.ndimage import uniform_filter1d

from vchar.errors import VcharError
from vchar.export.sheet import GROUNDS, PAPER

Floats = NDArray[np.floating]

WIDE, NARROW = 0.12, 0.012  # shares of the longer side: how far away a colour is looked for, first and then
PURE = 4  # power of a share by which mixed pixels count less than pure ones
OPAQUE = 0.02  # what is this near to 1 is no edge


def cut_out(picture: Image.Image, alpha: Floats, ground: str, colour: str = PAPER) -> Image.Image:
    """An RGB picture where `alpha` [H,W] (0..1) says, before plain `colour` (RGB) or nothing (RGBA).

    Where both show, the old ground's share is taken out of the colours, so that no rim of it is left. Raises VcharError
    for another ground, a colour that isn't one, or an alpha of another size.
    """
    if ground not in GROUNDS[1:]:
        raise VcharError(f"There is no ground {ground!r} for a head that is cut out; choose {', '.join(GROUNDS[1:])}.")
    if alpha.shape != (picture.height, picture.width):
        raise VcharError(f"The matte has {alpha.shape} pixels and the picture {picture.size[::-1]}; make it anew.")
    own = own_colours(np.asarray(picture, np.float32) / 255, alpha.clip(0, 1))
    if ground == "transparent":
        return Image.fromarray(_bytes(np.dstack([own, alpha])))
    behind = np.array(_rgb(colour), np.float32) / 255
    return Image.fromarray(_bytes(behind + alpha[..., None] * (own - behind)))


def own_colours(picture: Floats, alpha: Floats) -> Floats:
    """The colours [H,W,3] of what is cut out, without what shines through from behind; blur fusion (Forte 2021)."""
    own = behind = picture
    for share in (WIDE, NARROW):
        reach = max(3, round(share * max(alpha.shape)))
        own, behind = _spread(own, alpha, reach), _spread(behind, 1 - alpha, reach)
        own = (own + alpha[..., None] * (picture - alpha[..., None] * own - (1 - alpha[..., None]) * behind)).clip(0, 1)
    return np.where((alpha > 1 - OPAQUE)[..., None], picture, own)


def _spread(colours: Floats, share: Floats, reach: int) -> Floats:
    """The mean colour thereabouts of what has a share [H,W] in each pixel."""
    weight = share**PURE
    total = np.dstack([colours * weight[..., None], weight]).astype(np.float32)
    for axis in (0, 1):
        total = uniform_filter1d(total, reach, axis)
    return total[..., :3] / (total[..., 3:] + 1e-6)


def _rgb(colour: str) -> tuple[int, ...]:
    try:
        return ImageColor.getrgb(colour)[:3]
    except ValueError as error:
        raise VcharError(f"{colour!r} is no colour; colours look like #8899aa.") from error


def _bytes(layers: Floats) -> NDArray[np.uint8]:
    return (layers.clip(0, 1) * 255 + 0.5).astype(np.uint8)
