"""Which pixels of generated portraits show what, read linearly from the generator's own features.

Colour and landmarks tell of many pixels surely that they are face, hair, clothes or ground (with a network that
finds people). A linear classifier learns these from the features that the generator paints a picture from, and tells
the rest: features of hair are alike whatever its colour (as in DatasetGAN, Zhang et al. 2021, but without marks by
hand).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import binary_dilation, binary_erosion, gaussian_filter
from torch import Tensor

from vchar.models.face import SynthesisNetwork, inverse_haar
from vchar.models.pixels import to_bytes

KINDS = GROUND, FACE, HAIR, CLOTHES = range(4)
UNKNOWN = 255
LEVELS = slice(1, 5)  # of the generator whose features are read: 16 to 128 px
SIZE = 256
LIKE, UNLIKE = 4.0, 6.0  # distances from a colour within which something is of it, beyond which it isn't
SPREAD = 0.1  # of a colour at least: log of linear light
PERSON, NOBODY = 0.9, 0.08  # probabilities from which it is one, and up to which none
PER_KIND = 250  # pixels of each kind that are learnt from a picture
STEPS, BATCH, RATE, DECAY = 150, 4096, 2e-3, 3e-4


@dataclass(frozen=True)
class Painted:
    """picture: [256,256,3] uint8.  features: a few of the levels it was painted from, [C,h,w] each."""

    picture: NDArray[np.uint8]
    features: Sequence[Tensor]


def paint(synthesis: SynthesisNetwork, styles: Sequence[Tensor]) -> Painted:
    """One portrait of StyleSpace styles, with the features behind it."""
    level = synthesis.config.level_of(SIZE)
    x = synthesis.const.expand(1, -1, -1, -1).contiguous(memory_format=torch.channels_last)
    x = synthesis.conv(x, styles[0])
    features = []
    for i in range(level):
        x = synthesis.levels[i](x, list(styles[1 + 3 * i : 4 + 3 * i]), torch.nn.Identity())
        features.append(x[0].clone())
    picture = inverse_haar(synthesis.previews[str(SIZE)](x, torch.cat(list(styles[3 * level - 2 :]), dim=1)))[0]
    return Painted(to_bytes(picture).numpy(), features[LEVELS])


def surely(picture: NDArray[np.uint8], person: NDArray[np.float32], points: NDArray[np.float32]) -> NDArray[np.uint8]:
    """What is surely known of each pixel [S,S] of a portrait: one of KINDS, or UNKNOWN.

    person: [S,S] probability of showing somebody.  points: [70,2] landmarks in pixels.
    """
    size = len(picture)
    found = np.full((size, size), UNKNOWN, np.uint8)
    found[person < NOBODY] = GROUND
    tint, (y, x) = _tint(picture), np.mgrid[:size, :size] + 0.5
    eyes = float(np.linalg.norm(points[42:48].mean(0) - points[36:42].mean(0)))
    brow, chin, (left, right) = points[17:27, 1].min(), points[8, 1], points[[0, 16], 0]
    cheeks = _inside(points[[2, 3, 4, 48, 31, 39, 36]], size) | _inside(points[[14, 13, 12, 54, 35, 42, 45]], size)
    if cheeks.sum() < 50:
        return found
    from_skin = _distance(tint, cheeks, 1.5)
    surely_him, no_skin = person > PERSON, from_skin > UNLIKE
    beside = (np.abs(y - chin + 0.3 * eyes) < 0.25 * eyes) & (np.maximum(left - x, x - right) / eyes - 0.375 < 0.225)
    beside &= np.maximum(left - x, x - right) > 0.15 * eyes
    is_short = beside.sum() > 20 and person[beside].mean() < 0.12
    face = _inside(np.concatenate([points[:17], points[26:16:-1]]), size)
    found[np.asarray(binary_erosion(face, iterations=3), bool)] = FACE
    forehead = (y < brow) & (y > brow - 0.3 * eyes) & (x > points[19, 0]) & (x < points[24, 0])
    found[forehead & (from_skin < LIKE)] = FACE
    above = surely_him & no_skin & (y < brow - 0.35 * eyes)
    clothes = surely_him & no_skin & (y > chin + (0.1 if is_short else 0.25) * eyes)
    if above.sum() > 300:
        from_hair = _distance(tint, above, 2.0)
        lowest = chin - (0.6 * eyes if is_short else 0)
        around = (
            surely_him
            & no_skin
            & (from_hair < LIKE)
            & (y < lowest)
            & ~np.asarray(binary_dilation(face, iterations=4), bool)
        )
        found[above | around] = HAIR
        clothes &= is_short | (from_hair > UNLIKE)
    found[clothes] = CLOTHES
    under = (y > chin) & (x > points[4, 0]) & (x < points[12, 0])
    found[under & surely_him & (from_skin < LIKE) & (y < chin + eyes)] = FACE
    found[under & surely_him & no_skin & (y > chin + 0.9 * eyes)] = CLOTHES
    return found


def _tint(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Half the brightness, and two differences of colour, as logarithms of linear light [S,S,3]."""
    light = np.log(gaussian_filter(picture / 255, (1, 1, 0)) ** 2.2 + 0.01)
    return np.stack([light.mean(-1) / 2, light[..., 0] - light[..., 1], light[..., 1] - light[..., 2]], axis=-1)


