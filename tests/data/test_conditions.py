"""Conditions: named numbers, and what becomes of them in a mirror."""

import numpy as np

from vchar.data import conditions
from vchar.data.conditions import ATTRIBUTES, NAMES, mirrored
from vchar.rig.blendshapes import ARKIT_NAMES


def test_names_are_unique_and_cover_identity_face_and_view() -> None:
    assert len(set(NAMES)) == len(NAMES) == len(ATTRIBUTES) + 52 + 3 + 1


def test_a_mirror_swaps_sides_and_turns_the_head_the_other_way() -> None:
    arkit = np.zeros(52)
    arkit[ARKIT_NAMES.index("mouthSmileLeft")], arkit[ARKIT_NAMES.index("jawRight")] = 0.7, 0.3
    row = conditions.row({"glasses": 1.0}, arkit, np.array([20, 5, -8]), photo=1)
    seen = dict(zip(NAMES, mirrored(row), strict=True))
    assert (seen["mouthSmileRight"], seen["mouthSmileLeft"]) == (np.float32(0.7), 0)
    assert (seen["jawLeft"], seen["jawRight"]) == (np.float32(0.3), 0)
    assert (seen["yaw"], seen["pitch"], seen["roll"], seen["glasses"]) == (-20, 5, 8, 1)
    np.testing.assert_array_equal(mirrored(mirrored(row)), row)


def test_what_is_left_out_is_unknown() -> None:
    row = conditions.row({}, np.zeros(52), np.zeros(3), photo=0)
    assert np.isnan(row[: len(ATTRIBUTES)]).all()
    assert not np.isnan(row[len(ATTRIBUTES) :]).any()
