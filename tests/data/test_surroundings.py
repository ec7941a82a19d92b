"""Light is exposed for faces; backgrounds are pictures."""

import numpy as np
import pytest

from tests.render.shapes import ball
from vchar.data.assets import Assets
from vchar.data.surroundings import draw_background, draw_light, turned
from vchar.render.picture import render, srgb_to_linear
from vchar.render.scene import SKIN
from vchar.rig.camera import Camera


@pytest.mark.parametrize("studio", [True, False])
def test_faces_of_any_tone_are_neither_black_nor_white(studio: bool) -> None:
    panorama = Assets.plain().panoramas[0]
    tones = []
    for seed in range(24):
        skin = np.full((32, 32, 3), 60 if seed % 2 else 200, np.uint8)
        light = draw_light(np.random.default_rng(seed), panorama, skin, studio)
        colour = tuple(srgb_to_linear(skin[0, 0] / 255))
        seen = render([ball(material=SKIN, colour=colour)], Camera.facing(24), light, 24, 24)
        tones.append(seen[seen[..., 3] == 1][:, :3].mean())
    assert 0.3 < np.median(tones) < 0.75
    assert min(tones) > 0.12
    assert max(tones) < 0.95


def test_backgrounds_are_varied_pictures() -> None:
    assets = Assets.plain()
    photo = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    grounds = [
        draw_background(np.random.default_rng(seed), assets.panoramas[0], [photo], 32, studio=seed % 4 == 0)
        for seed in range(30)
    ]
    assert all(ground.shape == (32, 32, 3) and ground.min() >= 0 and ground.max() <= 1 for ground in grounds)
    assert np.std([ground.mean() for ground in grounds]) > 0.1


def test_a_turned_panorama_is_the_same_light_from_another_side() -> None:
    panorama = Assets.plain().panoramas[0]
    other = turned(np.random.default_rng(5), panorama)
    assert not np.array_equal(panorama, other)
    np.testing.assert_allclose(np.sort(panorama.ravel()), np.sort(other.ravel()))
