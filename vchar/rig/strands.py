"""How a shell of hair looks: the portrait's own hair where it shows it, strands like it everywhere else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d, map_coordinates, uniform_filter1d, zoom

from vchar.rig.body import HeadModel
from vchar.rig.fit import Fit
from vchar.rig.hair import Shell, grow, shell_faces, shell_normals

Floats = NDArray[np.floating]

SIZE = 1024  # texels a side
FINE, LONG = 0.9, 34.0  # texels: how thick strands are, and how long
LOCKS = 7.0  # texels across a lock
FRAY = 0.55  # how unevenly strands end
ENDS = 9.0  # texels by which locks are longer or shorter
SHADOW = 0.92  # brightness of hair that the portrait doesn't show
COARSER = 8  # texels a side that share a colour where strands are added to it
SPREADS = ((3, 1.0), (12, 0.2), (40, 0.05))  # cells over which colours are carried on, and how much that counts
FAINTLY = 1e-4  # how much the usual colour counts everywhere
LEAST_COLOUR = 200  # texels that must show hair


@dataclass(frozen=True)
class Hair:
    """A double-sided surface: vertices, normals [N,3] in the head's axes; faces [F,3]; uv [N,2] (v up).

    texture: [1024,1024,4] sRGB and alpha.
    """

    vertices: Floats
    normals: Floats
    faces: NDArray[np.int32]
    uv: Floats
    texture: NDArray[np.uint8]


def model_hair(head: HeadModel, fit: Fit, picture: Floats, hair: Floats) -> Hair | None:
    """The hair of a portrait [H,W,3] (sRGB in 0..1) by its matte [H,W]; None for a bald head."""
    shell = grow(head, fit, hair)
    if shell is None:
        return None
    faces = shell_faces(shell.place.shape, shell.cover)
    rows, columns = (np.linspace(0, 1, count) for count in shell.place.shape[:2])
    uv = np.stack(np.broadcast_arrays(columns, 1 - rows[:, None]), axis=-1).reshape(-1, 2)
    texture = paint(shell, fit, picture, hair)
    if texture is None:
        return None
    vertices = shell.place.reshape(-1, 3).astype(np.float32)
    return Hair(vertices, shell_normals(shell.place, faces), faces, uv.astype(np.float32), texture)


def paint(shell: Shell, fit: Fit, picture: Floats, hair: Floats) -> NDArray[np.uint8] | None:
    """The texture; None where the portrait shows no hair to take colours from."""
    projected = fit.camera.project(shell.finer(shell.place, SIZE))
    at = np.moveaxis(projected[..., 1::-1], -1, 0) - 0.5
    shown = np.stack([map_coordinates(picture[..., c], at, order=1, mode="nearest") for c in range(3)], axis=-1)
    sure = shell.finer(shell.seen, SIZE) * np.clip(3 * map_coordinates(hair, at, order=1) - 2, 0, 1)
    if (sure > 0.5).sum() < LEAST_COLOUR:
        return None
    fine, locks = _strands(FINE), _strands(LOCKS)
    colour = _carried_on(shown, sure) * SHADOW
    contrast = _contrast(shown, sure)
    colour = colour * np.exp(contrast * (0.75 * fine + 0.65 * locks))[..., None]
    colour = colour + gaussian_filter(sure, 3)[..., None] * (shown - colour)
    cover = _uneven(shell.finer(shell.cover, SIZE), locks)
    edge = gaussian_filter(cover, 3) - 0.5 + FRAY * (0.25 * fine + 0.3 * locks) * (1 - np.abs(2 * cover - 1))
    alpha = np.clip(0.5 + 5 * edge, 0, 1) * (cover > 0.02)
    return (np.dstack([colour.clip(0, 1), alpha]) * 255 + 0.5).astype(np.uint8)


def _uneven(cover: Floats, locks: Floats) -> Floats:
    """Cover [SIZE,SIZE] whose lower edge each lock ends a little higher or lower."""
    rows, columns = np.mgrid[:SIZE, :SIZE]
    return map_coordinates(cover, [rows + ENDS * locks[SIZE // 2], columns], order=1, mode="nearest")


def _strands(width: float) -> Floats:
    """Streaks from top to bottom [SIZE,SIZE], mean 0, spread 1; left and right fit together."""
    noise = np.random.default_rng(round(10 * width)).standard_normal((SIZE, SIZE), np.float32)
    streaks = gaussian_filter1d(noise, width, axis=1, mode="wrap")
    for _ in range(2):  # two box filters are nearly a Gaussian, and as quick for long strands as for short ones
        streaks = uniform_filter1d(streaks, round(LONG * max(2.0, width)), axis=0, mode="nearest")
    return streaks / streaks.std()


def _carried_on(shown: Floats, sure: Floats) -> Floats:
    """The hair's colours without strands [SIZE,SIZE,3], spread from where they are seen to everywhere."""
    cells = SIZE // COARSER
    layers = np.dstack([shown * sure[..., None], sure]).reshape(cells, COARSER, cells, COARSER, 4).mean((1, 3))
    total = np.zeros_like(layers)
    for sigma, weight in SPREADS:
        across = gaussian_filter1d(layers, 2 * sigma, axis=1, mode="wrap")
        total += weight * gaussian_filter1d(across, sigma, axis=0, mode="nearest")
    total += FAINTLY * np.append(layers[..., :3].sum((0, 1)) / layers[..., 3].sum(), 1)
    colours = total[..., :3] / total[..., 3:]
    return np.asarray(zoom(colours, (COARSER, COARSER, 1), order=1, grid_mode=True, mode="nearest"))


def _contrast(shown: Floats, sure: Floats) -> float:
    """How unevenly bright the hair is from strand to strand: log of light."""
    light = np.log(shown.mean(-1) + 0.02)
    return float(
        np.clip((light - gaussian_filter(light, 8))[sure > 0.9].std() if (sure > 0.9).any() else 0.15, 0.08, 0.3)
    )
