"""Sliders of a body: what they refuse, and that they mix the corners as they should."""

import numpy as np
import pytest

from vchar.errors import VcharError
from vchar.rig.phenotype import CORNER_NAMES, CORNERS, NAMES, nearness, random_sliders, shares, values


def test_corners_along_each_quality_share_one_body_among_them() -> None:
    near = nearness(random_sliders(50, 0))
    ends = np.cumsum([len(corners) for corners in CORNERS.values()])
    for part in np.split(near, ends[:-1], axis=1):
        assert np.allclose(part.sum(1), 1)
        assert ((np.abs(part) > 1e-9).sum(1) <= 2).all()


def test_no_adult_is_a_child() -> None:
    near = nearness(random_sliders(200, 1))
    assert near[:, CORNER_NAMES.index("child")].max() < 0.5


def test_a_term_counts_by_all_of_its_corners() -> None:
    terms = np.array([[name in ("male", "old") for name in CORNER_NAMES]])
    old_man, old_woman = ({"gender": sign, "age": 1.0} for sign in (1, -1))
    found = shares(np.stack([values(old_man), values(old_woman)]), terms)
    assert found[:, 0] == pytest.approx([1, 0])


@pytest.mark.parametrize(
    ("chosen", "message"),
    [({"tail": 1}, "no body slider 'tail'; choose from age"), ({"height": 1.2}, "height goes from -1 to 1, not 1.2")],
)
def test_absurd_sliders_are_refused(chosen: dict[str, float], message: str) -> None:
    with pytest.raises(VcharError, match=message):
        values(chosen)


def test_random_bodies_leave_the_other_sliders_alone() -> None:
    drawn = random_sliders(10, 2, ("age",))
    assert np.abs(drawn[:, NAMES.index("age")]).min() > 0
    assert not np.delete(drawn, NAMES.index("age"), axis=1).any()
