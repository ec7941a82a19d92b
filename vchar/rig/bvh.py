"""Motion as BVH (Biovision hierarchy), the plain-text format that animation tools share.

What we write: joint offsets of the T-pose, true rotations as Zrotation Xrotation Yrotation, the place of the root only.
The format has no comments, so a licence must lie beside the file. Layout: Meredith and Maddock, "Motion Capture File
Formats Explained" (2001).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vchar.errors import VcharError
from vchar.rig import rotation
from vchar.rig.clip import Clip
from vchar.rig.rotation import Array
from vchar.rig.skeleton import Skeleton

ORDER = "ZXY"
MAX_BYTES, MAX_JOINTS, MAX_FRAMES = 50_000_000, 500, 100_000
_WHAT_NEXT = "choose another BVH file, or export this one again"


def to_bvh(clip: Clip, metre: float = 100.0) -> str:
    """The clip as the text of a BVH file; `metre` file units make a metre (100 for centimetres, 1 for metres)."""
    skeleton = clip.skeleton
    joints = _in_file_order(skeleton)
    degrees = np.unwrap(rotation.to_euler(clip.local_rotations, ORDER), axis=0, period=360)
    numbers = np.concatenate([clip.root_positions * metre, degrees[:, joints].reshape(len(clip), -1)], axis=1)
    rows = [" ".join(f"{number:.6f}" for number in row) for row in numbers]
    head = ["HIERARCHY", *_written(skeleton, 0, 0, metre), "MOTION", f"Frames: {len(clip)}"]
    return "\n".join([*head, f"Frame Time: {1 / clip.fps:.8f}", *rows, ""])


def from_bvh(text: str, metre: float = 100.0) -> Clip:
    """The clip in the text of a BVH file, whose own skeleton it keeps; VcharError says what is damaged.

    `metre` file units make a metre: the format doesn't tell. Euler angles may come in any order. A joint that also
    carries positions takes them, at their median, in place of its offset: bones of changing length are not kept.
    """
    if len(text) > MAX_BYTES:
        size, limit = len(text) / 1e6, MAX_BYTES / 1e6
        raise VcharError(f"This BVH file has {size:.0f} MB, and at most {limit:.0f} are read; {_WHAT_NEXT}.")
    lines = [line.split() for line in text.lstrip("\ufeff").splitlines()]
    numbered = [(i + 1, words) for i, words in enumerate(lines) if words]
    start = next((i for i, (_, words) in enumerate(numbered) if words[0].upper() == "MOTION"), None)
    if not numbered or numbered[0][1][0].upper() != "HIERARCHY" or start is None:
        raise VcharError(f"This is not a BVH file: it lacks HIERARCHY or MOTION; {_WHAT_NEXT}.")
    words = ((line, word) for line, row in numbered[1:start] for word in row)
    hierarchy = _read_hierarchy(_Words(words))
    return _clip(hierarchy, *_read_motion(numbered[start + 1 :], sum(map(len, hierarchy.channels))), metre)


@dataclass
class _Hierarchy:
    """What stands before MOTION, joint by joint; lengths in file units."""

    names: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    offsets: list[list[float]] = field(default_factory=list)
    channels: list[list[str]] = field(default_factory=list)
    tips: list[list[float]] = field(default_factory=list)

    def add(self, name: str, parent: int) -> int:
        self.names.append(name if name not in self.names else f"{name}_{len(self.names)}")
        self.parents.append(parent)
        self.offsets.append([0.0] * 3)
        self.channels.append([])
        self.tips.append([math.nan] * 3)
        return len(self.names) - 1


class _Words:
    """The words of the hierarchy one by one, with the line for messages."""

    def __init__(self, words: Iterator[tuple[int, str]]) -> None:
        self._words = words
        self.line = 1

    def next(self) -> str:
        self.line, word = next(self._words, (self.line, ""))
        if not word:
            raise VcharError(f"This BVH file's hierarchy ends early, after line {self.line}; {_WHAT_NEXT}.")
        return word

    def expect(self, wanted: str) -> None:
        word = self.next()
        if word.lower() != wanted.lower():
            raise self.damaged(f"{wanted} should stand where {word!r} stands")

    def numbers(self, count: int) -> list[float]:
        return [_number(self.next(), self.line) for _ in range(count)]

    def damaged(self, what: str) -> VcharError:
        return VcharError(f"Line {self.line} of this BVH file is damaged: {what}; {_WHAT_NEXT}.")


def _number(word: str, line: int) -> float:
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise VcharError(f"Line {line} of this BVH file is damaged: {word!r} is no number; {_WHAT_NEXT}.")
    return number


def _read_hierarchy(words: _Words) -> _Hierarchy:
    """One tree of joints; `open_joints` are those whose closing brace hasn't come yet, -1 for an end site."""
    found = _Hierarchy()
    words.expect("ROOT")
    open_joints = [found.add(words.next(), -1)]
    words.expect("{")
    while open_joints:
        word, joint = words.next().upper(), open_joints[-1]
        if word == "}":
            open_joints.pop()
        elif word == "OFFSET" and joint >= 0:
            found.offsets[joint] = words.numbers(3)
        elif word == "OFFSET":
            found.tips[open_joints[-2]] = words.numbers(3)
        elif word == "CHANNELS" and joint >= 0:
            found.channels[joint] = [_channel(words) for _ in range(_count(words))]
        elif word == "JOINT" and joint >= 0 and len(found.names) < MAX_JOINTS:
            open_joints.append(found.add(words.next(), joint))
            words.expect("{")
        elif word == "END" and joint >= 0:
            words.next()  # "Site"
            open_joints.append(-1)
            words.expect("{")
        else:
            raise words.damaged(f"{word!r} can't stand here (joints are read up to {MAX_JOINTS})")
    return found


