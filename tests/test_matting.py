"""Mattes by the shipped network: a generated bust is cut out of its wall."""

import numpy as np
import pytest
from PIL import Image

from vchar.matting import Matter
from vchar.studio import Studio


@pytest.fixture(scope="module")
def matter() -> Matter:
    return Matter.load()


def test_mattes_have_the_size_of_the_picture_whatever_its_shape(matter: Matter) -> None:
    found = matter.matte(Image.new("RGB", (70, 310), "grey"))
    assert found.person.shape == found.hair.shape == (310, 70)


def test_the_studio_lays_a_picture_on_another_ground() -> None:
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8))
    studio = Studio.load("cpu")
    assert studio.on_ground(picture, "photo") is picture
    assert studio.on_ground(picture, "transparent").mode == "RGBA"
    assert studio.on_ground(picture, "plain").mode == "RGB"
