"""How true retargeting is, on a pack whose answer is known."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.data.motion_pack import write_pack
from vchar.data import motions
from vchar.data.retarget import retarget
from vchar.evaluation.retargeting import direction_errors, fidelity
from vchar.rig import rotation
from vchar.rig.skeleton import Skeleton

BODY = Skeleton.body()


@pytest.mark.parametrize("facing", [0, 120])
def test_limbs_that_point_as_the_sources_do_err_by_nothing_wherever_it_faces(tmp_path: Path, facing: float) -> None:
    motion = motions.load(write_pack(tmp_path, facing=facing))[0]
    assert max(direction_errors(motion, retarget(motion, BODY)).values()) < 0.5


def test_a_bent_arm_shows_in_its_own_row(tmp_path: Path) -> None:
    motion = motions.load(write_pack(tmp_path))[0]
    clip = retarget(motion, BODY)
    pose = clip.local_rotations.copy()
    for side in ("Left", "Right"):
        elbow = BODY.index(f"{side}ForeArm")
        pose[:, elbow] = rotation.multiply(pose[:, elbow], rotation.from_axis([0, 0, 1], 30).astype("f4"))
    errors = direction_errors(motion, replace(clip, local_rotations=pose))
    assert errors["ForeArm"] == pytest.approx(30, abs=1)
    assert errors["Arm"] < 0.5


def test_all_measures_of_a_pack_are_told(tmp_path: Path) -> None:
    pairs = [(motion, retarget(motion, BODY)) for motion in motions.load(write_pack(tmp_path))]
    found = fidelity(pairs)
    assert set(found) >= {"Arm_degrees", "Leg_degrees", "penetration_cm", "skate"}
    assert found["penetration_cm"] < 1
