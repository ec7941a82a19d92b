"""What the rig tells the network that completes a warped portrait."""

import numpy as np
from numpy.typing import NDArray

from vchar.rig.view import NOTHING, WHOLE
from vchar.rig.warp import Edit, WarpSource

Floats = NDArray[np.float32]

GUIDES = 10  # layers of `layers`
SIDEWAYS = (3, 7)  # those that change sign in a mirror
CHANGES = 55  # numbers of `change`
FAR = 45.0  # degrees that count as 1


def layers(source: WarpSource, edit: Edit, at: tuple[slice, slice] = WHOLE) -> Floats:
    """[H,W,10] of the picture or a window of it.

    Confidence, painted mouth, head; the surface's normal x, y, z and by how much it came nearer; flow x, y; where the
    head was before, of which nothing may stay beside the head.

    All about within -1..1; the surface's layers are 0 where no head is; flow is in fifteenths of the eyes' distance.
    """
    view = edit.view
    head = (view.part[at] != NOTHING).astype(np.float32)
    nearer = source.view.screen[:, 2:] - view.screen[:, 2:]
    surface = view.spread(np.concatenate([view.normals, nearer * 20], axis=1), at)
    flow = edit.flow[at] * np.float32(15 / source.iod)
    before = source.view.part[at] != NOTHING
    return np.dstack([edit.confidence[at], edit.mouth[at], head, surface, flow, before]).astype(np.float32)


def change(source: WarpSource, arkit: NDArray, turn: tuple[float, float, float]) -> Floats:
    """[55]: by how much each ARKit weight [52] changes, and yaw, pitch, roll in 45 degrees."""
    return np.concatenate([np.asarray(arkit) - source.fit.arkit, np.array(turn) / FAR]).astype(np.float32)