def _distance(tint: NDArray, where: NDArray[np.bool_], spreads: float) -> NDArray[np.float64]:
    """How far each pixel's tint is from that of a region, in so many median deviations."""
    usual = np.median(tint[where], axis=0)
    spread = np.maximum(spreads * np.median(np.abs(tint[where] - usual), axis=0), SPREAD)
    return np.linalg.norm((tint - usual) / spread, axis=-1)


def _inside(corners: NDArray[np.float32], size: int) -> NDArray[np.bool_]:
    mask = Image.new("1", (size, size))
    ImageDraw.Draw(mask).polygon([(float(x), float(y)) for x, y in corners], fill=1)
    return np.asarray(mask)


@dataclass(frozen=True)
class Readout:
    """weight [C,4], bias [4]: from the features of all levels to the log-odds of KINDS."""

    weight: Tensor
    bias: Tensor

    def __call__(self, features: Sequence[Tensor]) -> Tensor:
        """Probability of each kind [4,256,256]."""
        total, start = self.bias[:, None, None].expand(-1, SIZE, SIZE), 0
        for layer in features:
            weight = self.weight[start : start + len(layer)]
            odds = torch.einsum("chw,ck->khw", layer, weight)[None]
            total = total + F.interpolate(odds, (SIZE, SIZE), mode="bilinear")[0]
            start += len(layer)
        return total.softmax(0)

    @classmethod
    def learn(cls, painted: Sequence[Painted], known: Sequence[NDArray[np.uint8]], seed: int) -> Readout:
        """From what is surely known of some portraits."""
        rng, random = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
        rows, kinds = [], []
        for one, found in zip(painted, known, strict=True):
            for kind in KINDS:
                places = np.argwhere(found == kind)[:, ::-1]
                picked = rng.permutation(len(places))[:PER_KIND]
                if len(picked) > PER_KIND // 10:
                    rows.append(_at(one.features, places[picked]))
                    kinds += [kind] * len(picked)
        x, truth = torch.cat(rows), torch.tensor(kinds)
        mean, spread = x.mean(0), x.std(0) + 1e-3
        x = (x - mean) / spread
        target = F.one_hot(truth, len(KINDS)) - 1 / len(KINDS)
        start = torch.linalg.solve(x.mT @ x / len(x) + 0.3 * torch.eye(x.shape[1]), x.mT @ target / len(x))
        weight = (8 * start).requires_grad_()
        bias = torch.zeros(len(KINDS), requires_grad=True)
        optimiser = torch.optim.Adam([weight, bias], lr=RATE)
        with torch.enable_grad():
            for _ in range(STEPS):
                batch = torch.randint(len(x), (BATCH,), generator=random)
                odds = x[batch] @ weight + bias
                loss = F.cross_entropy(odds, truth[batch], label_smoothing=0.02)
                loss = loss + DECAY * weight.square().sum()
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
        plain = weight.detach() / spread[:, None]
        return cls(plain, bias.detach() - mean @ plain)


def _at(features: Sequence[Tensor], places: NDArray) -> Tensor:
    """The features of all levels at pixels [N,2] -> [N,C]."""
    grid = torch.from_numpy((places + 0.5) / (SIZE / 2) - 1).float()[None, None]
    return torch.cat([F.grid_sample(x[None], grid, align_corners=False)[0, :, 0].mT for x in features], dim=1)
