"""Motion clips as they were recorded, each on the skeleton of its performer.

The file is an npz with a csv of the same name beside it, in the format of the free motion pack: 30 frames a second,
metres, Y up; for each skeleton its joints, and eighteen key joints that all skeletons share.
"""

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from vchar.errors import VcharError
from vchar.rig import rotation
from vchar.rig.clip import Clip
from vchar.rig.skeleton import Skeleton

KEYS = (
    "pelvis", "chest", "neck", "head", "left_shoulder", "left_elbow", "left_wrist", "left_hip", "left_knee",
    "left_ankle", "left_toe", "right_shoulder", "right_elbow", "right_wrist", "right_hip", "right_knee",
    "right_ankle", "right_toe",
)  # fmt: skip
_TORSO = ("Neck", "LeftShoulder", "RightShoulder")  # what hangs from the spine bone that `torso_caveat` clips lack


@dataclass(frozen=True)
class Motion:
    """A recorded clip and what its source says about it."""

    name: str
    clip: Clip
    skeleton_name: str
    keys: dict[str, int]  # KEYS that the skeleton has -> joint
    ground: float  # height of the lowest joint centres over the clip, m; 0 is the true floor of a hand-made clip
    source: str
    attribution: str
    description: str
    captions: tuple[str, ...]  # whole sentences by others; few clips have any
    action_words: tuple[str, ...]
    flags: frozenset[str]


def load(path: Path, with_glitches: bool = False) -> list[Motion]:
    """All motions of the pack; those flagged `glitch` only if asked for. The torso of `torso_caveat` is mended.

    Raises VcharError when the npz or the csv beside it is missing or holds something else.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
            rows = {row["clip_id"]: row for row in csv.DictReader(file)}
        motions = [_motion(arrays, rows[str(name)], i) for i, name in enumerate(arrays["clip_id"])]
    except (OSError, EOFError, BadZipFile, ValueError, KeyError, IndexError) as error:
        raise VcharError(
            f"{path} can't be read as motion clips ({error}); "
            "name an .npz like motion_free.npz with its .csv beside it."
        ) from error
    return [motion for motion in motions if with_glitches or "glitch" not in motion.flags]


def _motion(arrays: dict[str, NDArray[np.generic]], row: dict[str, str], i: int) -> Motion:
    kind = int(np.asarray(arrays["clip_skeleton"], int)[i])
    skeleton_name = str(arrays["skeleton_id"][kind])
    start, count = (int(np.asarray(arrays[name], int)[i]) for name in ("clip_start", "clip_frames"))
    parts = {part: arrays[f"{skeleton_name}/{part}"] for part in ("names", "parents", "offsets", "end_offsets")}
    skeleton = Skeleton(
        tuple(str(name) for name in parts["names"]),
        tuple(int(parent) for parent in np.asarray(parts["parents"], int)),
        parts["offsets"].astype(np.float32),
        parts["end_offsets"].astype(np.float32),
    )
    flags = frozenset(filter(None, (flag.partition("=")[0] for flag in row["flags"].split(";"))))
    turned = arrays[f"{skeleton_name}/rot"][start : start + count].astype(np.float32)
    root = arrays[f"{skeleton_name}/root"][start : start + count].astype(np.float32)
    joints = np.asarray(arrays["skeleton_key_joints"], int)[kind]
    return Motion(
        name=row["clip_id"],
        clip=Clip.without_contacts(
            _with_torso(skeleton) if "torso_caveat" in flags else skeleton,
            float(np.asarray(arrays["fps"], float)),
            root,
            rotation.normalized(turned),
        ),
        skeleton_name=skeleton_name,
        keys={key: int(joint) for key, joint in zip(KEYS, joints, strict=True) if joint >= 0},
        ground=float(np.asarray(arrays["clip_ground_y"], float)[i]),
        source=row["source"],
        attribution=row["attribution"],
        description=row["description"],
        captions=tuple(filter(None, row.get("caption", "").split(" | "))),
        action_words=tuple(filter(None, row["action_words"].split(";"))),
        flags=flags,
    )


def _with_torso(skeleton: Skeleton) -> Skeleton:
    """Neck and shoulders lifted by the missing last spine bone, which is as long as the one before."""
    offsets = skeleton.offsets.copy()
    offsets[[skeleton.index(name) for name in _TORSO]] = offsets[skeleton.index("Spine1")]
    return replace(skeleton, offsets=offsets)
