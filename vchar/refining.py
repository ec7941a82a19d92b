"""Completing what a warp can't know: the refiner's network round the part of a picture that an edit has changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from torch import Tensor

from vchar import checkpoint
from vchar.models.portrait import PortraitConfig, PortraitNet
from vchar.rig import guide
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.warp import Edit, WarpSource

Floats = NDArray[np.float32]
Angles = tuple[float, float, float]

WORK = 512  # pixels a side that the network sees at most
STEP = 32  # its sides are divisible by this
AROUND, FADE = 0.25, 0.15  # inter-ocular distances about what changed that may change too, the last of them less
CHANGED = 1.5 / 255  # difference of a colour that is no rounding
CELL = 4  # pixels a side that share one distance
WIDE = 0.2, 0.35  # jawOpen: up to the first it has learnt mouths, from the second it hardly saw any
LITTLE, LITTLE_TURN = 0.12, 3.0  # ARKit weight and degrees below which an edit is completed by degrees only


class Refiner:
    """Read-only, so safe to share between threads."""

    def __init__(self, net: PortraitNet, device: torch.device, expressions: bool = False) -> None:
        """expressions: complete these too, not only turns. So far the plain warp is better at them: see the card."""
        self._expressions = expressions
        self._net = net.to(device).to(memory_format=torch.channels_last).eval().requires_grad_(False)  # pyright: ignore[reportCallIssue]
        self._device = device

    @classmethod
    def load(cls, folder: Path, device: str | torch.device = "cpu", expressions: bool = False) -> Refiner:
        """The network of a checkpoint; VcharError if it is missing or damaged."""
        net = checkpoint.load_network(folder, PortraitNet, PortraitConfig)
        return cls(net, torch.device(device), expressions)

    @torch.inference_mode()
    def complete(self, source: WarpSource, edit: Edit, arkit: NDArray, turn: Angles) -> Floats:
        """The picture [H,W,3] of an edit to ARKit weights [52] and a turn in degrees, completed where it changed.

        The same where nothing changed, and nearly the same where hardly anything is asked for.
        """
        reach = _reach(source, edit)
        change = guide.change(source, arkit, turn)
        share = np.abs(turn).max() / LITTLE_TURN
        if self._expressions:
            share = max(share, np.abs(change[:-3]).max() / LITTLE)
        if not reach.any() or share < 1e-3:
            return edit.picture
        at = _box(reach > 0, edit.picture.shape[:2])
        layers = guide.layers(source, edit, at)
        content, shown = self._painting(edit.picture[at], source.picture[at], layers, change)
        allowed = reach.repeat(CELL, 0).repeat(CELL, 1)[: edit.picture.shape[0], : edit.picture.shape[1]][at]
        shown *= min(share, 1.0) * allowed[..., None]
        known = float(np.interp(arkit[ARKIT_NAMES.index("jawOpen")], WIDE, (1, 0)))
        shown[edit.mouth[at]] *= known if self._expressions else 0
        picture = edit.picture.copy()
        picture[at] = np.clip(picture[at] + shown * (content - picture[at]), 0, 1)
        return picture

    def _painting(self, warped: Floats, source: Floats, layers: Floats, change: Floats) -> tuple[Floats, Floats]:
        """What the network paints in a window [h,w,3] and how much of it shows [h,w,1].

        It sees WORK pixels a side at most.
        """
        height, width = warped.shape[:2]
        share = min(1.0, WORK / max(height, width))
        h, w = (max(STEP, round(share * side / STEP) * STEP) for side in (height, width))
        seen, original = (_resized(self._tensor(picture), h, w) for picture in (warped, source))
        guides = _resized(self._tensor(layers), h // 2, w // 2)
        painting = self._net(seen, original, guides, torch.from_numpy(change)[None].to(self._device))
        content, shown = (_resized(x, height, width)[0].permute(1, 2, 0).cpu().numpy() for x in painting)
        return content, shown

    def _tensor(self, layers: Floats) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(layers)).to(self._device).permute(2, 0, 1)[None]


def _resized(x: Tensor, height: int, width: int) -> Tensor:
    if x.shape[2:] == (height, width):
        return x
    return F.interpolate(x, (height, width), mode="bilinear", antialias=height < x.shape[2])


def _reach(source: WarpSource, edit: Edit) -> Floats:
    """How far the refiner may have its way, by cells: 1 where the edit changed something, down to 0 beyond."""
    height, width = edit.picture.shape[:2]
    changed = (np.abs(edit.picture - source.picture).max(2) > CHANGED) | edit.mouth
    padded = np.pad(changed, ((0, -height % CELL), (0, -width % CELL)))
    cells = np.asarray(padded.reshape(padded.shape[0] // CELL, CELL, -1, CELL).any((1, 3)))
    if not cells.any():
        return cells.astype(np.float32)
    away = np.asarray(distance_transform_edt(~cells), np.float32)
    return np.clip((AROUND - away * (CELL / source.iod)) / FADE, 0, 1).astype(np.float32)


def _box(cells: NDArray[np.bool_], shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The window of the picture in which cells are, its sides divisible by STEP where the picture has the room."""
    window = []
    for axis, side in ((1, shape[0]), (0, shape[1])):
        taken = np.flatnonzero(cells.any(axis))
        low, high = int(taken[0]) * CELL, min((int(taken[-1]) + 1) * CELL, side)
        length = min(-(-(high - low) // STEP) * STEP, side)
        low = min(low, side - length)
        window.append(slice(low, low + length))
    return window[0], window[1]
