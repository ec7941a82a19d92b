"""What skin is like all round a head: the texels that a portrait doesn't show, guessed from those that it does.

A linear model of log light (principal components of many skins), in the layout of `vchar.rig.bust`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from vchar import checkpoint

Floats = NDArray[np.floating]

FAINT = 0.02  # light that is added before taking logs
TONE = 10.0  # standard deviation of the whole skin's tone: as good as free
NOISE = 0.12  # of log light, that the components leave unexplained
INDEPENDENT = 300  # as many texels' worth of knowledge is in a whole skin, for neighbours say the same
NEAR = 0.03  # sides of the texture: how far a shade that is seen spreads into what isn't
COARSER = 4  # times that its grid is coarser
FAINTLY = 0.05  # share of a texel's surroundings that must be seen to count
GRAIN = 1.2  # texels: finer is grain


@dataclass(frozen=True)
class ComplexionConfig:
    """Equal to the checkpoint's config.json."""

    size: int = 192  # texels a side
    components: int = 16


@dataclass(frozen=True)
class Complexion:
    """mean [S,S,3] log light; basis [K,S,S,3]: its components, each for one standard deviation."""

    mean: NDArray[np.float32]
    basis: NDArray[np.float32]

    @classmethod
    def load(cls, folder: Path | None = None) -> "Complexion":
        """The one that comes with vchar, or another; VcharError when it can't be read."""
        folder = folder or checkpoint.shipped("complexion")
        checkpoint.load_config(folder, ComplexionConfig)
        arrays = checkpoint.load_tensors(folder)
        return cls(arrays["mean"].float().numpy(), arrays["basis"].float().numpy())

    def complete(self, colour: Floats, seen: Floats) -> NDArray[np.float32]:
        """A whole skin [H,W,3] (sRGB in 0..1), given what is known of it and how well: seen [H,W] in 0..1."""
        guess = self._likeliest(colour, seen)
        shade = log_light(colour) - guess
        guess += _carried_on(shade, seen) + _grain(shade, seen)
        return srgb(guess + seen[..., None] * (log_light(colour) - guess))

    def _likeliest(self, colour: Floats, seen: Floats) -> NDArray[np.float32]:
        """The model's skin [H,W,3] in log light that is likeliest behind what is seen."""
        size = self.mean.shape[0]
        weight = resized(seen[..., None], size)
        known = resized(log_light(colour) * seen[..., None], size) / np.maximum(weight, 1e-6)
        rows = np.repeat(weight.ravel() > FAINTLY, 3)
        tones = np.broadcast_to(np.eye(3)[:, None, None], (3, size, size, 3))
        basis = np.concatenate([self.basis, TONE * tones]).reshape(len(self.basis) + 3, -1)
        design = basis[:, rows] * np.sqrt(np.repeat(weight.ravel(), 3)[rows])
        target = (known - self.mean).ravel()[rows] * np.sqrt(np.repeat(weight.ravel(), 3)[rows])
        share = NOISE**2 * max(1.0, rows.sum() / INDEPENDENT)
        strength = np.linalg.solve(design @ design.T + share * np.eye(len(design)), design @ target)
        return resized(self.mean + (strength @ basis).reshape(self.mean.shape), colour.shape[0])


def log_light(colour: Floats) -> NDArray[np.float32]:
    """sRGB in 0..1 as the logarithm of linear light."""
    return np.log(np.asarray(colour, np.float32) ** np.float32(2.2) + np.float32(FAINT))


def srgb(light: Floats) -> NDArray[np.float32]:
    """The inverse of `log_light`, within 0..1."""
    return (np.exp(light) - FAINT).clip(0, 1).astype(np.float32) ** np.float32(1 / 2.2)


def resized(layers: Floats, size: int) -> NDArray[np.float32]:
    """Layers [H,W,C] at size x size, averaged or interpolated."""
    way = Image.Resampling.BOX if size < layers.shape[0] else Image.Resampling.BICUBIC
    parts = [Image.fromarray(np.ascontiguousarray(layer, np.float32)) for layer in np.moveaxis(layers, -1, 0)]
    return np.stack([np.asarray(part.resize((size, size), way)) for part in parts], axis=-1)


def _carried_on(shade: Floats, seen: Floats) -> NDArray[np.float32]:
    """The shade [H,W,3] of what is seen, spread into what lies beside it."""
    size = shade.shape[0] // COARSER
    weight = seen[..., None].astype(np.float32)
    layers = resized(np.concatenate([shade * weight, weight], axis=-1), size)
    spread = ndimage.gaussian_filter(layers, (NEAR * size, NEAR * size, 0))
    return resized(spread[..., :3] / (spread[..., 3:] + FAINTLY), shade.shape[0])


def _grain(shade: Floats, seen: Floats) -> NDArray[np.float32]:
    """Noise as fine and as strong as that of the skin that is seen [H,W,1]."""
    fine = shade.mean(-1) - ndimage.gaussian_filter(shade.mean(-1), GRAIN)
    strength = 1.48 * np.median(np.abs(fine[seen > 0.9])) if (seen > 0.9).any() else 0.0
    noise = np.random.default_rng(0).standard_normal(seen.shape, np.float32)
    noise -= ndimage.gaussian_filter(noise, GRAIN)
    return (strength * noise / noise.std())[..., None].astype(np.float32)
