"""What a person's surface is made of: skin, eyes, teeth, brows, lashes, hair."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vchar.data.assets import Assets
from vchar.data.chance import one_of
from vchar.data.proxy import Proxy
from vchar.data.skin import FaceMap, draw_skin, melanin_of
from vchar.rig.body import HeadModel

Floats = NDArray[np.floating]
# how common, and sRGB; the first ones are those of dark-skinned people
HAIR_COLOURS = (
    (0.28, (0.06, 0.05, 0.05)), (0.2, (0.16, 0.1, 0.07)), (0.17, (0.3, 0.2, 0.13)), (0.1, (0.48, 0.37, 0.25)),
    (0.09, (0.68, 0.58, 0.44)), (0.06, (0.42, 0.17, 0.08)), (0.1, (0.62, 0.61, 0.6)),
)  # fmt: skip
IRIS_COLOURS = (
    (0.3, (0.2, 0.12, 0.07)), (0.28, (0.34, 0.21, 0.12)), (0.1, (0.44, 0.34, 0.19)), (0.09, (0.38, 0.42, 0.29)),
    (0.14, (0.36, 0.47, 0.57)), (0.09, (0.45, 0.49, 0.52)),
)  # fmt: skip
PORTRAITS = 0.4
IRIS_SHARE = 0.235  # radius of the iris over the width of its picture


@dataclass(frozen=True)
class Look:
    """skin, eye: pictures (see Assets).  eye_white, tooth: [3] factors.  hair_colour: [3] sRGB 0..1.

    brows, lashes, hair: None where there are none; brow_number: the place of the brows among the assets, or -1.
    """

    skin: NDArray[np.uint8]
    eye: NDArray[np.uint8]
    eye_white: Floats
    tooth: Floats
    hair_colour: Floats
    brow_number: int
    brows: Proxy | None
    lashes: Proxy | None
    hair: Proxy | None


class Dresser:
    """Draws looks from the assets."""

    def __init__(self, head: HeadModel, assets: Assets, portraits: float = PORTRAITS) -> None:
        """portraits: the share of skins with the face of a portrait, where there are some."""
        self._assets, self._portraits = assets, portraits
        self._face_map = FaceMap.of(head, assets.skins[0].shape[0])
        self._hair_chances = _hair_chances(assets.hair, head)

    def draw(self, rng: np.random.Generator) -> Look:
        """A random look whose hair, eyes and skin go together."""
        assets = self._assets
        face = one_of(rng, assets.faces) if assets.faces and rng.random() < self._portraits else None
        melanin = float(rng.beta(1.1, 1.5)) if face is None else melanin_of(face)
        colour = _pick(rng, HAIR_COLOURS[:3] if rng.random() < melanin * 1.3 else HAIR_COLOURS)
        brow = int(rng.integers(len(assets.brows))) if assets.brows and rng.random() < 0.96 else -1
        return Look(
            skin=draw_skin(rng, assets.skins, self._face_map, melanin, colour, face),
            eye=_draw_eye(rng, one_of(rng, assets.eyes), melanin),
            eye_white=rng.uniform(0.75, 1.05) * rng.normal(1, [0.02, 0.03, 0.04]).astype(np.float32),
            tooth=(rng.uniform(0.65, 1.05) * np.array([1, 1, rng.uniform(0.8, 1)])).astype(np.float32),
            hair_colour=colour,
            brow_number=brow,
            brows=assets.brows[brow] if brow >= 0 else None,
            lashes=_draw_lashes(rng, assets.lashes),
            hair=_draw_hair(rng, assets.hair, self._hair_chances),
        )


def _draw_lashes(rng: np.random.Generator, kinds: Sequence[Proxy]) -> Proxy | None:
    """Lashes from hardly seen to made up; MakeHuman's are the latter."""
    if not kinds or rng.random() < 0.25:
        return None
    lashes = one_of(rng, kinds)
    texture = lashes.texture.copy()
    texture[..., 3] = texture[..., 3] * (rng.uniform(0.1, 1) ** 1.5)
    return replace(lashes, texture=texture)


def _draw_hair(rng: np.random.Generator, styles: Sequence[Proxy], chances: Floats) -> Proxy | None:
    """A style by its chance, none for one head in six."""
    return None if not styles or rng.random() < 0.17 else one_of(rng, styles, chances)


def _hair_chances(styles: Sequence[Proxy], head: HeadModel) -> Floats:
    """Styles that hide an eye are rarer."""
    marks = head.mean[head.landmarks]
    chances = np.ones(len(styles))
    for i, style in enumerate(styles):
        x, y, z = style.follow(head.mean)[style.faces].mean(1).T
        before_eyes = (z < marks[36, 2]) & (y > marks[19, 1]) & (y < marks[8, 1]) & (np.abs(x) < marks[45, 0])
        chances[i] = 0.25 if before_eyes.sum() > 10 else 1
    return chances


def _pick(rng: np.random.Generator, colours: Sequence[tuple[float, tuple[float, float, float]]]) -> Floats:
    """One of the colours by its chance, varied a little; sRGB 0..1."""
    colour = np.array(one_of(rng, colours, np.array([chance for chance, _ in colours]))[1])
    return np.clip(colour * rng.lognormal(0, 0.2) * rng.lognormal(0, 0.03, 3), 0.02, 0.95).astype(np.float32)


def _draw_eye(rng: np.random.Generator, eye: NDArray[np.uint8], melanin: float) -> NDArray[np.uint8]:
    """An eye with its iris in a natural colour."""
    colour = _pick(rng, IRIS_COLOURS[:2] if rng.random() < melanin * 1.5 else IRIS_COLOURS)
    size = eye.shape[0]
    y, x = (np.mgrid[:size, :size] + 0.5) / size - 0.5
    iris = np.clip((IRIS_SHARE - np.hypot(x, y)) / 0.02, 0, 1)[..., None]
    grey = eye.mean(2, keepdims=True)
    tinted = colour * 255 * grey / grey[iris > 0.5].mean()
    return (eye + iris * rng.uniform(0.6, 1) * (tinted - eye)).clip(0, 255).astype(np.uint8)
