"""BVH files, written and read."""

import numpy as np
import pytest

from vchar.errors import VcharError
from vchar.rig import rotation
from vchar.rig.bvh import from_bvh, to_bvh
from vchar.rig.clip import Clip
from vchar.rig.rotation import Array
from vchar.rig.skeleton import Skeleton

SMALL = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Yrotation Xrotation Zrotation
  JOINT Chest
  {
    OFFSET 0 10 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0 5 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.05
0 90 0 90 0 0 0 90 0
1 90 0 0 0 0 0 0 0
"""


@pytest.fixture(scope="module")
def clip() -> Clip:
    """Our body in six wild poses."""
    body, draw = Skeleton.body(), np.random.default_rng(0)
    return Clip.without_contacts(body, 30, draw.normal(size=(6, 3)), rotation.normalized(draw.normal(size=(6, 22, 4))))


def positions_by_name(clip: Clip) -> dict[str, Array]:
    return {name: clip.joint_positions[:, i] for i, name in enumerate(clip.skeleton.names)}


def plain_positions(text: str) -> dict[str, Array]:
    """A second, naive reader for files of ours: positions of joints and end sites in file units, with 4x4 matrices."""
    head, motion = text.split("MOTION")
    table = np.array([[float(word) for word in row.split()] for row in motion.strip().splitlines()[2:]])
    stack: list[Array] = []
    found: dict[str, Array] = {}
    column, name = 0, ""
    for row in head.splitlines()[1:]:
        words = row.split()
        if words[0] in ("ROOT", "JOINT", "End"):
            name = words[1] if words[0] != "End" else f"{name} tip"
        elif words[0] == "OFFSET":
            frame = np.tile(np.eye(4), (len(table), 1, 1))
            frame[:, :3, 3] = [float(word) for word in words[1:]]
            stack.append(stack[-1] @ frame if stack else frame)
            found[name] = stack[-1][:, :3, 3]
        elif words[0] == "CHANNELS":
            for channel in words[2:]:
                axis, step = "XYZ".index(channel[0]), np.tile(np.eye(4), (len(table), 1, 1))
                if channel.endswith("position"):
                    step[:, axis, 3] = table[:, column]
                else:
                    step[:, :3, :3] = rotation.to_matrix(rotation.from_axis(np.eye(3)[axis], table[:, column]))
                stack[-1] = stack[-1] @ step
                column += 1
            found[name] = stack[-1][:, :3, 3]
        elif words[0] == "}":
            stack.pop()
    return found


@pytest.mark.parametrize("metre", [1.0, 100.0])
def test_what_is_written_is_read_again(clip: Clip, metre: float) -> None:
    again = from_bvh(to_bvh(clip, metre), metre)
    assert again.fps == pytest.approx(30)
    ours, theirs = positions_by_name(clip), positions_by_name(again)
    assert all(np.allclose(theirs[name], places, atol=1e-4) for name, places in ours.items())
    head = again.skeleton.index("Head")
    assert np.allclose(again.skeleton.tips[head], clip.skeleton.tips[clip.skeleton.index("Head")], atol=1e-5)


def test_a_second_reader_sees_the_same_joints_within_a_millimetre(clip: Clip) -> None:
    found = plain_positions(to_bvh(clip))
    for name, places in positions_by_name(clip).items():
        assert np.abs(found[name] / 100 - places).max() < 1e-3, name


def test_rotations_do_not_jump_by_full_turns() -> None:
    body = Skeleton.body()
    pose = rotation.identity(61, 22)
    pose[:, 0] = rotation.from_axis([0, 1, 0], np.linspace(0, 600, 61))
    text = to_bvh(Clip.without_contacts(body, 30, np.zeros((61, 3)), pose))
    table = np.array([[float(word) for word in row.split()] for row in text.split("Frame Time:")[1].splitlines()[1:]])
    assert table[-1, 5] == pytest.approx(600, abs=1e-3)


def test_angles_turn_in_the_order_of_their_channels() -> None:
    clip = from_bvh(SMALL)
    assert clip.fps == pytest.approx(20)
    assert np.allclose(clip.joint_positions[0], [[0, 0.9, 0], [0, 1.0, 0]], atol=1e-6)
    tip = clip.skeleton.tip_positions(clip.joint_positions, clip.global_rotations)[0, 1]
    assert np.allclose(tip, [0.05, 1.0, 0], atol=1e-6)  # bent forward, then turned to the left


def test_positions_of_a_joint_take_the_place_of_its_offset() -> None:
    text = SMALL.replace("CHANNELS 3 Z", "CHANNELS 6 Xposition Yposition Zposition Z")
    text = text.replace("90 0 0 0 90 0", "90 0 0 0 20 0 0 90 0").replace("0 0 0 0 0 0\n", "0 0 0 0 20 0 0 0 0\n")
    assert np.allclose(from_bvh(text).skeleton.offsets[1], [0, 0.2, 0])


@pytest.mark.parametrize(("damage", "sentence"), [
    (("HIERARCHY", "HELLO"), "not a BVH file"),
    (("MOTION", "NOTHING"), "not a BVH file"),
    (("OFFSET 0 10 0", "OFFSET 0 ten 0"), "Line 8 .*'ten' is no number"),
    (("OFFSET 0 10 0", "OFFSET 0 nan 0"), "Line 8 .*'nan' is no number"),
    (("Zrotation Xrotation Yrotation\n", "Zrotation Xrotation\n"), "'End' is no channel"),
    (("JOINT Chest\n  {", "JOINT Chest\n"), "{ should stand where 'OFFSET' stands"),
    (("  }\n}\n", "  }\n"), "ends early"),
    (("CHANNELS 3", "CHANNELS 30"), "30 channels"),
    (("Frames: 2", "Frames: 3"), "promises 3 frames of 9 numbers and has 18"),
    (("Frames: 2", "Frames: -2"), "-2 frames"),
    (("Frame Time: 0.05", "Frame Time: 0"), "frames of 0 s"),
    (("Frame Time: 0.05\n", ""), "lacks its frame count"),
    (("1 90 0", "1 inf 0"), "Line 20 .*'inf' is no number"),
])  # fmt: skip
def test_a_damaged_file_is_refused_with_its_line(damage: tuple[str, str], sentence: str) -> None:
    with pytest.raises(VcharError, match=sentence):
        from_bvh(SMALL.replace(*damage))


@pytest.mark.parametrize("text", ["", "\n", "\x00\x01", "HIERARCHY", "HIERARCHY\nMOTION", "HIERARCHY\nROOT\nMOTION"])
def test_scraps_are_refused(text: str) -> None:
    with pytest.raises(VcharError):
        from_bvh(text)


def test_a_hierarchy_without_end_is_refused() -> None:
    endless = "".join(f"JOINT j{i}\n{{\nOFFSET 0 1 0\nCHANNELS 0\n" for i in range(2000))
    with pytest.raises(VcharError, match="up to 500"):
        from_bvh(f"HIERARCHY\nROOT r\n{{\nOFFSET 0 0 0\nCHANNELS 0\n{endless}MOTION\n")
