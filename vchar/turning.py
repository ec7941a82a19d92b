"""From where a head shall look to how it must turn, and how far a picture of it can be trusted there."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vchar.character import VIEW_LIMITS, View
from vchar.rig.camera import Camera, angles, euler
from vchar.rig.warp import WarpSource

Angles = tuple[float, float, float]  # yaw, pitch, roll in degrees, as in `vchar.rig.camera.euler`

YAWS = (-45, -30, -15, 0, 15, 30, 45)  # of a turnaround, from the picture's left to its right
FRAMES, FPS = 72, 25  # of a turntable
GUESS = 0.12  # share of the head hidden in the photo beyond which most of 42 pictures of 6 faces showed smears
ASIDE = 25.0  # degrees from which a face has a side that its picture doesn't show
TRIED = np.array([-20.0, 0.0, 20.0]), np.array(YAWS, float)  # pitches and yaws at which a picture is asked


def turn_to(camera: Camera, view: View | None) -> Angles:
    """By how much to turn a head that stands before `camera` so that it looks as `view` says; None: not at all."""
    if view is None:
        return 0.0, 0.0, 0.0
    return angles(camera.rotation.T @ euler(view.yaw, view.pitch, view.roll))


def within_reach(yaw: float, pitch: float, roll: float) -> View:
    """The view nearest to these angles."""
    asked = {"yaw": yaw, "pitch": pitch, "roll": roll}
    return View(**{name: min(max(asked[name], -limit), limit) for name, limit in VIEW_LIMITS.items()})


def sweep(frames: int = FRAMES) -> list[float]:
    """The yaw of each frame of a turntable, in degrees: to the right, to the left and back; the first follows the last.

    Every yaw but the outermost is met twice, there and back.
    """
    return [round(VIEW_LIMITS["yaw"] * sin(2 * pi * frame / frames), 1) + 0.0 for frame in range(frames)]


def name_of(yaw: float) -> str:
    """A yaw as people read it: "30° left" (of the picture), "Front"."""
    side = "right" if yaw > 0 else "left"
    return f"{abs(yaw):.0f}° {side}" if round(yaw) else "Front"


@dataclass(frozen=True, eq=False)
class Trust:
    """How much of a turned head its photo hides, by what the warp finds at a few views.

    own: the photo's yaw in degrees.  hidden: [3,7] share 0..1 at the pitches and yaws of `TRIED`; roll hides nothing.
    """

    own: float
    hidden: NDArray[np.float64]

    @classmethod
    def of(cls, source: WarpSource) -> Trust:
        camera = source.fit.camera
        shares = [[source.hidden(*turn_to(camera, View(yaw, pitch))) for yaw in TRIED[1]] for pitch in TRIED[0]]
        return cls(camera.yaw_pitch_roll[0], np.array(shares))

    def share(self, view: View | None) -> float:
        """Share 0..1 of the head as seen from there that the photo doesn't show; of the photo itself, 0."""
        return float(np.interp(view.yaw, TRIED[1], self._at(view.pitch))) if view else 0.0

    def is_guess(self, view: View | None) -> bool:
        return self.share(view) > GUESS

    def reach(self, pitch: float = 0.0) -> tuple[int, int] | None:
        """The yaws, in degrees, between which a picture can be trusted; None where it can't be at any."""
        yaws = np.arange(round(TRIED[1][0]), round(TRIED[1][-1]) + 1)
        shares = np.interp(yaws, TRIED[1], self._at(pitch))
        best = int(shares.argmin())
        if shares[best] > GUESS:
            return None
        beyond = np.flatnonzero(shares > GUESS)
        low, high = max(beyond[beyond < best], default=-1) + 1, min(beyond[beyond > best], default=len(yaws)) - 1
        return int(yaws[low]), int(yaws[high])

    def sentence(self, view: View | None) -> str:
        """Beyond which angle the picture is a guess, and whether it is one now."""
        if not self.hidden.any():
            return "Every view is drawn anew, so none is a guess."
        reach = self.reach(view.pitch if view else 0.0)
        between = f"from {name_of(reach[0])} to {name_of(reach[1])}".lower() if reach else ""
        aside = f"The face looks {name_of(self.own)} in the picture, which hides its other side. "
        if self.is_guess(view):
            told = f"A guess: the picture hides {100 * self.share(view):.0f} % of the head from this side."
            told += f" It can be trusted {between}." if reach else ""
        elif reach:
            told = f"Can be trusted {between}; beyond, the picture is a guess."
        else:
            told = "From every other side the picture is a guess."
        return (aside if abs(self.own) > ASIDE else "") + told

    def report(self, view: View | None) -> dict[str, Any]:
        """All of this about one view, for programs."""
        reach = self.reach(view.pitch if view else 0.0)
        return {
            "hidden": round(self.share(view), 3),
            "guess": self.is_guess(view),
            "trusted_yaw": list(reach) if reach else None,
            "sentence": self.sentence(view),
        }

    def _at(self, pitch: float) -> NDArray[np.float64]:
        return np.array([np.interp(pitch, TRIED[0], column) for column in self.hidden.T])
