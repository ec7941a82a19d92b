"""Portraits to teach a generator: the data factory's people, framed alike, before a plain wall, with all that is known.

Clean pictures, without a camera's faults; the same seed makes the same person, seen in several takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vchar.data import conditions
from vchar.data.assets import Assets
from vchar.data.chance import one_of
from vchar.data.figure import Figure, Sculptor
from vchar.data.look import Dresser, Look
from vchar.data.person import Person, Proportions, draw_person, expression, turn_points
from vchar.data.surroundings import draw_background, draw_light, turned
from vchar.render.picture import render
from vchar.render.scene import Light, Mesh
from vchar.rig import align
from vchar.rig.body import PIVOT, HeadModel
from vchar.rig.camera import Camera, euler

Floats = NDArray[np.floating]
Bytes = NDArray[np.uint8]
Render = Callable[[Sequence[Mesh], Camera, Light, int, int], Floats]  # see `vchar.render.picture.render`
SPREAD = np.array([18.0, 8.0, 5.0])  # of yaw, pitch and roll, degrees
MOST = np.array([45.0, 20.0, 15.0])
DISTANCE = (0.9, 2.0)  # of the camera, metres
PLAIN = 0.6  # how far these people stray from the average face, in units of those who teach landmarks
REAL_SKIN = 0.75  # share of people with the face of a portrait
EVEN = 0.8  # share of portraits in a studio's even light


class PortraitFactory:
    """Draws portraits; making one takes some seconds, one picture some hundredths."""

    def __init__(self, head: HeadModel, assets: Assets, render: Render = render) -> None:
        self._head, self._assets, self._render = head, assets, render
        self._dresser, self._sculptor = Dresser(head, assets, REAL_SKIN), Sculptor(head, assets)

    def draw(self, seed: int, size: int = 256, takes: int = 1) -> Iterator[tuple[Bytes, NDArray[np.float32]]]:
        """Takes [size,size,3] of this seed's person, who turns and makes faces, each with its row of conditions.

        Clothes, light and wall stay the same, so that all that differs is what the row says (`vchar.data.conditions`).
        """
        rng = np.random.default_rng(seed)
        person, look = _plain(draw_person(rng, self._head)), self._dresser.draw(rng)
        panorama = turned(rng, one_of(rng, self._assets.panoramas))
        light = draw_light(rng, panorama, look.skin, bool(rng.random() < EVEN))
        ground = draw_background(rng, panorama, (), size, studio=True)
        distance, calm = float(rng.uniform(*DISTANCE)), self._calm_marks(person)
        for take in range(takes):
            rng = np.random.default_rng((seed, take))
            acted = _acted(rng, person)
            pose = (acted.yaw, acted.pitch, acted.roll)
            share = rng.uniform(0, 0.7)  # of the turn that the neck makes; the body makes the rest
            on_neck = (share * pose[0], share * pose[1], share * pose[2])
            figure = self._sculptor.figure(np.random.default_rng(seed), acted, look, on_neck)
            camera = _framed(calm, on_neck, euler(*pose) @ euler(*on_neck).T, distance, size)
            seen = self._render(figure.meshes, camera, light, size, size)
            picture = seen[..., :3] * seen[..., 3:] + ground * (1 - seen[..., 3:])
            attributes = shape_of(calm) | look_of(look, figure) | {"backdrop": float(ground.mean())}
            row = conditions.row(attributes, acted.arkit, np.array(pose), photo=0.0)
            yield (picture.clip(0, 1) * 255 + 0.5).astype(np.uint8), row

    def _calm_marks(self, person: Person) -> Floats:
        """The landmarks [70,3] of this person's face at rest."""
        return _at_rest(self._head, person)[self._head.landmarks]


def shape_of_seed(head: HeadModel, seed: int) -> NDArray[np.float32]:
    """The vertices [V,3] of the person that `PortraitFactory` draws of this seed, at rest."""
    return _at_rest(head, _plain(draw_person(np.random.default_rng(seed), head)))


def _at_rest(head: HeadModel, person: Person) -> NDArray[np.float32]:
    return person.proportions.bend(head.shape(person.phenotype, person.local, np.zeros_like(person.arkit)))


def _acted(rng: np.random.Generator, person: Person) -> Person:
    """The same person with another pose and expression; calm and smiling faces are commoner than among those who teach
    landmarks."""
    yaw, pitch, roll = np.clip(rng.normal(0, SPREAD), -MOST, MOST).tolist()
    arkit = expression(rng) * rng.choice([0.3, 0.7, 1.0])
    return replace(person, arkit=arkit.astype(np.float32), yaw=yaw, pitch=pitch, roll=roll)


def _plain(person: Person) -> Person:
    """The same person, nearer to the average."""
    odd = person.proportions
    scale, moves = 1 + PLAIN * (odd.scale - 1), PLAIN * odd.moves
    proportions = Proportions(scale, odd.centres, moves)
    return replace(person, local=PLAIN * person.local, proportions=proportions)


def _framed(marks: Floats, turn: tuple[float, float, float], rest: Floats, distance: float, size: int) -> Camera:
    """A camera whose picture is `align.square` of the face at rest, whatever the face does and how it is turned."""
    camera = Camera(np.asarray(rest, np.float64), np.array([0.0, 0.0, distance]), 1.0, (0.0, 0.0))
    _, across, down = align.anchors(marks)
    eyes, _, way = align.anchors(turn_points(marks, np.ones(len(marks)), turn, PIVOT))
    x, y, depth = camera.project((eyes + align.ABOVE * way).astype(np.float32)).tolist()
    focal = size * depth / align.side_of(across, down)
    return replace(camera, focal=focal, centre=(size / 2 - x * focal, size / 2 - y * focal))


def shape_of(marks: Floats) -> dict[str, float]:
    """Lengths between landmarks [68 or more, 3] of a face at rest, in distances between the eyes' middles."""

    def far(i: int, j: int) -> float:
        return float(np.linalg.norm(marks[i] - marks[j])) / unit

    _, across, _ = align.anchors(marks)
    unit = float(np.linalg.norm(across))
    return {
        "face_width": far(1, 15),
        "jaw_width": far(5, 11),
        "chin_length": far(57, 8),
        "eye_size": (far(36, 39) + far(42, 45)) / 2,
        "eye_spacing": far(39, 42),
        "nose_width": far(31, 35),
        "nose_length": far(27, 33),
        "lip_fullness": far(51, 62) + far(66, 57),
        "mouth_width": far(48, 54),
        "brow_height": (far(19, 37) + far(24, 44)) / 2,
    }


def look_of(look: Look, figure: Figure) -> dict[str, float]:
    """Lightness of what a person is made of, and what there is; 0..1. Hair that isn't there has no lightness."""
    iris = np.asarray(look.eye, np.float32)
    middle = slice(len(iris) * 3 // 8, len(iris) * 5 // 8)
    return {
        "skin_tone": float(look.skin.mean() / 255),
        "eye_lightness": float(iris[middle, middle].mean() / 255),
        "hair": float(look.hair is not None),
        "hair_lightness": float(np.mean(look.hair_colour)) if look.hair or look.brows else np.nan,
        "glasses": float("glasses" in figure.worn),
        "cap": float("cap" in figure.worn),
    }
