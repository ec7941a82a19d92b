"""The head cut off at the neck."""

import numpy as np
import pytest

from vchar.rig.body import PARTS, HeadModel
from vchar.rig.bust import Bust


@pytest.fixture(scope="module")
def head() -> HeadModel:
    return HeadModel.load()


@pytest.fixture(scope="module")
def bust(head: HeadModel) -> Bust:
    return Bust.of(head)


def test_it_has_all_of_the_head_and_nothing_below_the_neck(head: HeadModel, bust: Bust) -> None:
    place = bust.place(head.mean)
    marks = head.mean[head.landmarks]
    assert np.linalg.norm(place[:, None] - marks[None], axis=-1).min(0).max() < 1e-6
    assert place[:, 1].max() < 0.15
    assert np.abs(place[:, 0]).max() < 0.1
    for number, part in enumerate(PARTS[1:], start=1):
        assert len(bust.only(part)) == (head.face_part == number).sum()


def test_no_two_places_of_the_skin_share_a_texel(bust: Bust) -> None:
    corners = bust.uv[bust.faces[bust.only("skin")]]
    assert corners.min() >= 0
    assert corners.max() <= 1
    (ax, ay), (bx, by) = ((corners[:, i] - corners[:, 0]).T for i in (1, 2))
    area = ax * by - ay * bx
    assert (area >= -1e-9).all()  # none is turned over, so no fold covers another
    assert 0.5 < area.sum() / 2 < 0.95


def test_the_face_has_more_texels_than_its_share_of_the_surface(head: HeadModel, bust: Bust) -> None:
    faces = bust.faces[bust.only("skin")]
    place = bust.place(head.mean)[faces]
    surface = np.linalg.norm(np.cross(place[:, 1] - place[:, 0], place[:, 2] - place[:, 0]), axis=-1)
    (ax, ay), (bx, by) = ((bust.uv[faces][:, i] - bust.uv[faces][:, 0]).T for i in (1, 2))
    texels = np.abs(ax * by - ay * bx)
    marks = head.mean[head.landmarks[:68]]
    middle = place.mean(1)
    face = (middle[:, 2] < marks[0, 2]) & (middle[:, 1] > marks[19, 1]) & (middle[:, 1] < marks[8, 1])
    assert texels[face].sum() / texels.sum() > 1.3 * surface[face].sum() / surface.sum()


def test_the_neck_ends_in_an_edge_that_turns_in(head: HeadModel, bust: Bust) -> None:
    faces = bust.faces[bust.only("skin")]
    place = bust.place(head.mean)
    same = np.unique(np.round(place * 1e6), axis=0, return_inverse=True)[1].ravel()
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    _, first, uses = np.unique(np.sort(same[edges], axis=1), axis=0, return_index=True, return_counts=True)
    open_edges = place[edges[first[uses == 1]]].mean(1)
    rim = open_edges[open_edges[:, 1] > 0.05]  # the others are eyes and mouth
    assert len(rim) > 20
    neck = place[np.unique(faces)]
    neck = neck[neck[:, 1] > 0.09]
    assert np.ptp(rim[:, 0]) < np.ptp(neck[:, 0]) - 0.01
    assert rim[:, 1].max() < neck[:, 1].max() - 0.005


def test_it_moves_with_the_head(head: HeadModel, bust: Bust) -> None:
    shift = np.array([0.01, -0.02, 0.03], np.float32)
    np.testing.assert_allclose(bust.place(head.mean + shift), bust.place(head.mean) + shift, atol=1e-6)
