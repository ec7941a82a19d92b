"""The data factory: a seed becomes a labelled picture of a person who does not exist.

The same seed makes the same picture in any process and any shard. Everything random comes from one generator per seed.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vchar.data.assets import Assets
from vchar.data.chance import one_of
from vchar.data.figure import Figure, Sculptor
from vchar.data.labels import HeadSample, dense_labels, visibility
from vchar.data.look import Dresser, Look
from vchar.data.occluder import draw_occluder
from vchar.data.person import Person, draw_person, expression
from vchar.data.photo import photograph
from vchar.data.surroundings import draw_background, draw_light, turned
from vchar.render.picture import render
from vchar.render.scene import Light
from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera, euler

Floats = NDArray[np.floating]
STUDIO = 0.2  # share of calm studio portraits: frontal, soft light, plain wall
OCCLUDED = 0.1  # share of pictures with something before the face, perhaps
SITTING = (9.0, 5.0, 4.0)  # spread of how people sit who are drawn twice: yaw, pitch, roll
TURNS, TURNED = 0.6, (48.0, 22.0, 12.0)  # share of them who turn the head; by how much at most


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
        clean = self._scene(rng, look, size, studio).shoot(figure, camera)
        blob = None
        if rng.random() < OCCLUDED:
            tone = np.median(look.skin, (0, 1)) / 255
            blob = draw_occluder(rng, self._assets.backgrounds, tone, size)
            clean += blob[..., 3:] * (blob[..., :3] - clean)
        sample = _sample(photograph(rng, clean), person, figure, camera, dense)
        if blob is not None:
            x, y = sample.landmarks.clip(0, size - 1).astype(int).T
            sample.visibility[blob[y, x, 3] >= 0.5] = 0
        return sample

    def draw_twice(
        self, seed: int, size: int = 512, turn: tuple[float, float, float] | None = None
    ) -> tuple[HeadSample, HeadSample]:
        """One person in one place before one camera, who then turns the head or changes the face.

        The second head is turned on the neck of the first one's body, by `turn` (yaw, pitch, roll in degrees) where
        that is asked for; its `pose` says by how much.
        """
        rng = np.random.default_rng(seed)
        studio = rng.random() < STUDIO
        person, look = draw_person(rng, self._head), self._dresser.draw(rng)
        stand = euler(*rng.normal(0, SITTING))
        turns = bool(rng.random() < TURNS) or turn is not None
        yaw, pitch, roll = turn or rng.uniform(-1, 1, 3) * TURNED * turns
        arkit = person.arkit if turns else expression(rng)
        dress, develop = rng.integers(2**32, size=2)
        before = replace(person, yaw=0.0, pitch=0.0, roll=0.0)
        after = replace(person, yaw=float(yaw), pitch=float(pitch), roll=float(roll), arkit=arkit)
        scene, camera, samples = self._scene(rng, look, size, studio), None, []
        for one in (before, after):
            figure = self._sculptor.figure(np.random.default_rng(dress), one, look, (one.yaw, one.pitch, one.roll))
            camera = camera or _frame(rng, stand, figure.landmarks, size)
            picture = photograph(np.random.default_rng(develop), scene.shoot(figure, camera))
            samples.append(_sample(picture, one, figure, camera))
        return samples[0], samples[1]

    def _scene(self, rng: np.random.Generator, look: Look, size: int, studio: bool) -> "_Scene":
        panorama = turned(rng, one_of(rng, self._assets.panoramas))
        light = draw_light(rng, panorama, look.skin, studio)
        return _Scene(light, draw_background(rng, panorama, self._assets.backgrounds, size, studio))


@dataclass(frozen=True)
class _Scene:
    """What stays while a person moves."""

    light: Light
    ground: Floats  # [S,S,3]

    def shoot(self, figure: Figure, camera: Camera) -> Floats:
        """The clean picture [S,S,3]."""
        size = len(self.ground)
        seen = render(figure.meshes, camera, self.light, size, size)
        return seen[..., :3] * seen[..., 3:] + self.ground * (1 - seen[..., 3:])


def _sample(
    picture: NDArray[np.uint8], person: Person, figure: Figure, camera: Camera, dense: bool = False
) -> HeadSample:
    size = len(picture)
    screen = camera.project(figure.landmarks)
    return HeadSample(
        picture=picture,
        landmarks=np.ascontiguousarray(screen[:, :2]),
        visibility=(visibility(figure.meshes, camera, screen, size) * figure.known).astype(np.float32),
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
