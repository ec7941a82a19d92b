"""Reading faces, with the real head, an untrained recogniser, and a finder that is told where the faces are."""

from __future__ import annotations

import json
from typing import cast

import numpy as np
import pytest
import torch
from PIL import Image

from vchar.errors import VcharError
from vchar.faces import FaceFinder, Landmarks
from vchar.models.expression import EMOTIONS, EmotionConfig, EmotionNet
from vchar.reading import Reader
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera, euler
from vchar.rig.prior import Prior

SIZE = 256
PICTURE = Image.effect_noise((SIZE, SIZE), 60).convert("RGB")


class ToldFinder:
    """Finds the faces it was given, for a picture of SIZE, in whatever picture."""

    def __init__(self, *faces: Landmarks) -> None:
        self._faces = list(faces)

    def find(self, picture: Image.Image) -> list[Landmarks]:
        return [Landmarks(face.points * (picture.width / SIZE), face.confidence) for face in self._faces]


def posed(yaw: float = 0.0) -> Landmarks:
    """Landmarks of the average head, turned."""
    head, camera = HeadModel.load(), Camera.facing(SIZE)
    turned = Camera(euler(yaw, 0, 0), camera.translation, camera.focal, camera.centre)
    points = turned.project(head.mean[head.landmarks])[:, :2]
    return Landmarks(points.astype(np.float32), np.ones(70, np.float32))


def reader(*faces: Landmarks) -> Reader:
    torch.manual_seed(0)
    finder = cast(FaceFinder, ToldFinder(*faces))
    return Reader(finder, HeadModel.load(), Prior.load(), EmotionNet(EmotionConfig()))


def test_reading_tells_pose_actions_emotions_and_landmarks_of_the_chosen_face() -> None:
    found = reader(posed(), posed(20)).read(PICTURE, 1, "hero.png")
    assert found.yaw == pytest.approx(20, abs=4)
    assert found.pitch == pytest.approx(0, abs=4)
    assert list(found.arkit) == list(ARKIT_NAMES)
    assert all(0 <= weight <= 1 for weight in found.arkit.values())
    assert set(found.emotions) == set(EMOTIONS)
    assert sum(found.emotions.values()) == pytest.approx(1, abs=0.01)
    assert list(found.emotions.values()) == sorted(found.emotions.values(), reverse=True)
    assert len(found.landmarks) == 70
    assert (found.face, found.faces) == (1, 2)
    assert found.box[0] < SIZE / 2 < found.box[2]
    assert 0 <= found.confidence <= 1


def test_reading_goes_to_json_whole() -> None:
    found = reader(posed()).read(PICTURE, 0, "hero.png")
    read = json.loads(found.to_json())
    assert read["arkit"] == found.arkit
    assert read["landmarks"][3] == list(found.landmarks[3])


def test_emotions_alone_are_those_of_the_whole_reading() -> None:
    one = reader(posed())
    quick = one.emotions(PICTURE, one.face(PICTURE, 0, "hero.png"))
    assert quick == pytest.approx(one.read(PICTURE, 0, "hero.png").emotions, abs=1e-4)


def test_a_face_reads_alike_wherever_it_stands_and_however_large_it_is() -> None:
    one, face = reader(posed()), posed()
    told = one.emotions(PICTURE, face)
    page = Image.new("RGB", (4 * SIZE, 3 * SIZE), "teal")
    page.paste(PICTURE, (2 * SIZE, SIZE))
    aside = Landmarks(face.points + np.array([2 * SIZE, SIZE], np.float32), face.confidence)
    assert one.emotions(page, aside) == pytest.approx(told, abs=1e-4)
    large = PICTURE.resize((4 * SIZE, 4 * SIZE), Image.Resampling.NEAREST)
    assert one.emotions(large, Landmarks(face.points * 4, face.confidence)) == pytest.approx(told, abs=0.01)


def test_no_face_and_no_such_face_are_told_in_clear_words() -> None:
    with pytest.raises(VcharError, match=r"No face found in hero\.png\. Works best with one face"):
        reader().read(PICTURE, 0, "hero.png")
    for face in (1, -1):
        with pytest.raises(
            VcharError, match=rf"hero\.png shows 1 face\(s\), counted from 0, so there is no face {face}"
        ):
            reader(posed()).read(PICTURE, face, "hero.png")


def test_points_that_are_no_face_are_refused() -> None:
    scattered = np.random.default_rng(0).uniform(0, SIZE, (70, 2)).astype(np.float32)
    with pytest.raises(VcharError):
        reader(Landmarks(scattered, np.ones(70, np.float32))).read(PICTURE, 0, "hero.png")
