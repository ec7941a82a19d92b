"""What a camera does to a picture: focus, white balance, contrast, noise, compression."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

Floats = NDArray[np.floating]


def photograph(rng: np.random.Generator, picture: Floats) -> NDArray[np.uint8]:
    """A random camera's version [H,W,3] uint8 of a clean picture [H,W,3] in 0..1."""
    size = picture.shape[1]
    blur = rng.choice([0.0, rng.uniform(0.3, 0.8), rng.uniform(0.8, 2.0)], p=[0.5, 0.38, 0.12]) * size / 256
    if blur > 0:
        picture = gaussian_filter(picture, (blur, blur, 0))
    picture = _develop(rng, picture)
    picture = _noise(rng, picture)
    if rng.random() < 0.08:
        picture = np.repeat(picture @ np.array([0.299, 0.587, 0.114], np.float32)[:, None], 3, 2)
    pixels = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    return _compress(rng, _small_sensor(rng, pixels))


def _develop(rng: np.random.Generator, picture: Floats) -> Floats:
    """White balance, exposure, contrast, saturation and vignetting."""
    picture = picture * rng.normal(1, [0.03, 0.015, 0.04]).astype(np.float32) * np.float32(rng.lognormal(0, 0.1))
    grey = picture.mean(2, keepdims=True)
    picture = grey + (picture - grey) * np.float32(np.clip(rng.normal(1, 0.15), 0.3, 1.6))
    picture = np.maximum(0.5 + (picture - 0.5) * np.float32(rng.normal(1, 0.1)) + np.float32(rng.normal(0, 0.02)), 0)
    if rng.random() < 0.3:
        picture = picture ** np.float32(rng.lognormal(0, 0.2))
    if rng.random() < 0.3:
        y, x = (np.mgrid[: picture.shape[0], : picture.shape[1]] / picture.shape[1] - 0.5).astype(np.float32)
        picture = picture * (1 - np.float32(rng.uniform(0.1, 0.8)) * (x * x + y * y))[..., None]
    return picture


def _noise(rng: np.random.Generator, picture: Floats) -> Floats:
    """Shot and read noise, sometimes coarse as after noise reduction."""
    strength = rng.choice([0.0, rng.uniform(0.002, 0.012), rng.uniform(0.012, 0.04)], p=[0.4, 0.47, 0.13])
    if strength == 0:
        return picture
    noise = rng.standard_normal(picture.shape, np.float32)
    if rng.random() < 0.4:
        noise = gaussian_filter(noise, (0.7, 0.7, 0)) * 2
    return picture + noise * np.float32(strength) * (0.4 + np.sqrt(np.clip(picture, 0, 1)))


def _small_sensor(rng: np.random.Generator, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One picture in eight was enlarged from fewer pixels."""
    if rng.random() > 0.12:
        return pixels
    height, width = pixels.shape[:2]
    factor = rng.uniform(0.3, 0.8)
    small = Image.fromarray(pixels).resize((int(width * factor), int(height * factor)), Image.Resampling.BILINEAR)
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC))


def _compress(rng: np.random.Generator, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Three in four went through JPEG."""
    if rng.random() > 0.75:
        return pixels
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=int(rng.integers(35, 97)))
    with Image.open(file) as picture:
        return np.asarray(picture.convert("RGB"))
