"""A character's performance of a motion: pictures of it, and it as a file of any kind."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from vchar import dressing, moving
from vchar.character import Character
from vchar.dressing import Figure
from vchar.errors import VcharError
from vchar.export.png import png_bytes
from vchar.export.provenance import GENERATED, SOURCE_TYPES, rights_line
from vchar.export.video import LARGEST, animation_bytes
from vchar.licence import Licence
from vchar.moving import Movement, without_travel
from vchar.progress import Progress, silent
from vchar.rig.bvh import to_bvh
from vchar.rig.clip import Clip

KINDS = ("glb", "bvh", *LARGEST, "png")
UNITS = {"cm": 100.0, "m": 1.0}  # of a BVH file, in a metre
FPS, SPEED, SIZE, STILLS = (5.0, 60.0), (0.25, 4.0), (64, 1024), (2, 32)  # from, to
USUAL_FPS = {"gif": 20.0, "webp": 20.0}  # where it isn't 30
LICENCE = Licence(
    name=f"{dressing.LICENCE.name} and {moving.LICENCE.name}",
    short=moving.LICENCE.short,
    text=f"{dressing.LICENCE.text} {moving.LICENCE.text}",
    what=dressing.LICENCE.what,
)


@dataclass(frozen=True)
class Form:
    """How a performance is written; VcharError for anything else.

    kind: one of KINDS.  fps: 5..60 frames a second, None as usual for the kind.  speed: 0.25..4 times as fast.
    size: 64..1024 pixels a side of pictures.  stills: 2..32, side by side in a PNG.  unit: "cm" or "m", of BVH.
    """

    kind: str
    fps: float | None = None
    speed: float = 1.0
    size: int = 384
    stills: int = 8
    unit: str = "cm"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise VcharError(f"A motion can't be written as {self.kind!r}; choose {', '.join(KINDS)}.")
        if self.unit not in UNITS:
            raise VcharError(f"A BVH file is in {' or '.join(UNITS)}, not {self.unit!r}.")
        ranges = {"fps": FPS, "speed": SPEED, "size": SIZE, "stills": STILLS}
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise VcharError(f"The {name} of a motion's file goes from {low:g} to {high:g}, not {value:g}.")

    def clip(self, clip: Clip) -> Clip:
        """A clip in this rhythm."""
        fps = self.fps or USUAL_FPS.get(self.kind, clip.fps)
        return clip if (fps, self.speed) == (clip.fps, 1.0) else clip.resampled(fps, self.speed)


@dataclass(frozen=True, eq=False)
class Performance:
    """Whose it is, the dressed figure, and how it moves. Safe to share between threads."""

    character: Character
    figure: Figure = field(repr=False)
    movement: Movement = field(repr=False)

    @property
    def action(self) -> str:
        """What is done, as part of a file's name: walk_wave."""
        return re.sub(r"[^a-z0-9]+", "_", "_".join(self.movement.understood).lower()).strip("_")[:40]

    @property
    def title(self) -> str:
        return f"{self.character.name or 'Figure'}: {self.movement.taken_as}"

    @property
    def clip(self) -> Clip:
        """The motion on the character's own skeleton."""
        return self.figure.placed(self.movement.clip)

    @property
    def stem(self) -> str:
        """A name for files: hero_walk."""
        return f"{self.character.file_stem}_{self.action}"

    def files(self, form: Form, stem: str = "", progress: Progress = silent) -> dict[str, bytes]:
        """The performance as a file, by its name, and what must go with it: credits with BVH, JSON with PNG.

        stem: of their names, if not `stem`.  All carry the licence and the AI mark. Raise inside `progress` to cancel.
        """
        stem = stem or self.stem
        clip = form.clip(self.movement.clip)
        if form.kind == "glb":
            return {f"{stem}.glb": self.figure.glb({self.action: clip}, self.character, LICENCE)}
        if form.kind == "bvh":
            text = to_bvh(self.figure.placed(clip), UNITS[form.unit])
            return {f"{stem}.bvh": text.encode(), f"{stem}.bvh.txt": _credits().encode()}
        if form.kind == "png":
            page = self.figure.strip(clip, form.stills, form.size)
            told = json.dumps(self._sheet(f"{stem}.png", clip, form), indent=2, ensure_ascii=False)
            return {f"{stem}.png": png_bytes(page, self.character, LICENCE), f"{stem}.json": told.encode()}
        frames = _counted(self.figure.film(clip, form.size), len(clip), progress)
        return {f"{stem}.{form.kind}": animation_bytes(frames, clip.fps, form.kind, self.title, LICENCE)}

    def shown(self) -> bytes:
        """A GLB to look at: the figure stays before the camera wherever it goes."""
        return self.figure.glb({self.action: without_travel(self.movement.clip)}, self.character, LICENCE)

    def _sheet(self, name: str, clip: Clip, form: Form) -> dict[str, Any]:
        """Where the stills lie on their page, and when in the motion they are."""
        places = [
            {"x": i * form.size, "y": 0, "w": form.size, "h": form.size, "seconds": round(at / clip.fps, 3)}
            for i, at in enumerate(self.figure.moments(clip, form.stills))
        ]
        return {
            "image": name,
            "action": self.movement.taken_as,
            "seconds": round(len(clip) / clip.fps, 3),
            "loop": self.character.motion.loop,
            "frames": places,
            "copyright": rights_line(LICENCE),
            "licence": LICENCE.text,
            "digitalSourceType": SOURCE_TYPES + GENERATED,
            "vchar": json.loads(self.character.to_json()),
        }


def _credits() -> str:
    return f"AI-generated motion ({SOURCE_TYPES}{GENERATED}). {moving.LICENCE.text}\n"


def _counted(frames: Iterator[Image.Image], count: int, progress: Progress) -> Iterator[Image.Image]:
    for number, frame in enumerate(frames, 1):
        progress(number / count, f"Picture {number} of {count}")
        yield frame
