"""Changing what a face in a picture does and where it looks: from what was asked for to facial actions to pixels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vchar.character import Expression, View
from vchar.refining import Refiner
from vchar.rig.blendshapes import ARKIT_NAMES, GAZE, PRESETS, REGIONS, gaze
from vchar.rig.body import HeadModel
from vchar.rig.fit import Fit
from vchar.rig.warp import WarpSource
from vchar.turning import FRAMES, YAWS, Angles, Trust, name_of, sweep, turn_to

FRAME, HAIR = 2.1, 0.06  # a head's square: its side in heights of brows to chin, and its shift upwards in sides

TRUST_SIDE = 320  # px of the picture by which is judged how far a face can be turned

LETTING_GO = 1.4  # a reading makes little of a smile, which most faces wear: it must fall further than was read

Weights = NDArray[np.float32]  # [52], in the order of ARKIT_NAMES


def target(own: Weights, expression: Expression, strength: float = 1.0) -> Weights:
    """The facial actions [52] of a face that by itself does `own` [52] and is asked for `expression`.

    An emotion at strength s cross-fades: what the face did before counts 1 - s, so a sad face at full strength has
    lost its smile. Gaze is a layer of its own: only emotions that look somewhere fade it. `strength` (0..1) goes part
    of the whole way.
    """
    looks = np.isin(ARKIT_NAMES, GAZE)
    kept = np.where(looks, 1.0, 1.0 - expression.neutralise)
    asked = np.zeros(len(ARKIT_NAMES))
    for emotion, share in expression.emotions.items():
        preset = vector(PRESETS[emotion])
        kept *= np.where(looks & (preset[looks] == 0).all(), 1, 1 - share)
        asked += share * preset
    reach = np.isin(ARKIT_NAMES, [name for region in expression.regions or REGIONS for name in REGIONS[region]])
    weights = np.where(reach, own * kept + asked, own)
    by_hand = (gaze(*expression.gaze) if expression.gaze else {}) | dict(expression.arkit)
    for name, weight in by_hand.items():
        weights[ARKIT_NAMES.index(name)] = weight
    return (own + strength * (weights.clip(0, 1) - own)).astype(np.float32)


def _let_go(own: Weights, weights: Weights) -> Weights:
    """`weights`, but a smile that ends below the face's `own` goes on falling, at most a little below 0."""
    smile = np.char.startswith(ARKIT_NAMES, "mouthSmile")
    return (weights + (LETTING_GO - 1) * np.minimum(weights - own, 0) * smile).astype(np.float32)


def full_strength(emotion: str) -> Expression:
    """One named emotion and nothing else."""
    return Expression(neutralise=True, emotions={emotion: 1})


def vector(weights: Mapping[str, float]) -> Weights:
    """Weights by ARKit name -> [52]; what is not named rests."""
    return np.array([weights.get(name, 0.0) for name in ARKIT_NAMES], np.float32)


