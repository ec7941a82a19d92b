"""A pack of two clips on a small performer with splayed legs, whose parts are named otherwise than ours."""

import csv
from pathlib import Path

import numpy as np

from vchar.data.motions import KEYS
from vchar.rig import rotation

JOINTS = (  # name, parent, offset (m), key
    ("Pelvis", -1, (0, 0, 0), "pelvis"),
    ("Spine1", 0, (0, 0.2, 0), "chest"),
    ("Neck", 1, (0, 0, 0), "neck"),
    ("Head", 2, (0, 0.2, 0), "head"),
    ("LeftShoulder", 1, (0, 0, 0), ""),
    ("LArm", 4, (0.15, 0, 0), "left_shoulder"),
    ("LFore", 5, (0.2, 0, 0), "left_elbow"),
    ("LHand", 6, (0.2, 0, 0), "left_wrist"),
    ("RightShoulder", 1, (0, 0, 0), ""),
    ("RArm", 8, (-0.15, 0, 0), "right_shoulder"),
    ("RFore", 9, (-0.2, 0, 0), "right_elbow"),
    ("RHand", 10, (-0.2, 0, 0), "right_wrist"),
    ("LThigh", 0, (0.1, 0, 0), "left_hip"),
    ("LShin", 12, (0.12, -0.33, 0), "left_knee"),
    ("LFoot", 13, (0.12, -0.33, 0), "left_ankle"),
    ("LToe", 14, (0.01, -0.03, 0.1), "left_toe"),
    ("RThigh", 0, (-0.1, 0, 0), "right_hip"),
    ("RShin", 16, (-0.12, -0.33, 0), "right_knee"),
    ("RFoot", 17, (-0.12, -0.33, 0), "right_ankle"),
    ("RToe", 18, (-0.01, -0.03, 0.1), "right_toe"),
)
COLUMNS = ("clip_id", "source", "attribution", "description", "action_words", "flags")
FRAMES = 31


def write_pack(folder: Path, flags: tuple[str, str] = ("", ""), facing: float = 0) -> Path:
    """Both clips glide 1 m along +Z in a second, turned by `facing` degrees, and swing the left arm up to the front."""
    names = [name for name, _, _, _ in JOINTS]
    pose = rotation.identity(2 * FRAMES, len(JOINTS))
    share = np.tile(np.linspace(0, 1, FRAMES), 2)
    pose[:, 0] = rotation.from_axis([0, 1, 0], facing)
    pose[:, names.index("LArm")] = rotation.from_axis([0, 1, 0], -90 * share)
    splay = np.degrees(np.arctan2(0.12, 0.33))
    pose[:, names.index("LThigh")] = rotation.from_axis([0, 0, 1], -splay)
    pose[:, names.index("RThigh")] = rotation.from_axis([0, 0, 1], splay)
    root = np.stack([0 * share, 0.75 + 0 * share, share], axis=-1).astype(np.float32)
    keys = [next(i for i, row in enumerate(JOINTS) if row[3] == key) for key in KEYS]
    path = folder / "pack.npz"
    arrays = {
        "fps": np.float32(30),
        "clip_id": np.array(["clip_0", "clip_1"]),
        "clip_skeleton": np.zeros(2, np.int16),
        "clip_start": np.array([0, FRAMES]),
        "clip_frames": np.array([FRAMES, FRAMES]),
        "clip_ground_y": np.full(2, 0.02, np.float32),
        "skeleton_id": np.array(["small"]),
        "skeleton_key_joints": np.array([keys]),
        "small/names": np.array(names),
        "small/parents": np.array([parent for _, parent, _, _ in JOINTS]),
        "small/offsets": np.array([offset for _, _, offset, _ in JOINTS], np.float32),
        "small/end_offsets": np.full((len(JOINTS), 3), np.nan, np.float32),
        "small/rot": pose.astype(np.float16),
        "small/root": root,
    }
    np.savez(path, **arrays)  # pyright: ignore[reportArgumentType]
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        table.writerows((f"clip_{i}", "ours", "nobody", "glide", "walk;turn", flag) for i, flag in enumerate(flags))
    return path
