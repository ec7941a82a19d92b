"""Left and right as words say them: a motion that does it on the other side is seen in a mirror.

The generator learns every motion mirrored too and half hears the side in a sentence; a mirror image is as true.
"""

from __future__ import annotations

import re

import numpy as np

from vchar.rig.clip import Clip

_SIDE = re.compile(r"\b(left|right)\b")
_FEET, _HANDS = re.compile(r"kick|foot|leg|knee|feet"), re.compile(r"hand|\barm|fist|punch|jab|wave")
_TURNS, _TRAVELS = re.compile(r"turn|spin|curve|veer"), re.compile(r"step|strafe|dodge|move|shuffle|walk|run|lean")


def as_said(clip: Clip, prompt: str) -> Clip:
    """The clip (begun facing +Z), or its mirror image where it shows on one side what `prompt` asks of the other.

    Words of both sides, or of none, leave it as it is.
    """
    said = set(_SIDE.findall(prompt.lower()))
    if len(said) != 1:
        return clip
    left = "left" in said
    return clip if (_leftness(clip, prompt.lower()) >= 0) == left else clip.mirrored()


def _leftness(clip: Clip, prompt: str) -> float:
    """Above 0 where the motion is one to the left, or of the left limb."""
    for limb, words in (("Foot", _FEET), ("Hand", _HANDS)):
        if words.search(prompt):
            return _busier(clip, limb)
    if _TURNS.search(prompt):
        heading = np.unwrap(clip.heading(), period=360)
        return float(heading[-1] - heading[0])
    if _TRAVELS.search(prompt):
        return float(clip.root_positions[-1, 0] - clip.root_positions[0, 0])
    return _busier(clip, "Hand")


def _busier(clip: Clip, limb: str) -> float:
    return _busy(clip, f"Left{limb}") - _busy(clip, f"Right{limb}")


def _busy(clip: Clip, joint: str) -> float:
    """How much the body does with a hand or foot: how high it gets, and how far it moves about the hips, in metres."""
    hips, end = (clip.joint_positions[:, clip.skeleton.names.index(name)] for name in (clip.skeleton.names[0], joint))
    about = end - hips
    return float(about[:, 1].mean() + about.std(0).sum())
