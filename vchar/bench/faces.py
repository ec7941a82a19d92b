"""Random faces: is there exactly one face in each?"""

from collections.abc import Mapping
from typing import Any

from vchar.bench.row import Row
from vchar.errors import VcharError

FACES = 500
AT_LEAST = 0.99


def measure() -> list[Row]:
    """One row, by the detectors of `vchar evaluate face`."""
    try:
        from vchar.evaluation import face
    except ImportError as error:
        raise VcharError("install vchar[dev].") from error
    return [row(face.evaluate(limit=FACES, log=lambda _: None))]


def row(metrics: Mapping[str, Any]) -> Row:
    """`metrics`: what `vchar evaluate face` finds."""
    dlib, mediapipe = metrics["one_face_dlib"], metrics["one_face_mediapipe"]
    return Row(
        f"{metrics['n']} random faces: exactly one face found",
        f"in {dlib:.1%} by dlib, in {mediapipe:.1%} by MediaPipe",
        goal=f"in at least {AT_LEAST:.0%}",
        met=min(dlib, mediapipe) >= AT_LEAST,
        numbers={"dlib": dlib, "mediapipe": mediapipe, "faces": metrics["n"]},
    )
