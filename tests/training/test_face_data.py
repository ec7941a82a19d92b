"""Pictures from outside as what the Studio generator learns from: framed like drawn portraits, with the head known."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from vchar.data.assets import Assets
from vchar.data.conditions import NAMES
from vchar.data.portraits import PortraitFactory
from vchar.evaluation.fit import Rig
from vchar.rig.body import HeadModel
from vchar.training.face_data import Looker

SIZE, AT = 256, (60, 30)  # of a portrait, and where it lies in a larger picture


@pytest.fixture(scope="module")
def looker() -> Looker:
    return Looker(Rig.load())


def test_a_face_is_framed_as_if_it_had_been_drawn_here_and_its_head_is_known(looker: Looker) -> None:
    head = HeadModel.load()
    factory = PortraitFactory(head, Assets.plain())
    for seed in (1, 2, 5):
        picture, row = next(factory.draw(seed, SIZE))
        wide = Image.fromarray(np.pad(picture, ((AT[1], 50), (AT[0], 40), (0, 0)), mode="edge"))
        seen = looker(wide)
        assert seen is not None
        assert seen.side == pytest.approx(SIZE, rel=0.12)
        np.testing.assert_allclose(seen.centre, np.array(AT) + SIZE / 2, atol=0.06 * SIZE)
        told, true = (dict(zip(NAMES, each.tolist(), strict=True)) for each in (seen.conditions, row))
        assert told["yaw"] == pytest.approx(true["yaw"], abs=8)
        assert (told["photo"], true["photo"]) == (1, 0)
        assert told["eye_spacing"] == pytest.approx(true["eye_spacing"], rel=0.15)
        assert np.isnan(told["skin_tone"])
        assert seen.identity.shape == (len(head.phenotype) + len(head.local_up),)
        assert np.isfinite(seen.identity).all()


def test_a_picture_without_a_face_is_left_out(looker: Looker) -> None:
    assert looker(Image.new("RGB", (200, 200), "grey")) is None
