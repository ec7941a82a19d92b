"""The measures of the fit, on heads whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from vchar.data.labels import Dense, HeadSample
from vchar.errors import VcharError
from vchar.evaluation.fit import Rig, aligned, photographs, renders
from vchar.faces import Landmarks
from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera, euler
from vchar.rig.prior import Prior
from vchar.rig.view import View

SIZE = 160


@pytest.fixture(scope="module")
def head() -> HeadModel:
    return HeadModel.load()


def sample(head: HeadModel, yaw: float) -> HeadSample:
    """The mean head, with all labels that the measures use."""
    camera = Camera(euler(yaw, 0, 0), np.array([0.0, 0.02, 1.1]), 4.2 * SIZE, (SIZE / 2, SIZE / 2))
    view = View(head, head.mean, camera, SIZE, SIZE)
    nothing = np.zeros((SIZE, SIZE, 3), np.float32)
    parts, matte = (view.part + 1).astype(np.uint8), np.zeros((SIZE, SIZE, 2), np.uint8)
    dense = Dense(view.raster.depth, nothing, nothing[..., :2], parts, matte)
    picture = np.full((SIZE, SIZE, 3), round(yaw) + 90, np.uint8)
    points = view.screen[head.landmarks, :2]
    return HeadSample(picture, points, np.ones(70), np.zeros(52), np.array([yaw, 0, 0]), dense)


def rig(head: HeadModel, samples: list[HeadSample]) -> Rig:
    """Finds the true landmarks of the samples, by the grey of their pictures; no face elsewhere."""
    known = {int(s.picture[0, 0, 0]): Landmarks(s.landmarks, np.ones(70, np.float32)) for s in samples}
    prior = replace(Prior.load(), offset=np.zeros((70, 3)))
    return Rig(head, prior, lambda picture: known.get(np.asarray(picture)[0, 0, 0]))


def test_a_head_that_is_known_well_has_small_errors(head: HeadModel) -> None:
    samples = [sample(head, yaw) for yaw in (-25, 0, 25)]
    found = renders(rig(head, samples), samples)
    assert found["renders"] == 3
    assert found["renders_missed"] == 0
    assert found["yaw_error"] < 2
    assert found["roll_error"] < 1
    assert found["depth_error_mm"] < 3


def test_missed_heads_are_counted(head: HeadModel) -> None:
    samples = [sample(head, 0), sample(head, 20)]
    assert renders(rig(head, samples[:1]), samples)["renders_missed"] == 1


def test_without_any_face_it_says_so(head: HeadModel) -> None:
    with pytest.raises(VcharError, match="None of the faces"):
        photographs(rig(head, []), [])
    assert rig(head, []).find(Image.new("RGB", (8, 8))) is None


def test_aligning_undoes_size_place_and_tilt(head: HeadModel) -> None:
    points = sample(head, 0).landmarks
    turned = 1.7 * points @ np.array([[0.8, 0.6], [-0.6, 0.8]]) + [30, -12]
    assert np.allclose(aligned(turned.astype(np.float32), points), points, atol=1e-3)
