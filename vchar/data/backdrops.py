"""Pictures without faces, made in code: clouds, landscapes, stripes, writing, patterns; and corners of portraits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Random = np.random.Generator
SIZE = 96  # pixels


def backdrops(count: int, seed: int, portraits: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
    """`count` pictures [count,96,96,3]; with portraits [M,S,S,3], every other one is an upper corner of one of them."""
    random = np.random.default_rng(seed)
    makers = (clouds, landscape, stripes, writing, pattern)
    pictures = []
    for i in range(count):
        if portraits is not None and i % 2:
            pictures.append(corner(portraits, random))
        else:
            pictures.append(makers[i % len(makers)](random))
    return np.stack(pictures)


def corner(portraits: NDArray[np.uint8], random: Random) -> NDArray[np.uint8]:
    """An upper corner, enlarged."""
    picture = portraits[random.integers(len(portraits))]
    width = picture.shape[0] // 6
    left = 0 if random.random() < 0.5 else picture.shape[0] - width
    piece = Image.fromarray(picture[:width, left : left + width])
    return np.asarray(piece.resize((SIZE, SIZE), Image.Resampling.BICUBIC))


def _colour(random: Random) -> tuple[int, int, int]:
    red, green, blue = random.integers(0, 256, 3).tolist()
    return red, green, blue


def clouds(random: Random) -> NDArray[np.uint8]:
    """Noise of all sizes between two colours."""
    waves = np.fft.rfft2(random.normal(size=(SIZE, SIZE, 3 if random.random() < 0.3 else 1)), axes=(0, 1))
    far = np.hypot(np.fft.fftfreq(SIZE)[:, None], np.fft.rfftfreq(SIZE))[..., None]
    waves *= np.maximum(far, 1 / SIZE) ** -random.uniform(0, 2)
    noise = np.fft.irfft2(waves, (SIZE, SIZE), axes=(0, 1))
    share = np.clip(0.5 + noise / (noise.std() * 4), 0, 1)
    first, second = np.array([_colour(random), _colour(random)])
    return (first * share + second * (1 - share)).astype(np.uint8)


def landscape(random: Random) -> NDArray[np.uint8]:
    """Sky, hills, a sun, houses or trees."""
    picture = Image.new("RGB", (SIZE, SIZE), _colour(random))
    draw = ImageDraw.Draw(picture)
    x, y, r = random.uniform(0, SIZE, 3)
    draw.ellipse((x - r / 4, y / 2 - r / 4, x + r / 4, y / 2 + r / 4), fill=_colour(random))
    for height in np.sort(random.uniform(20, SIZE, random.integers(1, 5))):
        line = height + np.cumsum(random.normal(0, random.uniform(0.5, 5), 13))
        points = [(i * SIZE / 12, float(v)) for i, v in enumerate(line)]
        draw.polygon([(0, SIZE), *points, (SIZE, SIZE)], fill=_colour(random))
    for _ in range(random.integers(0, 12)):
        x, y, w, h = (*random.uniform(0, SIZE, 2), *random.uniform(3, 40, 2))
        shape = draw.rectangle if random.random() < 0.5 else draw.ellipse
        shape((x, y, x + w, y + h), fill=_colour(random))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(random.uniform(0, 2))))


def stripes(random: Random) -> NDArray[np.uint8]:
    """Waves in two directions."""
    y, x = np.mgrid[:SIZE, :SIZE]
    (a, b), (c, d) = random.uniform(-1, 1, (2, 2))
    wave = np.sin(a * x + b * y + random.uniform(0, 6)) + random.choice([0, 1]) * np.sin(c * x + d * y)
    share = np.clip(0.5 + wave * random.choice([0.3, 5]), 0, 1)[..., None]
    return (np.array(_colour(random)) * share + np.array(_colour(random)) * (1 - share)).astype(np.uint8)


def writing(random: Random) -> NDArray[np.uint8]:
    """Lines of letters."""
    picture = Image.new("RGB", (SIZE, SIZE), _colour(random))
    draw, ink, size = ImageDraw.Draw(picture), _colour(random), float(random.uniform(7, 40))
    for y in np.arange(0, SIZE, size * 1.2):
        letters = "".join(map(chr, random.integers(33, 127, 20)))
        draw.text((0, float(y)), letters, fill=ink, font_size=size)
    return np.asarray(picture)


def pattern(random: Random) -> NDArray[np.uint8]:
    """Rings, dots and boxes in rows: some like eyes, never a face."""
    picture = Image.new("RGB", (SIZE, SIZE), _colour(random))
    draw, step = ImageDraw.Draw(picture), int(random.integers(8, 40))
    colours = [_colour(random) for _ in range(3)]
    round_ = random.random() < 0.6
    for x in range(0, SIZE, step):
        for y in range(0, SIZE, step):
            for k, colour in enumerate(colours):
                inset = step * (0.05 + 0.15 * k)
                box = (x + inset, y + inset, x + step - inset, y + step - inset)
                (draw.ellipse if round_ else draw.rectangle)(box, fill=colour)
    return np.asarray(picture)