class Sitter(ABC):
    """Someone who does and looks as asked, picture by picture; safe to share."""

    picture: Image.Image  # RGB, as they are by themselves

    @property
    @abstractmethod
    def own(self) -> dict[str, float]:
        """What the face does by itself: weight 0..1 by ARKit name."""

    @property
    @abstractmethod
    def angles(self) -> Angles:
        """How the head stands in the picture: yaw, pitch and roll in degrees."""

    @property
    @abstractmethod
    def trust(self) -> Trust:
        """How far the head can be turned before the picture becomes a guess."""

    @property
    @abstractmethod
    def frame(self) -> tuple[int, int, int, int]:
        """The square round the head: left, top, right, bottom in pixels, within the picture."""

    @abstractmethod
    def smaller(self, side: int) -> Sitter:
        """The same sitter in a picture whose longer side has at most `side` pixels, for previews."""

    @abstractmethod
    def express(self, expression: Expression, strength: float = 1.0, view: View | None = None) -> Image.Image:
        """The picture with `expression`, and the head turned to `view` (None: not turned), RGB.

        `strength` (0..1) goes part of the way to the expression. The same picture, pixel by pixel, where nothing is
        asked for.
        """

    def close_up(self, side: int) -> Sitter:
        """The same sitter in a picture in which `frame` has at most `side` pixels a side."""
        left, _, right, _ = self.frame
        return self.smaller(round(side * max(self.picture.size) / (right - left)))

    def turnaround(self, expression: Expression, pitch: float = 0.0) -> Iterator[tuple[str, Image.Image]]:
        """Seven views from 45 degrees left to 45 right, by name, as square pictures round the head.

        The head turns about the vertical before one camera: the scale is the same, and the eyes stay at their height.
        """
        for yaw in YAWS:
            yield name_of(yaw), self.express(expression, view=View(yaw, pitch)).crop(self.frame)

    def turntable(self, expression: Expression, pitch: float = 0.0, frames: int = FRAMES) -> Iterator[Image.Image]:
        """The head turning right, left and back in a closed loop, as square pictures round it."""
        made: dict[float, Image.Image] = {}
        for yaw in sweep(frames):
            if yaw not in made:
                made[yaw] = self.express(expression, view=View(yaw, pitch)).crop(self.frame)
            yield made[yaw]


@dataclass(frozen=True)
class Posed(Sitter):
    """A picture of a face that is warped into what is asked for: all that depends on the picture alone."""

    head: HeadModel = field(repr=False)
    picture: Image.Image  # RGB
    fit: Fit = field(repr=False)
    source: WarpSource = field(repr=False)
    refiner: Refiner | None = field(default=None, repr=False)  # None: the plain warp

    @classmethod
    def pose(cls, head: HeadModel, picture: Image.Image, fit: Fit, refiner: Refiner | None = None) -> Posed:
        """`fit` is how the head stands in the RGB picture."""
        return cls(head, picture, fit, WarpSource(head, np.asarray(picture, np.float32) / 255, fit), refiner)

    @property
    def angles(self) -> Angles:
        return self.fit.camera.yaw_pitch_roll

    @cached_property
    def trust(self) -> Trust:  # pyright: ignore[reportIncompatibleMethodOverride] (cached, as it takes a while)
        return Trust.of(self.smaller(TRUST_SIDE).source)

    def smaller(self, side: int) -> Posed:
        share = side / max(self.picture.size)
        if share >= 1:
            return self
        width, height = (max(1, round(share * length)) for length in self.picture.size)
        small = self.picture.resize((width, height), Image.Resampling.LANCZOS)
        return Posed.pose(self.head, small, self.fit.scaled(share), self.refiner)

    @property
    def own(self) -> dict[str, float]:
        return {name: float(weight) for name, weight in zip(ARKIT_NAMES, self.fit.arkit, strict=True)}

    @property
    def frame(self) -> tuple[int, int, int, int]:
        vertices = self.head.shape(self.fit.phenotype, self.fit.local, self.fit.arkit)
        face = self.fit.camera.project(vertices[self.head.landmarks])[:, :2]
        low, high = face.min(0), face.max(0)
        side = min(FRAME * float((high - low).max()), *self.picture.size)
        middle = (low + high) / 2 - (0, HAIR * side)
        left, top = (int(np.clip(m - side / 2, 0, e - side)) for m, e in zip(middle, self.picture.size, strict=True))
        return left, top, left + int(side), top + int(side)

    def express(self, expression: Expression, strength: float = 1.0, view: View | None = None) -> Image.Image:
        weights = target(self.fit.arkit, expression, strength)
        if view is None and np.array_equal(weights, self.fit.arkit):
            return self.picture
        weights, turn = _let_go(self.fit.arkit, weights), turn_to(self.fit.camera, view)
        edit = self.source.edit(weights, *turn)
        pixels = self.refiner.complete(self.source, edit, weights, turn) if self.refiner else edit.picture
        return Image.fromarray((pixels.clip(0, 1) * 255 + 0.5).astype(np.uint8))