def _count(words: _Words) -> int:
    count = words.numbers(1)[0]
    if count not in range(7):
        raise words.damaged(f"a joint can't have {count:g} channels")
    return int(count)


def _channel(words: _Words) -> str:
    """Such as "Xposition" or "Zrotation", shortened to "XP" or "ZR"."""
    word = words.next()
    axis, kind = word[:1].upper(), word[1:].lower()
    if axis not in "XYZ" or kind not in ("position", "rotation"):
        raise words.damaged(f"{word!r} is no channel")
    return axis + kind[0].upper()


def _read_motion(rows: list[tuple[int, list[str]]], channels: int) -> tuple[float, NDArray[np.float64]]:
    """Frames a second, and the numbers [T,channels]."""
    head = [" ".join(words).lower() for _, words in rows[:2]]
    if len(head) < 2 or not head[0].startswith("frames:") or not head[1].startswith("frame time:"):
        raise VcharError(f"This BVH file's motion lacks its frame count or frame time; {_WHAT_NEXT}.")
    count = _number(head[0].removeprefix("frames:").strip(), rows[0][0])
    seconds = _number(head[1].removeprefix("frame time:").strip(), rows[1][0])
    if not 0 < seconds <= 10 or count not in range(1, MAX_FRAMES + 1):
        raise VcharError(
            f"This BVH file has {count:g} frames of {seconds:g} s; "
            f"1 to {MAX_FRAMES} frames of up to 10 s are read, so export a shorter part."
        )
    numbers = [(line, word) for line, words in rows[2:] for word in words]
    if len(numbers) != count * channels:
        raise VcharError(
            f"This BVH file promises {count:g} frames of {channels} numbers "
            f"and has {len(numbers)} numbers; {_WHAT_NEXT}."
        )
    table = np.array([_number(word, line) for line, word in numbers]).reshape(int(count), channels)
    return 1 / seconds, table


def _clip(found: _Hierarchy, fps: float, table: NDArray[np.float64], metre: float) -> Clip:
    frames = len(table)
    offsets, tips = np.array(found.offsets), np.array(found.tips)
    turns = np.tile(np.array([1.0, 0, 0, 0]), (frames, len(found.names), 1))
    root, column = np.tile(offsets[0], (frames, 1)), 0
    for joint, channels in enumerate(found.channels):
        values = table[:, column : column + len(channels)]
        column += len(channels)
        turns[:, joint] = _turns(channels, values)
        moved = {"XYZ".index(name[0]): values[:, i] for i, name in enumerate(channels) if name[1] == "P"}
        for axis, places in moved.items():
            if joint == 0:
                root[:, axis] = places
            else:
                offsets[joint, axis] = np.median(places)
    skeleton = Skeleton(
        tuple(found.names),
        tuple(found.parents),
        (offsets / metre).astype(np.float32),
        (tips / metre).astype(np.float32),
    )
    return Clip.without_contacts(skeleton, fps, root / metre, turns)


def _turns(channels: list[str], values: Array) -> Array:
    """Quaternions [T,4] of one joint: its rotation channels in the order they stand."""
    turn: Array = np.tile(np.array([1.0, 0, 0, 0]), (len(values), 1))
    for i, name in enumerate(channels):
        if name[1] == "R":
            turn = rotation.multiply(turn, rotation.from_axis(np.eye(3)["XYZ".index(name[0])], values[:, i]))
    return turn


def _in_file_order(skeleton: Skeleton, joint: int = 0) -> list[int]:
    """A joint and all below it, each child with its own before the next."""
    below = [child for child, parent in enumerate(skeleton.parents) if parent == joint]
    return [joint, *(found for child in below for found in _in_file_order(skeleton, child))]


def _written(skeleton: Skeleton, joint: int, depth: int, metre: float) -> Iterator[str]:
    """The lines of a joint and all below it."""
    indent, inner = "\t" * depth, "\t" * (depth + 1)
    offset = skeleton.offsets[joint] * metre if joint else np.zeros(3)
    turns = " ".join(f"{axis}rotation" for axis in ORDER)
    yield f"{indent}{'JOINT' if joint else 'ROOT'} {skeleton.names[joint].replace(' ', '_')}"
    yield f"{indent}{{"
    yield f"{inner}OFFSET {_point(offset)}"
    yield f"{inner}CHANNELS 3 {turns}" if joint else f"{inner}CHANNELS 6 Xposition Yposition Zposition {turns}"
    children = [child for child, parent in enumerate(skeleton.parents) if parent == joint]
    for child in children:
        yield from _written(skeleton, child, depth + 1, metre)
    if not children:
        tip = np.nan_to_num(skeleton.tips[joint]) * metre
        yield from (f"{inner}End Site", f"{inner}{{", f"{inner}\tOFFSET {_point(tip)}", f"{inner}}}")
    yield f"{indent}}}"


def _point(point: Array) -> str:
    return " ".join(f"{number:.6f}" for number in point)
