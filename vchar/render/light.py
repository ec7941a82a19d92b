"""Light from all around as nine spherical harmonics (Ramamoorthi and Hanrahan 2001), in camera axes."""

import numpy as np
from numpy.typing import NDArray

from vchar.render.scene import Floats, Light

# how a Lambertian surface blurs the three bands, divided by pi
BANDS = np.array([1.0] + [2 / 3] * 3 + [1 / 4] * 5, np.float32)


def harmonics(directions: NDArray) -> Floats:
    """The nine real spherical harmonics at unit directions [..., 3]: [..., 9]."""
    x, y, z = np.moveaxis(np.asarray(directions, np.float32), -1, 0)
    linear = [0.488603 * y, 0.488603 * z, 0.488603 * x]
    square = [1.092548 * x * y, 1.092548 * y * z, 0.315392 * (3 * z * z - 1)]
    square += [1.092548 * x * z, 0.546274 * (x * x - y * y)]
    return np.stack([np.full_like(x, 0.282095), *linear, *square], -1)


def panorama_directions(height: int, width: int) -> Floats:
    """[height, width, 3]: the direction of each pixel of a panorama whose middle lies behind the camera's subject."""
    down = (np.arange(height) + 0.5) / height * np.pi
    around = (np.arange(width) + 0.5) / width * 2 * np.pi - np.pi
    ring = np.sin(down)[:, None]
    x, z = ring * np.sin(around), ring * np.cos(around)
    return np.stack([x, np.broadcast_to(-np.cos(down)[:, None], x.shape), z], -1).astype(np.float32)


def environment_of(panorama: NDArray) -> Floats:
    """[9,3] irradiance / pi of an equirectangular picture [h,w,3] in linear light."""
    height, width = panorama.shape[:2]
    directions = panorama_directions(height, width)
    solid_angle = np.sqrt(1 - directions[..., 1] ** 2) * (np.pi / height) * (2 * np.pi / width)
    basis = harmonics(directions) * solid_angle[..., None]
    return BANDS[:, None] * np.einsum("hwk,hwc->kc", basis, panorama).astype(np.float32)


def uniform_environment(colour: NDArray | float) -> Floats:
    """[9,3] for the same radiance from everywhere: a white surface takes just that colour."""
    environment = np.zeros((9, 3), np.float32)
    environment[0] = np.asarray(colour) / 0.282095
    return environment


def studio_light() -> Light:
    """Soft light from all around and a key light from above, picture left."""
    environment = uniform_environment(0.45)
    environment[1] = -0.25  # more from above (y points down)
    direction = np.array([-0.45, -0.55, -0.7])
    return Light(environment, direction / np.linalg.norm(direction), np.array([1.1, 1.05, 1.0]))
