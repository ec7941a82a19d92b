"""Drawing one thing out of several."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")


def one_of(rng: np.random.Generator, items: Sequence[T], chances: NDArray | None = None) -> T:
    """One of the items: each as likely as the others, or in proportion to its chance."""
    share = None if chances is None else chances / chances.sum()
    return items[int(rng.choice(len(items), p=share))]
