"""How true recorded motion stays when it is laid on our body."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vchar.data.motions import Motion
from vchar.data.retarget import LIMBS, SIDES
from vchar.evaluation.motion_scores import skate
from vchar.rig import feet, rotation
from vchar.rig.clip import Clip
from vchar.rig.rotation import Array


def fidelity(pairs: Sequence[tuple[Motion, Clip]]) -> dict[str, float]:
    """Degrees that limbs point elsewhere than the source's, where standing feet are (cm), and what feet do; means."""
    errors = [direction_errors(motion, clip) for motion, clip in pairs]
    standing = np.concatenate([abs(feet.soles(clip)[:, :, 1, 1][clip.contacts]) for _, clip in pairs])
    found = {f"{bone}_degrees": float(np.mean([error[bone] for error in errors])) for bone in errors[0]}
    if len(standing):
        found["standing_foot_height_cm"] = 100 * float(standing.mean())
    found["penetration_cm"] = 100 * float(np.mean([feet.floor_penetration(clip).mean() for _, clip in pairs]))
    found["skate"] = float(np.mean([skate(clip) for _, clip in pairs]))
    return {name: round(value, 3) for name, value in found.items()}


def direction_errors(motion: Motion, clip: Clip) -> dict[str, float]:
    """Mean angle (degrees) between the source's and our bones, by the joint of ours at which the bone begins."""
    there, here, keys, body = motion.clip.joint_positions, clip.joint_positions, motion.keys, clip.skeleton
    turn = _facing(here[0, body.index("LeftUpLeg")] - here[0, body.index("RightUpLeg")])
    turn -= _facing(there[0, keys["left_hip"]] - there[0, keys["right_hip"]])
    there = rotation.rotate(rotation.from_axis([0, 1, 0], turn), there)
    errors: dict[str, float] = {}
    for bone in LIMBS:
        angles = []
        for side in SIDES:
            true = there[:, keys[f"{side.lower()}_{bone.end}"]] - there[:, keys[f"{side.lower()}_{bone.start}"]]
            ours = here[:, body.index(side + bone.below)] - here[:, body.index(side + bone.joint)]
            angles.append(_between(true, ours))
        errors[bone.joint] = float(np.mean(angles))
    return errors


def _facing(across: Array) -> float:
    """Degrees that a body is turned about the vertical whose left hip lies `across` [3] from the right one."""
    return float(np.degrees(np.arctan2(-across[2], across[0])))


def _between(a: Array, b: Array) -> NDArray[np.float64]:
    cosine = (rotation.normalized(a) * rotation.normalized(b)).sum(-1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1))).astype(np.float64)
