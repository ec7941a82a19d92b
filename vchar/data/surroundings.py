"""Where a person stands: light from a panorama and a key light, and what is seen behind."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy.ndimage import gaussian_filter

from vchar.data.chance import one_of
from vchar.render.light import environment_of, harmonics, uniform_environment
from vchar.render.occlusion import sphere
from vchar.render.picture import filmic, srgb_to_linear
from vchar.render.scene import Light

Floats = NDArray[np.floating]
Bytes = NDArray[np.uint8]
EXPOSURE = 0.3  # mean linear light that a face sends to the camera
BRIGHTEST = 12.0  # times the mean radiance: suns are cut to this, the key light takes their place


def draw_light(rng: np.random.Generator, panorama: Floats, skin: Bytes, studio: bool) -> Light:
    """Light exposed for a face of this skin, with a key light from the front, a side, or hardly any.

    studio: even and soft instead of the panorama's.
    """
    direction = _key_direction(rng)
    warm = rng.normal(0, 0.1)
    colour = np.array([1 + warm, 1.0, 1 - warm])
    if studio:
        environment = uniform_environment(np.ones(3))
        environment[1] = -rng.uniform(0, 0.5)
    else:
        environment = environment_of(np.minimum(panorama, BRIGHTEST * panorama.mean()))
        environment *= 0.2820948 / environment[0].mean()
        environment *= 3.5449077  # mean radiance 1
        tint = environment[0] / environment[0].mean()
        environment /= tint ** rng.uniform(0.3, 0.95)  # the camera's white balance has dealt with most of it
    share = rng.uniform(0.15, 0.6) if studio else 0.9 * rng.beta(1.4, 2.0)
    environment = environment * (1 - share)
    key = colour * share * rng.uniform(1.5, 2.5)
    exposure = rng.lognormal(0, 0.25) * EXPOSURE / _brightness(environment, direction, key, skin)
    return Light(environment * exposure, direction, key * exposure, softness=rng.uniform(0.002, 0.02))


def _brightness(environment: Floats, direction: Floats, key: Floats, skin: Bytes) -> float:
    """Roughly, the mean light that comes from a face towards the camera; dark skin counts as less dark than it is."""
    facing = sphere(64)
    facing = facing[facing[:, 2] < -0.35]
    light = harmonics(facing) @ environment + np.maximum(facing @ direction, 0)[:, None] * key
    return float(light.mean() * np.mean(srgb_to_linear(skin[::16, ::16] / 255)) ** 0.7)


def _key_direction(rng: np.random.Generator) -> Floats:
    """Towards the light: mostly from above and the front, sometimes from a side or behind."""
    around = np.radians(rng.normal(0, 50))
    above = np.radians(np.clip(rng.normal(32, 22), -25, 80))
    direction = np.array([np.sin(around) * np.cos(above), -np.sin(above), -np.cos(around) * np.cos(above)])
    return direction.astype(np.float32)


def turned(rng: np.random.Generator, panorama: Floats) -> Floats:
    """The panorama as seen after a random turn about the vertical."""
    return np.roll(panorama, int(rng.integers(panorama.shape[1])), 1)


def draw_background(
    rng: np.random.Generator, panorama: Floats, pictures: Sequence[Bytes], size: int, studio: bool
) -> Floats:
    """[size,size,3] sRGB values: a piece of the panorama out of focus, of a picture, or a studio's wall."""
    kind = "wall" if studio else rng.choice(["panorama", "picture", "wall"], p=[0.35, 0.5, 0.15])
    if kind == "wall":
        return _wall(rng, size)
    if kind == "picture" and pictures:
        return _from_picture(rng, one_of(rng, pictures), size)
    return _from_panorama(rng, panorama, size)


def _from_panorama(rng: np.random.Generator, panorama: Floats, size: int) -> Floats:
    height, width = panorama.shape[:2]
    seen = int(rng.integers(height // 4, height // 2))
    top, left = int(rng.integers(height // 8, height - seen)), int(rng.integers(width - seen))
    piece = filmic(panorama[top : top + seen, left : left + seen] / panorama.mean() * rng.lognormal(-0.5, 0.5))
    return _enlarge(piece * 255, size, blur=0.7 * size / seen)


def _from_picture(rng: np.random.Generator, picture: Bytes, size: int) -> Floats:
    side = picture.shape[0]
    seen = int(rng.integers(side // 3, side + 1))
    top, left = rng.integers(0, side - seen + 1, 2)
    piece = picture[top : top + seen, left : left + seen]
    return _enlarge(piece[:, ::-1] if rng.random() < 0.5 else piece, size, blur=float(rng.choice([0.0, size / 60])))


def _enlarge(piece: NDArray, size: int, blur: float) -> Floats:
    picture = Image.fromarray(piece.clip(0, 255).astype(np.uint8)).resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(picture.filter(ImageFilter.BoxBlur(blur)), np.float32) / 255


def _wall(rng: np.random.Generator, size: int) -> Floats:
    """One colour, mostly grey or white, lighter somewhere, a little rough."""
    grey = rng.uniform(0.05, 0.97)
    colour = np.clip(grey + rng.normal(0, rng.choice([0.01, 0.12])) * rng.normal(0, 1, 3), 0, 1)
    y, x = np.mgrid[:size, :size] / size - rng.uniform(0, 1, 2)[:, None, None]
    glow = np.exp(-(x * x + y * y) / rng.uniform(0.2, 2))[..., None] * rng.uniform(-0.25, 0.25)
    rough = gaussian_filter(rng.standard_normal((size, size)), rng.uniform(0.5, 3))[..., None] * rng.uniform(0, 0.03)
    return np.clip(colour + glow + rough, 0, 1).astype(np.float32)
