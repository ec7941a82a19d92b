"""Brows that keep their thickness: the hair travels with the brow's upper edge, the lid's fold takes up the rest."""

from dataclasses import replace

import numpy as np

from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel

THICK, FOLD = 0.008, 0.012  # metres below the upper edge that move as one, and where the lid's own movement begins
BROWS = (slice(17, 22), slice(22, 27))  # landmarks
BEYOND = 0.006  # metres past its ends that a brow still carries skin along


def with_stiff_brows(head: HeadModel) -> HeadModel:
    """The same head, whose brow* actions move the skin under a brow's upper edge together with it."""
    arkit = head.arkit.copy()
    actions = [i for i, name in enumerate(ARKIT_NAMES) if name.startswith("brow")]
    for brow in BROWS:
        edge = head.landmarks[brow]
        x, y = head.mean[edge, 0], head.mean[edge, 1]
        below = head.mean[:, 1] - np.interp(head.mean[:, 0], x, y)
        beyond = np.maximum(np.maximum(x[0] - head.mean[:, 0], head.mean[:, 0] - x[-1]), 0)
        follows = np.clip((FOLD - below) / (FOLD - THICK), 0, 1) * (below > 0) * np.clip(1 - beyond / BEYOND, 0, 1)
        follows = follows * (head.mean[:, 2] < head.mean[edge, 2].max() + 0.01) * (head.eye == 0)
        at = np.flatnonzero(follows)
        for i in actions:
            carried = np.stack([np.interp(head.mean[at, 0], x, head.arkit[i, edge, k]) for k in range(3)], axis=1)
            arkit[i, at] += follows[at, None] * (carried - head.arkit[i, at])
    return replace(head, arkit=arkit.astype(np.float32))
