"""Recorded motions as the networks learn them: features on our body, sentences, and which performers are held out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from vchar.data import captions, motions
from vchar.data.excerpts import excerpts
from vchar.data.motions import Motion
from vchar.data.retarget import retarget
from vchar.rig import rotation
from vchar.rig.clip import Clip
from vchar.rig.skeleton import Skeleton

Features = NDArray[np.float32]  # [T,F], see vchar.models.pose

HEADING_BLUR = 4.0  # frames: hips swing with every step, the heading doesn't
# Held out, so that nobody who is measured on was learnt from: whole performers whose actions others mostly show too;
# but takes 12 and 14 of the one couple that dances salsa, who would else be missing.
HELD_OUT = re.compile(r"accad22_male1|cmu_cgspeed_08|cmu_17|cmu_35|cmu_(fbx_)?55|cmu_86|cmu_91|cmu_93|m2m_base")
HELD_OUT_TAKES = re.compile(r"6[01]_1[24]")
_SIX_MIRROR = np.array([1, -1, -1, -1, 1, 1], np.float32)
SHORTEST_CYCLE, LONGEST_CYCLE = 15, 150  # frames
DEED = 0.6  # the least share of a clip that is a cycle where it shows a deed, such as a kick, and not a gait
CLOSE = 0.12  # m, mean over the joints of place and a fifth of a second's step, at which a cycle may close
_CYCLIC = re.compile(r"walk|run|jog|idle|danc|ymca|crawl|swim|sneak|cheer|wav|push|talk|skip|strafe|crouch fwd|stand$")
_DEEDS = {
    "kick", "punch", "block", "dodge", "jump", "high jump", "bow", "victory", "sword attack", "taunt", "magic",
    "jumping jacks", "push-ups", "sit-ups", "nod", "reject", "look around", "sway", "swing arms", "drink",
}  # fmt: skip


@dataclass(frozen=True)
class Take:
    """A recorded clip on our body. Arrays are shared: treat them as read-only."""

    name: str
    features: Features = field(repr=False)
    speeds: NDArray[np.float32] = field(repr=False)  # [T] how fast the joints move on average, m/s
    action: str
    sentences: tuple[str, ...]
    captions: tuple[str, ...]  # of whole sentences by others: to learn from, never to ship
    whole: bool  # only all of it shows what its sentences say
    stylised: bool
    cycle: tuple[int, int] | None  # frames [first, end) after which it may start over at first

    def mirrored(self, twins: NDArray[np.int64]) -> Take:
        """Left and right exchanged, in words too."""
        turned = self.features[:, 4:-2].reshape(len(self.features), -1, 6)[:, twins] * _SIX_MIRROR
        moved = self.features[:, :4] * np.array([-1, -1, 1, 1], np.float32)
        features = np.concatenate([moved, turned.reshape(len(turned), -1), self.features[:, :-3:-1]], axis=1)
        texts = {name: tuple(map(captions.mirrored, getattr(self, name))) for name in ("sentences", "captions")}
        return replace(self, features=features, **texts)


def load(path: Path, held_out: bool) -> list[Take]:
    """The takes to learn from, or those held out; VcharError when the pack can't be read."""
    body = Skeleton.body()
    chosen = [motion for motion in motions.load(path) if is_held_out(motion) == held_out]
    return [part for motion in chosen for part in takes(motion, retarget(motion, body))]


def takes(motion: Motion, clip: Clip) -> list[Take]:
    """What there is to learn from a motion, given how it looks on our body."""
    return [take(*part) for part in excerpts(motion, clip)]


def is_held_out(motion: Motion) -> bool:
    """Whether to measure on this motion rather than learn from it."""
    return bool(HELD_OUT.fullmatch(motion.skeleton_name) or HELD_OUT_TAKES.fullmatch(motion.name))


def take(motion: Motion, clip: Clip) -> Take:
    """A motion and how it looks on our body."""
    action, whole = captions.action(motion), captions.composite(motion)
    gait = _CYCLIC.search(captions.tidy(motion.description)) and not whole
    shortest = SHORTEST_CYCLE if gait else max(SHORTEST_CYCLE, int(DEED * len(clip)))
    repeats = (gait or action in _DEEDS) and clip.seconds < (3 if "dance" in action else 6)
    return Take(
        motion.name,
        features(clip),
        speeds(clip),
        action,
        captions.sentences(motion),
        motion.captions,
        whole,
        "stylised" in motion.flags,
        cycle(clip, shortest) if repeats else None,
    )


def features(clip: Clip) -> Features:
    """A clip's features [T,F]; the first frame moves as the second does."""
    across = rotation.rotate(clip.global_rotations[:, 0], np.array([1, 0, 0], np.float32))
    across = gaussian_filter1d(across[:, [0, 2]], HEADING_BLUR, axis=0, mode="nearest")
    heading = np.unwrap(np.arctan2(-across[:, 1], across[:, 0]))
    back = rotation.from_axis([0, 1, 0], -np.degrees(heading))
    turned = clip.local_rotations.astype(np.float64)
    turned[:, 0] = rotation.multiply(back, turned[:, 0])
    turn, step = (np.diff(values, axis=0, prepend=values[:1]) for values in (heading, clip.root_positions))
    if len(clip) > 1:
        turn[0], step[0] = turn[1], rotation.rotate(rotation.multiply(rotation.inverse(back[0]), back[1]), step[1])
    step = rotation.rotate(back, step)[:, [0, 2]]
    six = rotation.to_six(turned).reshape(len(clip), -1)
    parts = [turn[:, None], step, clip.root_positions[:, 1:2], six, clip.contacts]
    return np.concatenate(parts, axis=1).astype(np.float32)


def speeds(clip: Clip) -> NDArray[np.float32]:
    """How fast the joints move on average in each frame [T], m/s."""
    if len(clip) < 2:
        return np.zeros(len(clip), np.float32)
    steps = np.linalg.norm(np.gradient(clip.joint_positions, axis=0), axis=-1)
    return (steps.mean(1) * clip.fps).astype(np.float32)


def cycle(clip: Clip, shortest: int) -> tuple[int, int] | None:
    """The best stretch of frames [first, end) after which the body is about where it was, moving as it did."""
    if len(clip) <= shortest + 2:
        return None
    placed = clip.posture()
    both = np.concatenate([placed, np.gradient(placed, axis=0) * 6], axis=1)
    apart = np.linalg.norm(both[:, None] - both[None], axis=-1).mean(-1)
    first, end = np.triu_indices(len(clip), shortest)
    good = (apart[first, end] < CLOSE) & (end - first <= LONGEST_CYCLE)
    if not good.any():
        return None
    best = np.where(good, apart[first, end] - 1e-3 * (end - first), np.inf).argmin()
    return int(first[best]), int(end[best])


def repeated(features: Features, cycle: tuple[int, int], frames: int) -> Features:
    """The features with their cycle gone through until there are at least `frames`, eased over the joints of it."""
    first, end = cycle
    lap = features[first:end].copy()
    ease = min(6, (end - first) // 2)
    share = np.linspace(0, 1, ease + 2, dtype=np.float32)[1:-1, None]
    after = features[end : end + ease]
    lap[: len(after)] += (after - lap[: len(after)]) * (1 - share[: len(after)])
    laps = max(0, -(-(frames - len(features)) // (end - first)))
    return np.concatenate([features[:end], *([lap] * laps), lap[: len(features) - end]])
