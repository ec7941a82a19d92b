"""Clothes and glasses sit where they belong."""

import numpy as np
import pytest

from vchar.data.wear import Tailor, draw_cap, draw_garment, draw_glasses
from vchar.rig.body import HeadModel


@pytest.fixture(scope="module")
def tailor(head: HeadModel) -> Tailor:
    return Tailor.of(head)


def test_a_garment_covers_the_shoulders_and_not_the_face(head: HeadModel, tailor: Tailor) -> None:
    normals = head.normals(head.mean)
    for seed in range(8):
        garment = draw_garment(np.random.default_rng(seed), tailor, head, head.mean, normals)
        used = garment.vertices[np.unique(garment.faces)]
        lip = head.mean[head.landmarks[57], 1]
        assert used[used[:, 2] < -0.03, 1].min() > lip  # in front; a collar may stand higher at the nape
        assert np.ptp(used[:, 0]) > 0.3
        assert used[:, 1].max() > 0.5  # reaches below any portrait
        np.testing.assert_allclose(np.linalg.norm(garment.normals, axis=1), 1, atol=1e-3)


def test_a_cap_leaves_the_face_free(head: HeadModel, tailor: Tailor) -> None:
    cap = draw_cap(np.random.default_rng(0), tailor, head.mean, head.normals(head.mean))
    brows = head.mean[head.landmarks[17:27]]
    front = cap.vertices[cap.vertices[:, 2] < brows[:, 2].max()]
    assert front[:, 1].max() < brows[:, 1].min()


def test_glasses_stand_before_the_eyes(head: HeadModel) -> None:
    marks = head.mean[head.landmarks]
    for seed in range(8):
        meshes = draw_glasses(np.random.default_rng(seed), marks)
        lenses = [mesh for mesh in meshes if mesh.blended]
        assert len(lenses) == 2
        for lens, pupil in zip(sorted(lenses, key=lambda m: m.vertices[:, 0].mean()), marks[68:], strict=True):
            low, high = lens.vertices.min(0), lens.vertices.max(0)
            assert (low[:2] < pupil[:2]).all()
            assert (pupil[:2] < high[:2]).all()
            assert high[2] < pupil[2] + 0.005
