"""Feet on the ground: where the soles are, when they stand, and how to keep them from sliding or sinking."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from vchar.rig import rotation
from vchar.rig.clip import Clip
from vchar.rig.rotation import Array
from vchar.rig.skeleton import SOLE

LEGS = tuple(tuple(side + part for part in ("UpLeg", "Leg", "Foot", "ToeBase")) for side in ("Left", "Right"))
HEEL = (0.0, -SOLE, -0.04)  # the back of the sole, from the ankle (m)
NEAR, SLOW = 0.04, 0.35  # a standing sole is lower than this (m) and slower (m/s)
SHORTEST = 0.1  # seconds that a foot stands, or is lifted, at least
EASE = 0.12  # seconds in which a lock comes and goes
CARRY = 0.17  # seconds over which a standing foot's slip is averaged before the body takes it up
FARTHEST = 0.2  # m that a lock pulls a foot over the ground: what is farther off was no stand
SLIPS = 1.5  # m/s, a foot that still goes faster once the body was carried doesn't stand
# m/s along the ground, m of the ball's height that three of four recorded feet have or exceed when they go so fast
SWING_SPEEDS = (0.35, 0.65, 1.0, 1.4, 1.8, 2.25, 2.75)
SWING_HEIGHTS = (0.0, 0.039, 0.048, 0.054, 0.06, 0.066, 0.07)
LIFT_BLUR = 1.0  # frames, the deviation of the smoothing of what a swinging foot is lifted
REACH = 0.9995  # of the leg's length: a knee never locks quite straight


def soles(clip: Clip) -> Array:
    """The heel, the ball and the tip of both soles [T,2,3,3] of a clip of our body (m)."""
    skeleton = clip.skeleton
    rest = skeleton.rest_positions()
    points: list[Array] = []
    for leg in LEGS:
        foot, toe = skeleton.index(leg[2]), skeleton.index(leg[3])
        ball = np.array([0, rest[foot, 1] - rest[toe, 1] - SOLE, 0], np.float32)
        tip = ball + np.where(np.isnan(skeleton.tips[toe]), 0, skeleton.tips[toe]) * np.array([1, 0, 1], np.float32)
        foot_turn, toe_turn = clip.global_rotations[:, foot], clip.global_rotations[:, toe]
        heel = clip.joint_positions[:, foot] + rotation.rotate(foot_turn, np.array(HEEL, np.float32))
        # the ball belongs to the foot: it stays where it is when only the toes bend
        under = clip.joint_positions[:, toe] + rotation.rotate(foot_turn, ball)
        points.append(np.stack([heel, under, clip.joint_positions[:, toe] + rotation.rotate(toe_turn, tip)], axis=1))
    return np.stack(points, axis=1)


def contacts(clip: Clip) -> NDArray[np.bool_]:
    """[T,2] whether the left and the right foot stand: heel or ball near the ground and slow."""
    points = soles(clip)[:, :, :2]
    if len(clip) < 2:
        return np.asarray((points[..., 1] < NEAR).any(-1))
    speed = np.linalg.norm(np.gradient(points, axis=0)[..., [0, 2]], axis=-1) * clip.fps
    return settled(((points[..., 1] < NEAR) & (speed < SLOW)).any(-1), clip.fps)


def settled(standing: NDArray[np.bool_], fps: float) -> NDArray[np.bool_]:
    """Contacts [T,2] without the stands and lifts that are too short to be any."""
    standing, shortest = standing.copy(), round(SHORTEST * fps)
    for foot in range(2):
        _drop_short(standing[:, foot], True, shortest)
        _drop_short(standing[:, foot], False, shortest)
    return standing


def with_contacts(clip: Clip) -> Clip:
    """The clip with its `contacts` measured."""
    return replace(clip, contacts=contacts(clip))


def carried(clip: Clip) -> Clip:
    """The clip with its body moved over the ground so that of its standing feet the steadier one slips less."""
    balls = soles(clip)[:, :, 1][..., [0, 2]]
    slips = np.diff(balls, axis=0, prepend=balls[:1])
    standing = clip.contacts & np.concatenate([clip.contacts[:1], clip.contacts[:-1]])
    steadier = np.where(standing, np.linalg.norm(slips, axis=-1), np.inf).argmin(1)
    slip = np.where(standing.any(1, keepdims=True), slips[np.arange(len(clip)), steadier], 0)
    root = clip.root_positions.copy()
    root[:, [0, 2]] -= np.cumsum(uniform_filter1d(slip, round(CARRY * clip.fps), axis=0), axis=0)
    return replace(clip, root_positions=root)


def planted(clip: Clip) -> Clip:
    """The clip with its feet kept where they stand, first by the body's way, then by the legs, and lifted where they
    swing lower than feet do."""
    return locked(_surely_standing(carried(clip)), lift=True)


def locked(clip: Clip, lift: bool = False) -> Clip:
    """The clip with its feet kept where they stand, and above the ground, by bending the legs.

    lift: whether to raise feet that go fast to the height that such feet have.
    """
    points = soles(clip)
    shift = np.stack([_lock(points[:, foot, 1], clip.contacts[:, foot], clip.fps) for foot in range(2)], axis=1)
    if lift:
        shift[..., 1] += _missing_height(points[:, :, 1] + shift, clip)
    lowest = points[..., 1].min(-1) + shift[..., 1]
    shift[..., 1] += np.maximum(-lowest, 0)
    turned, placed = clip.global_rotations.copy(), clip.joint_positions
    for foot, leg in enumerate(LEGS):
        hip, knee, ankle, _ = (clip.skeleton.index(name) for name in leg)
        target = placed[:, ankle] + shift[:, foot]
        turned[:, hip], turned[:, knee] = two_bone(placed[:, [hip, knee, ankle]], turned[:, [hip, knee]], target)
    pose = rotation.continuous(clip.skeleton.local_rotations(turned))
    return replace(clip, local_rotations=pose.astype(np.float32))


def two_bone(joints: Array, turned: Array, target: Array) -> tuple[Array, Array]:
    """World rotations of thigh and shin [T,4] that bring the ankle to `target` [T,3], or as near as the leg is long.

    joints [T,3,3]: hip, knee and ankle now.  turned [T,2,4]: world rotations of thigh and shin now.  The knee keeps
    bending in its plane; a straight one bends forward.
    """
    hip, knee, ankle = (joints[:, i] for i in range(3))
    thigh, shin = np.linalg.norm(knee - hip, axis=-1), np.linalg.norm(ankle - knee, axis=-1)
    far = np.linalg.norm(ankle - hip, axis=-1)
    goal = np.clip(np.linalg.norm(target - hip, axis=-1), np.abs(thigh - shin) + 1e-3, (thigh + shin) * REACH)
    axis = np.cross(ankle - hip, knee - hip)
    straight = np.linalg.norm(axis, axis=-1, keepdims=True) < 0.02 * (thigh * shin)[:, None]
    forward = rotation.rotate(turned[:, 0], np.array([-1, 0, 0], turned.dtype))
    axis = rotation.normalized(np.where(straight, forward, axis))
    at_hip = rotation.from_axis(axis, _corner(thigh, goal, shin) - _corner(thigh, far, shin))
    at_knee = rotation.from_axis(axis, _corner(thigh, shin, goal) - _corner(thigh, shin, far))
    new_thigh, new_shin = rotation.multiply(at_hip, turned[:, 0]), rotation.multiply(at_hip, at_knee)
    bent = rotation.rotate(at_hip, knee - hip) + rotation.rotate(new_shin, ankle - knee)
    swing = rotation.between(bent, target - hip)
    return (
        rotation.multiply(swing, new_thigh),
        rotation.multiply(swing, rotation.multiply(new_shin, turned[:, 1])),
    )


def floor_penetration(clip: Clip) -> NDArray[np.float64]:
    """[T] how far the deepest sole point lies below the ground, m; 0 above it."""
    return np.maximum(-soles(clip)[..., 1].min((1, 2)), 0).astype(np.float64)


def _corner(a: Array, b: Array, opposite: Array) -> Array:
    """Degrees between the sides a and b of a triangle (law of cosines)."""
    return np.degrees(np.arccos(np.clip((a * a + b * b - opposite * opposite) / (2 * a * b), -1, 1)))


def _lock(ball: Array, standing: NDArray[np.bool_], fps: float) -> Array:
    """How far to move a foot [T,3] so that its ball rests at its mean place while it stands."""
    shift, weight = np.zeros_like(ball), np.zeros(len(ball))
    frames = np.arange(len(ball))
    for first, last in _runs(standing):
        rest = ball[first:last].mean(0)
        rest[1] = 0
        away = np.maximum(np.maximum(first - frames, frames - last + 1), 0) / (EASE * fps)
        share = np.clip(1 - away, 0, 1) ** 2
        nearest = np.clip(frames, first, last - 1)  # beyond the stand, its last shift fades
        mine = share > weight  # between two stands the stronger one rules
        shift[mine] = ((rest - ball[nearest]) * share[:, None])[mine]
        weight = np.maximum(weight, share)
    far = np.linalg.norm(shift[:, [0, 2]], axis=-1, keepdims=True)
    shift[:, [0, 2]] *= np.minimum(1, FARTHEST / np.maximum(far, 1e-6))
    return shift


def _surely_standing(clip: Clip) -> Clip:
    """The clip without contacts of feet that slip too fast to be held without dragging the leg along."""
    slow = _speeds(soles(clip)[:, :, 1], clip.fps) < SLIPS
    return replace(clip, contacts=settled(clip.contacts & slow, clip.fps))


def _missing_height(balls: Array, clip: Clip) -> Array:
    """How much higher [T,2] feet that don't stand should be for their speed (m); balls [T,2,3] where they are."""
    missing = np.interp(_speeds(balls, clip.fps), SWING_SPEEDS, SWING_HEIGHTS) - balls[..., 1]
    return gaussian_filter1d(np.where(clip.contacts, 0, np.maximum(missing, 0)), LIFT_BLUR, axis=0)


def _speeds(points: Array, fps: float) -> Array:
    """How fast points [T,2,3] go along the ground to or from each frame, whichever is faster, [T,2] m/s."""
    steps = np.linalg.norm(np.diff(points[..., [0, 2]], axis=0), axis=-1) * fps
    none = np.zeros((1, 2))
    return np.maximum(np.concatenate([steps, none]), np.concatenate([none, steps]))


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """[first, end) of every stretch that is True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]


def _drop_short(flags: NDArray[np.bool_], kind: bool, shortest: int) -> None:
    """Turn stretches of `kind` that are shorter than `shortest` frames, but not at the ends, in place."""
    for first, end in _runs(flags == kind):
        if end - first < shortest and first > 0 and end < len(flags):
            flags[first:end] = not kind
