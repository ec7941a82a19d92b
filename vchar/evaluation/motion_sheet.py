"""Sheets of motion: for each prompt a row of figures, one moment beside the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from vchar.evaluation.sheets import INK, PAPER
from vchar.moving import Mover
from vchar.rig import rotation
from vchar.rig.clip import Clip

PROMPTS = (
    "a person walks", "a person walks backwards", "a person runs", "a person jumps", "a person sits down",
    "a person turns around", "a person waves with the right hand", "a person punches", "a person kicks",
    "a person dances", "a person dances salsa", "a person sneaks", "a person crouches", "a person walks like a zombie",
    "a person stands idle", "a person cheers", "a person picks something up", "a person climbs a ladder",
    "a person crawls", "a victory pose",
)  # fmt: skip
SECONDS, SEED = 4.0, 0
SIDE, MOMENTS, TITLE = 120, 10, 15  # pixels; figures in a row; pixels
FINER = 3  # drawn so many times as large
COLOURS = 64  # of the file
SCALE, VIEW, TILT = 0.42, 65.0, 0.12  # of the side to a metre; degrees from the front; of depth to height
LEFT, RIGHT, MIDDLE, GROUND = (226, 112, 78), (92, 146, 232), (206, 204, 198), (44, 46, 52)
THICK = {"Hips": 0.2, "Spine": 0.2, "Spine1": 0.2, "Spine2": 0.12, "Neck": 0.2, "UpLeg": 0.13, "Leg": 0.1, "Arm": 0.09}
THIN = 0.07  # metres, of all other bones


def draw_sheet(mover: Mover, path: Path, prompts: Sequence[str] = PROMPTS, seed: int = SEED) -> Path:
    """Write the sheet of what the prompts give."""
    rows = []
    for prompt in prompts:
        movement = mover.animate(prompt, SECONDS, seed)
        rows.append(strip(movement.clip, f"{prompt} (took it as: {movement.taken_as})"))
    page = Image.new("RGB", (SIDE * MOMENTS, sum(row.height for row in rows)), PAPER)
    for i, row in enumerate(rows):
        page.paste(row, (0, i * row.height))
    page.quantize(COLOURS).save(path, optimize=True)
    return path


def strip(clip: Clip, title: str) -> Image.Image:
    """A row of MOMENTS figures, evenly spaced in time, each above its own place on the ground."""
    page = Image.new("RGB", (FINER * SIDE * MOMENTS, FINER * (SIDE + TITLE)), PAPER)
    draw = ImageDraw.Draw(page)
    for i, frame in enumerate(np.linspace(0, len(clip) - 1, MOMENTS).astype(int)):
        _figure(draw, clip, int(frame), FINER * SIDE * (i + 0.5), FINER * (TITLE + SIDE * 0.94))
    small = page.resize((SIDE * MOMENTS, SIDE + TITLE), Image.Resampling.LANCZOS)
    ImageDraw.Draw(small).text((4, 1), title, fill=INK, font_size=11)
    return small


def _figure(draw: ImageDraw.ImageDraw, clip: Clip, frame: int, x: float, y: float) -> None:
    """One moment, the ground's middle at (x, y) pixels; what is behind is drawn first."""
    names, metre = clip.skeleton.names, FINER * SIDE * SCALE
    turn = rotation.from_axis([0, 1, 0], VIEW)
    ground = clip.root_positions[frame] * [1, 0, 1]
    joints = rotation.rotate(turn, clip.joint_positions[frame] - ground)
    tips = clip.skeleton.tip_positions(clip.joint_positions[frame], clip.global_rotations[frame])
    tips = rotation.rotate(turn, tips - ground)
    bones = [(names[p], joints[p], joints[j]) for j, p in enumerate(clip.skeleton.parents) if p >= 0]
    bones += [(name, joint, tip) for name, joint, tip in zip(names, joints, tips, strict=True) if tip[0] == tip[0]]
    half = 0.42 * SIDE * FINER
    draw.ellipse((x - half, y - TILT * half, x + half, y + TILT * half), fill=GROUND)
    for name, start, end in sorted(bones, key=lambda bone: bone[1][2] + bone[2][2]):
        side = name.removeprefix("Left").removeprefix("Right")
        colour = MIDDLE if side == name else LEFT if name.startswith("Left") else RIGHT
        radius = THICK.get(side, THIN) * metre / 2
        ends = [(x + p[0] * metre, y - p[1] * metre + TILT * p[2] * metre) for p in (start, end)]
        draw.line(ends, fill=colour, width=round(2 * radius))
        for px, py in ends:
            draw.ellipse((px - radius, py - radius, px + radius, py + radius), fill=colour)
