"""Words become movement: from what is asked for to a clip of our body, and what it was taken for."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from scipy.ndimage import gaussian_filter1d, uniform_filter1d
from torch import Tensor

from vchar import checkpoint
from vchar.errors import VcharError
from vchar.licence import Licence
from vchar.models import pose
from vchar.models.motion import MotionConfig, MotionTransformer
from vchar.models.motion_outline import Outlines, fine
from vchar.models.motion_sampling import Part, sample
from vchar.models.pose import Body
from vchar.progress import Progress, silent
from vchar.rig import feet, rotation
from vchar.rig.clip import Clip
from vchar.rig.rotation import Array
from vchar.rig.skeleton import Skeleton
from vchar.sentences import Sentences
from vchar.sides import as_said

SECONDS = (1.0, 10.0)  # of one prompt
MOST_PROMPTS, MOST_LETTERS = 12, 2000
SHOWN = 40  # letters of a prompt that is told back
SURE = 0.8  # likeness from which a prompt asks for that action and no more: then it begins at an outline of it
STRANGE = 0.4  # below this likeness to anything known, the nearest known action is done instead
TRAVEL = 1.0  # seconds over which movement counts as travel, and is dropped for motion in place
SHIVER = 0.7  # frames, the deviation of the smoothing: jerk is then that of recorded motion
STANDS, MAY_STAND, LOW = 0.3, 0.05, 0.05  # a foot is kept where it stands this surely, or less if it is so low (m)
SWINGS = 2.0  # m/s, a foot that goes faster doesn't stand, however sure the network is
EASE = 10  # frames in which the end of a loop becomes what comes before its beginning
STAYS = 0.5  # m, a loop that goes less far in a lap comes back to where it began
LICENCE = Licence(
    name="vchar motion",
    short="motion capture by CMU, ACCAD (CC BY 3.0), Eyes JAPAN (CC BY 2.1 JP) and others: keep their credits",
    text=(
        "The generator's weights are Apache-2.0. It learnt from recorded motion; keep these credits with what it "
        "makes. The data used in this project was obtained from mocap.cs.cmu.edu. The database was created with "
        "funding from NSF EIA-0196217. Motion capture data: Open Motion Project, ACCAD, The Ohio State University; "
        "licensed under CC BY 3.0 (https://creativecommons.org/licenses/by/3.0/); converted and resampled to 30 fps. "
        "This motion capture data is licensed by mocapdata.com, Eyes, JAPAN Co. Ltd. under the Creative Commons "
        "Attribution 2.1 Japan License (https://creativecommons.org/licenses/by/2.1/jp/). (C) Copyright Eyes, JAPAN "
        "Co. Ltd. 2008-2009. Converted and resampled to 30 fps. KayKit Character Animations by Kay Lousberg; "
        "Mesh2Motion animation library. Motion from Animated Drawings, Copyright (c) Meta Platforms, Inc. and "
        "affiliates, MIT License."
    ),
    what="motion",
)
_TURNS = re.compile(r"turn|spin|whirl|twirl|pirouette|circle|curve|danc|salsa|ballet|charleston|roll|wheel|flip|karate")
_BOTH = " and "  # joins two actions in a sentence, of which an outline shows one
_THEN = re.compile(r"[,;.]?\s+(?:and\s+)?then\s+|\s*;\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Movement:
    """A clip, the name of the known action that each prompt is nearest to, and the prompts that are near to none."""

    clip: Clip
    understood: tuple[str, ...]
    strange: tuple[str, ...] = ()

    @property
    def taken_as(self) -> str:
        """What it was understood as, such as "walk, then wave"."""
        return ", then ".join(self.understood)

    @property
    def told(self) -> str:
        """The same as a sentence, which also says what was not understood."""
        if not self.strange:
            return f"Took it as: {self.taken_as}."
        odd = ", ".join(f"“{text if len(text) <= SHOWN else text[:SHOWN] + '…'}”" for text in self.strange)
        return f"Knows nothing like {odd}; took it as the nearest that it knows: {self.taken_as}."


class _Finish(NamedTuple):
    """How a clip is to be finished; turns: whether the words ask for a change of heading."""

    foot_lock: bool
    in_place: bool
    turns: bool


class Understood(NamedTuple):
    """What N prompts ask for: vectors [N,384] to move by, the known action that each is nearest to, the prompts that
    are like nothing known, and whether each asks for its action and no more."""

    vectors: Tensor
    actions: tuple[str, ...]
    strange: tuple[str, ...]
    sure: tuple[bool, ...]


@dataclass(frozen=True)
class Mover:
    """The loaded generator. Safe to share between threads."""

    net: MotionTransformer = field(repr=False)
    sentences: Sentences = field(repr=False)
    phrases: Tensor = field(repr=False)  # [K,384] of the known phrases
    outlines: Outlines = field(repr=False)

    @classmethod
    def load(cls, progress: Progress = silent) -> Mover:
        """The shipped generator; fetches the sentence encoder the first time ever (84 MB).

        Raises VcharError when that can't be had or a checkpoint is damaged.
        """
        net, phrases, outlines = load(checkpoint.shipped("motion"))
        return cls(net, Sentences.load(progress), phrases, outlines)

    @property
    def actions(self) -> tuple[str, ...]:
        """The names of all known actions, in alphabetical order."""
        return tuple(sorted({name for name, _ in self.net.config.phrases}))

    def example(self, action: str) -> str:
        """A prompt for a known action; VcharError for another."""
        for name, phrase in self.net.config.phrases:
            if name == action:
                return phrase
        raise VcharError(f"There is no action {action!r}; choose one of {', '.join(self.actions)}.")

    def animate(
        self,
        prompt: str | Sequence[str],
        seconds: float = 5.0,
        seed: int = 0,
        *,
        energy: float = 0.0,
        loop: bool = False,
        in_place: bool = False,
        foot_lock: bool = True,
        progress: Progress = silent,
    ) -> Movement:
        """What a sentence asks for, for `seconds` (1..10), at 30 frames a second, begun at the origin and facing +Z.

        Several prompts (or one with "then" in it) become one motion, `seconds` long for each of a list. energy: -2..2,
        0 as usual for what is asked. loop: the last frame goes on into the first. in_place: no travel, and no drift of
        the heading where no word asks for a turn.
        Raises VcharError for an empty prompt or another length; raise inside `progress` to cancel.
        """
        prompts = _prompts(prompt)
        share = seconds if not isinstance(prompt, str) else seconds / len(prompts)
        if not (math.isfinite(seconds) and SECONDS[0] <= seconds <= SECONDS[1]):
            raise VcharError(
                f"A motion lasts {SECONDS[0]:g} to {SECONDS[1]:g} seconds, not {seconds:g}; "
                "choose a length in between, or join several prompts."
            )
        asked = self.understand(prompts)
        random = torch.Generator().manual_seed(seed)
        frames = round(seconds * pose.FPS * (len(prompts) if not isinstance(prompt, str) else 1))
        tokens = max(round(share * pose.FPS / self.net.config.frames), 2)
        if not loop:  # a token more than asked for: the last frame stands at the end of the last second
            tokens = max(math.ceil((frames + 1) / self.net.config.frames / len(prompts)), 2)
        parts = [Part(vector, float(np.clip(energy, -2, 2)), tokens) for vector in asked.vectors]
        outline = self.outline(asked, tokens, random, lap=loop)
        features = sample(self.net, parts, random, ring=loop, outline=outline, progress=lambda s: progress(s, "Moving"))
        turns = any(_TURNS.search(text.lower()) for text in (*prompts, *asked.actions))
        finish = _Finish(foot_lock, in_place, turns)
        clip = self._ring(features, finish) if loop else self._line(features[: frames + 1], finish)
        if len(prompts) == 1:  # of several, each may ask for its own side
            clip = as_said(clip, prompts[0])
        return Movement(clip, asked.actions, asked.strange)

    def understand(self, prompts: Sequence[str]) -> Understood:
        """What prompts ask for; those like nothing known ask for the nearest action itself."""
        vectors = self.sentences.embed(prompts)
        likeness, nearest = (vectors @ self.phrases.T).max(1)
        vectors = torch.where(likeness[:, None] < STRANGE, self.phrases[nearest], vectors)
        strange = tuple(text for text, alike in zip(prompts, likeness.tolist(), strict=True) if alike < STRANGE)
        known = [self.net.config.phrases[i] for i in nearest.tolist()]
        sure = tuple(
            alike < STRANGE or (alike >= SURE and (_BOTH in phrase or _BOTH not in text))
            for text, alike, (_, phrase) in zip(prompts, likeness.tolist(), known, strict=True)
        )
        return Understood(vectors, tuple(name for name, _ in known), strange, sure)

    def outline(self, asked: Understood, tokens: int, random: torch.Generator, lap: bool = False) -> Tensor | None:
        """What a motion of so many tokens for each prompt begins from [N * tokens * frames,F]; None for noise alone.

        lap: of a loop, which begins from an outline only where it is of one action.
        """
        if not all(asked.sure) or (lap and len(asked.actions) > 1):
            return None
        found = [self.outlines.draw(action, tokens, random, lap) for action in asked.actions]
        known = [part for part in found if part is not None]
        return fine(torch.cat(known), self.net.config.frames) if len(known) == len(found) else None

    def _line(self, features: Tensor, finish: _Finish) -> Clip:
        clip = clip_of(self.net.body, features)
        clip = feet.planted(clip) if finish.foot_lock else clip
        if not finish.in_place:
            return clip
        return without_travel(clip) if finish.turns else without_drift(without_travel(clip))

    def _ring(self, features: Tensor, finish: _Finish) -> Clip:
        """One of three laps, so that what comes before and after it is itself; begun where the body moves least."""
        count = len(features)
        laps = self._line(_closed(self.net.body, features).repeat(3, 1), finish)
        steps = np.linalg.norm(np.diff(laps.posture(), axis=0), axis=-1).mean(1)
        first = count // 2 + int(steps[count // 2 - 1 : count // 2 - 1 + count].argmin())
        lap = _eased(laps, first, count)
        return lap.turned(-float(lap.heading()[0])) if finish.in_place else lap.facing_forward()


def known_actions() -> dict[str, str]:
    """The names of all known actions, in alphabetical order, with a prompt for each that says it in the same words."""
    phrases: dict[str, list[str]] = {}
    for name, phrase in checkpoint.load_config(checkpoint.shipped("motion"), MotionConfig).phrases:
        phrases.setdefault(name, []).append(phrase)
    return {name: max(phrases[name], key=lambda phrase: _alike(name, phrase)) for name in sorted(phrases)}


def _alike(action: str, phrase: str) -> int:
    """How many words of an action begin a word of the phrase, as "walk" does "walks"."""
    return sum(any(said.startswith(word) for said in phrase.split()) for word in action.split())


def load(folder: Path) -> tuple[MotionTransformer, Tensor, Outlines]:
    """The generator of a checkpoint, ready to use, the vectors [K,384] of the phrases that it knows, and outlines.

    Raises VcharError when the checkpoint is damaged.
    """
    net = MotionTransformer(checkpoint.load_config(folder, MotionConfig))
    phrases, outlines = checkpoint.fill(net, folder, apart=("phrases", "outlines"))
    return net.eval().requires_grad_(False), phrases.float(), Outlines(net.config.outlines, outlines.float())


def _closed(body: Body, features: Tensor) -> Tensor:
    """Features of a lap that ends with whole turns, and, if it hardly travels, where it began."""
    turn = features[:, 0]
    closed = turn + (torch.round(turn.sum() / math.tau) * math.tau - turn.sum()) / len(turn)
    features = torch.cat([closed[:, None], features[:, 1:]], 1)
    root = body.motion(torch.cat([features, features[:1]])[None]).root[0]
    drift = (root[-1] - root[0])[[0, 2]]
    if drift.norm() > STAYS:
        return features
    heading = closed.cumsum(0) - closed[0]
    cos, sin = heading.cos(), heading.sin()
    x, z = drift / len(turn)
    step = features[:, pose.STEP] - torch.stack([cos * x - sin * z, sin * x + cos * z], 1)
    return torch.cat([features[:, :1], step, features[:, 3:]], 1)


def _eased(laps: Clip, first: int, count: int) -> Clip:
    """A lap from frame `first` on, whose last frames become those before `first`: locked feet may differ by laps."""
    lap = laps.cropped(first / laps.fps, (first + count - 1) / laps.fps)
    ease = min(EASE, count // 2)
    share, before = np.linspace(0, 1, ease + 1, dtype=np.float32)[1:], slice(first - ease, first)
    pose, root = lap.local_rotations.copy(), lap.root_positions.copy()
    pose[-ease:] = rotation.slerp(pose[-ease:], laps.local_rotations[before], share[:, None])
    root[-ease:, 1] += share * (laps.root_positions[before, 1] - root[-ease:, 1])
    return replace(lap, root_positions=root, local_rotations=rotation.continuous(pose))


def clip_of(body: Body, features: Tensor) -> Clip:
    """Features [T,F] as a clip of our body, without the shiver that the network leaves."""
    smooth = gaussian_filter1d(features.cpu().numpy(), SHIVER, axis=0, mode="nearest")
    motion = body.motion(torch.from_numpy(smooth)[None])
    turned = rotation.continuous(rotation.from_matrix(motion.rotations[0].double().numpy()))
    clip = Clip.without_contacts(Skeleton.body(), pose.FPS, motion.root[0].numpy(), turned)
    surely, balls = features[:, pose.CONTACTS].cpu().numpy(), feet.soles(clip)[:, :, 1]
    steps = np.diff(balls[..., [0, 2]], axis=0, append=balls[-1:, :, [0, 2]])
    slow = np.linalg.norm(steps, axis=-1) < SWINGS / clip.fps
    stands = slow & ((surely > STANDS) | (surely > MAY_STAND) & (balls[..., 1] < LOW))
    return replace(clip, contacts=feet.settled(stands, clip.fps))


def _prompts(prompt: str | Sequence[str]) -> list[str]:
    prompts = _THEN.split(prompt) if isinstance(prompt, str) else list(prompt)
    prompts = [text.strip() for text in prompts if text.strip(" .,;!?\n\t")] if isinstance(prompt, str) else prompts
    if not prompts or not all(re.search(r"\w", text) for text in prompts):
        raise VcharError("There is no prompt; say what the character should do, such as 'a person waves'.")
    if len(prompts) > MOST_PROMPTS or sum(map(len, prompts)) > MOST_LETTERS:
        raise VcharError(
            f"The prompt is too long; use at most {MOST_PROMPTS} steps and {MOST_LETTERS} letters, or several motions."
        )
    return prompts


def without_travel(clip: Clip) -> Clip:
    """The clip about its own place: only quicker shifts than a walk's travel stay."""
    travel = _slow(clip.root_positions * np.array([1, 0, 1], np.float32), clip.fps)
    return replace(clip, root_positions=clip.root_positions - travel)


def without_drift(clip: Clip) -> Clip:
    """The clip, which stays about its place, facing +Z: of its heading only the swings of its steps stay."""
    drift = _slow(np.unwrap(clip.heading(), period=360)[:, None], clip.fps)[:, 0]
    back = rotation.from_axis([0, 1, 0], -drift)
    turned = clip.local_rotations.copy()
    turned[:, 0] = rotation.multiply(back, turned[:, 0])
    root = rotation.rotate(back, clip.root_positions).astype(np.float32)
    return replace(clip, root_positions=root, local_rotations=rotation.continuous(turned))


def _slow(values: Array, fps: float) -> Array:
    """Values [T,N] without what changes more quickly than in TRAVEL; they went on as they begin and end."""
    half = round(TRAVEL * fps / 2)
    on = np.pad(values, ((half, half), (0, 0)), "reflect", reflect_type="odd")
    return uniform_filter1d(on, 2 * half + 1, axis=0)[half:-half]
