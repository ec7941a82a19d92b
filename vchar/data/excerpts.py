"""What happens when in recordings that show several things, or that begin in a guard or with arms held sideways."""

from __future__ import annotations

from dataclasses import replace

from vchar.data.motions import Motion
from vchar.rig.clip import Clip

# name: (from s, to s or 99 for its end, what it shows or "" for what its source says); found by hips, headings and
# looking at strips
EXCERPTS: dict[str, tuple[tuple[float, float, str], ...]] = {
    "14_27": ((0, 9.6, "sit on high stool"), (9.6, 11.3, "turn around"), (12, 99, "sit on high stool")),
    "14_28": ((0, 6.6, "sit on high stool"), (6.4, 8.4, "turn around"), (9.2, 99, "sit on high stool")),
    "14_29": ((0, 6.2, "sit on high stool"), (6.5, 8.4, "turn around"), (9.4, 99, "sit on high stool")),
    "14_31": (
        (1, 5, "sit chair down"), (2.5, 7, "sitting"), (6.3, 8.6, "sit chair stand up"),
        (9.5, 13.5, "sit chair down"), (14, 16.6, "sit chair stand up"),
    ),
    "14_32": (
        (1.2, 4.5, "sit chair down"), (3, 6, "sitting"), (5.6, 7.9, "sit chair stand up"), (7, 9.8, "turn around"),
        (10.2, 14, "sit chair down"), (12, 16.4, "sitting"), (16.2, 18.3, "sit chair stand up"),
        (18.4, 99, "sit chair down"),
    ),
    "Male2_B15_WalkTurnAround": ((0, 99, ""), (2.4, 5.4, "turn around")),
    "Female1_Walk_turn_around": ((0, 99, ""), (1.8, 3.7, "turn around")),
    "Male2_E1_TurnAroundRight": ((0, 99, "guard turn right"),),
    "Male2_E2_TurnAroundLeft": ((0, 99, "guard turn left"),),
    "Male2_D9_Victory1": ((0.9, 5.2, ""), (0.9, 3, "cheering")),
    "Male2_D10_Victory2": ((0.9, 4.2, ""), (6.6, 9.2, ""), (0.9, 3, "cheering")),
    "m2m_Victory": ((0, 99, ""), (0, 99, "cheering")),
    "Waving": ((0, 99, "waving right"),),
    "m2m_Greeting": ((0, 99, "greeting right"),),
    "fair1_wave_hello": ((3.2, 4.9, "waving right"),),
    "fair1_jumping": ((1.4, 99, ""),),
    "fair1_dab": ((1.5, 99, ""),),
    "rokoko_jesse_dance": ((0, 9.3, ""),),
    "fighting-01-provocation-takiguchi": ((2.3, 99, ""),),
    "fighting-31-syotei-yokoyama": ((2.8, 99, ""),),
    "fighting-34-head butt-yokoyama": ((2.7, 99, ""),),
    "walk-03-sneak-yokoyama": ((2.3, 99, ""),),
}  # fmt: skip


def excerpts(motion: Motion, clip: Clip) -> list[tuple[Motion, Clip]]:
    """The parts of a motion that are to be learnt, each with what it shows; `clip` is the motion on our body."""
    parts = EXCERPTS.get(motion.name)
    if parts is None:
        return [(motion, clip)]
    return [
        (replace(motion, description=shows or motion.description), clip.cropped(start, end))
        for start, end, shows in parts
    ]
