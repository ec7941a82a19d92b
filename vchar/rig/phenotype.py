"""The sliders of a body, and how their values mix the shapes that MakeHuman's artists made.

Each such shape belongs to a corner of the space of people (an old, heavy, muscular woman, say). How much of it a body
takes is the product of how near the body is to that corner along every slider that the corner fixes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vchar.errors import VcharError

# along each quality, where its corners stand
CORNERS: dict[str, dict[str, float]] = {
    "gender": {"male": 0.0, "female": 1.0},
    "age": {"child": 1 / 3, "young": 2 / 3, "old": 1.0},
    "muscle": {"minmuscle": 0.0, "averagemuscle": 0.5, "maxmuscle": 1.0},
    "weight": {"minweight": 0.0, "averageweight": 0.5, "maxweight": 1.0},
    "height": {"minheight": 0.0, "maxheight": 1.0},
    "proportions": {"idealproportions": 0.0, "uncommonproportions": 1.0},
    "cupsize": {"mincup": 0.0, "averagecup": 0.5, "maxcup": 1.0},
}
CORNER_NAMES = tuple(name for corners in CORNERS.values() for name in corners)


@dataclass(frozen=True)
class BodySlider:
    """A slider from -1 to 1, 0 the neutral body.

    span: the quality in `CORNERS` at -1, 0 and 1; None if it has none. What `LOCAL` sliders change besides is added.
    """

    name: str
    label: str
    low_label: str
    high_label: str
    span: tuple[float, float, float] | None = None


SLIDERS = (
    BodySlider("age", "Age", "Twenty", "Ninety", (0.61, 0.72, 1.0)),
    BodySlider("gender", "Gender", "Feminine", "Masculine", (1.0, 0.5, 0.0)),
    BodySlider("height", "Height", "Shorter", "Taller", (0.18, 0.43, 0.72)),
    BodySlider("weight", "Weight", "Thinner", "Heavier", (0.0, 0.5, 1.1)),
    BodySlider("muscle", "Muscle", "Softer", "Stronger", (0.1, 0.5, 1.0)),
    BodySlider("proportions", "Proportions", "Unusual", "Ideal", (1.0, 0.5, 0.0)),
    BodySlider("bust", "Bust", "Smaller", "Larger", (0.0, 0.5, 1.0)),
    BodySlider("shoulders", "Shoulders", "Narrower", "Wider"),
    BodySlider("belly", "Belly", "Flatter", "Rounder"),
    BodySlider("hips", "Hips", "Narrower", "Wider"),
    BodySlider("legs", "Legs", "Shorter", "Longer"),
)
NAMES = tuple(slider.name for slider in SLIDERS)
QUALITIES = {"bust": "cupsize"}  # sliders that are called otherwise than their quality
LOCAL = ("weight", *(slider.name for slider in SLIDERS if slider.span is None))


def values(chosen: Mapping[str, float]) -> NDArray[np.float64]:
    """All sliders' values, in the order of SLIDERS, 0 where nothing was chosen.

    Raises VcharError for an unknown slider or a value outside -1..1.
    """
    unknown = [name for name in chosen if name not in NAMES]
    if unknown:
        raise VcharError(f"There is no body slider {unknown[0]!r}; choose from {', '.join(NAMES)}.")
    for name, value in chosen.items():
        if not -1 <= value <= 1:
            raise VcharError(f"The body slider {name} goes from -1 to 1, not {value}.")
    return np.array([chosen.get(name, 0.0) for name in NAMES])


def nearness(sliders: NDArray[np.float64]) -> NDArray[np.float64]:
    """How near bodies [N, sliders] are to each corner [N, corners]; along each quality they sum to one.

    Beyond the last corner the line from the one before goes on: a share above one, and one below zero.
    """
    columns: list[NDArray[np.float64]] = []
    for quality, corners in CORNERS.items():
        slider = next(s for s in SLIDERS if QUALITIES.get(s.name, s.name) == quality)
        assert slider.span is not None
        place = np.interp(sliders[:, NAMES.index(slider.name)], (-1, 0, 1), slider.span)
        stands = np.array(list(corners.values()))
        before = np.clip(np.searchsorted(stands, place) - 1, 0, len(stands) - 2)
        share = (place - stands[before]) / (stands[before + 1] - stands[before])
        columns += [np.where(before == i, 1 - share, np.where(before == i - 1, share, 0)) for i in range(len(stands))]
    return np.stack(columns, axis=1)


def shares(sliders: NDArray[np.float64], terms: NDArray[np.bool_] | NDArray[np.uint8]) -> NDArray[np.float64]:
    """How much bodies [N, sliders] take of each shape [N,K] whose corners are marked in `terms` [K, corners]."""
    near = nearness(sliders)
    return np.where(terms, near[:, None], 1).prod(-1)


def local_shares(sliders: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much bodies [N, sliders] take of each local change [N, 2 * len(LOCAL)]: all upwards ones, then downwards."""
    own = sliders[:, [NAMES.index(name) for name in LOCAL]]
    return np.concatenate([np.maximum(own, 0), np.maximum(-own, 0)], axis=1)


def random_sliders(count: int, seed: int, names: Sequence[str] = NAMES) -> NDArray[np.float64]:
    """Bodies [count, sliders] drawn evenly from the sliders `names`; the others stay neutral."""
    drawn = np.random.default_rng(seed).uniform(-1, 1, (count, len(NAMES)))
    return drawn * np.isin(NAMES, names)
