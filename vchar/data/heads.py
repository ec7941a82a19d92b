"""The data factory: a seed becomes a labelled picture of a person who does not exist.

The same seed makes the same picture in any process and any shard. Everything random comes from one generator per seed.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vchar.data.assets import Assets
from vchar.data.chance import one_of
from vchar.data.figure import Sculptor
from vchar.data.labels import HeadSample, dense_labels, visibility
from vchar.data.look import Dresser
from vchar.data.occluder import draw_occluder
from vchar.data.person import draw_person
from vchar.data.photo import photograph
from vchar.data.surroundings import draw_background, draw_light, turned
from vchar.render.picture import render
from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera, euler

Floats = NDArray[np.floating]
STUDIO = 0.2  # share of calm studio portraits: frontal, soft light, plain wall
OCCLUDED = 0.1  # share of pictures with something before the face, perhaps


class HeadFactory:
    """Draws labelled heads; making one takes some seconds, one picture some hundredths."""

    def __init__(self, head: HeadModel, assets: Assets) -> None:
        self._head, self._assets = head, assets
        self._dresser, self._sculptor = Dresser(head, assets), Sculptor(head, assets)

    def draw(self, seed: int, size: int = 256, dense: bool = False) -> HeadSample:
        """The picture of this seed, size x size pixels, with its labels."""
        rng = np.random.default_rng(seed)
        studio = rng.random() < STUDIO
        person = draw_person(rng, self._head, studio)
        look = self._dresser.draw(rng)
        share = rng.uniform(0, 0.7)  # of the turn that the neck makes; the body makes the rest
        on_neck = (share * person.yaw, share * person.pitch, share * person.roll)
        figure = self._sculptor.figure(rng, person, look, on_neck)
        rest = euler(person.yaw, person.pitch, person.roll) @ euler(*on_neck).T
        camera = _frame(rng, rest, figure.landmarks, size)
        panorama = turned(rng, one_of(rng, self._assets.panoramas))
        seen = render(figure.meshes, camera, draw_light(rng, panorama, look.skin, studio), size, size)
        ground = draw_background(rng, panorama, self._assets.backgrounds, size, studio)
        clean = seen[..., :3] * seen[..., 3:] + ground * (1 - seen[..., 3:])
        screen = camera.project(figure.landmarks)
        seen_marks = visibility(figure.meshes, camera, screen, size) * figure.known
        if rng.random() < OCCLUDED:
            tone = np.median(look.skin, (0, 1)) / 255
            blob = draw_occluder(rng, self._assets.backgrounds, tone, size)
            clean += blob[..., 3:] * (blob[..., :3] - clean)
            x, y = screen[:, :2].clip(0, size - 1).astype(int).T
            seen_marks *= blob[y, x, 3] < 0.5
        return HeadSample(
            picture=photograph(rng, clean),
            landmarks=np.ascontiguousarray(screen[:, :2]),
            visibility=seen_marks.astype(np.float32),
            arkit=person.arkit,
            pose=np.array((person.yaw, person.pitch, person.roll), np.float32),
            dense=dense_labels(figure.meshes, camera, size) if dense else None,
        )


def _frame(rng: np.random.Generator, rotation: NDArray, points: Floats, size: int) -> Camera:
    """A camera with a random lens whose picture the face fills to 35-85 %, somewhat off the middle."""
    distance = rng.choice([rng.uniform(0.45, 0.9), rng.uniform(0.9, 2.5)], p=[0.3, 0.7])
    camera = Camera(rotation, np.array([0.0, 0.0, distance]), float(size), (0.0, 0.0))
    screen = camera.project(points)[:68, :2]
    low, high = screen.min(0), screen.max(0)
    zoom = rng.uniform(0.35, 0.85) * size / (high - low).max()
    room = np.maximum(size - (high - low) * zoom, 0)
    x, y = size / 2 - (low + high) / 2 * zoom + rng.uniform(-0.4, 0.4, 2) * room * [1, 0.8] + [0, 0.03 * size]
    return replace(camera, focal=size * zoom, centre=(float(x), float(y)))
