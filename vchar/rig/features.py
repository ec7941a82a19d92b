"""Where the features of a face are on its surface."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def feature_masks(places: Floats, landmarks: Floats) -> dict[str, NDArray]:
    """How far each of the places [H,W,3] on the mean head belongs to a feature: masks [H,W] in 0..1 by name.

    landmarks: [70,3] the mean head's; all in metres.
    """
    place, mark = places * 1000, landmarks * 1000  # all that follows is in millimetres
    x, y, z = np.moveaxis(place, -1, 0)
    front = z < -40

    def spot(centre: NDArray, radius: float) -> NDArray:
        return np.exp(-((place - centre) ** 2).sum(-1) / (2 * radius * radius))

    def edge(value: NDArray, softness: float) -> NDArray:
        return 1 / (1 + np.exp(-np.clip(value / softness, -30, 30)))

    lips = front * _polygon(place, mark[48:60], 0.8)
    lids = np.zeros_like(x)
    liner = np.zeros_like(x)
    cheeks = np.zeros_like(x)
    brows = np.zeros_like(x)
    for eye, brow in ((slice(36, 42), slice(17, 22)), (slice(42, 48), slice(22, 27))):
        upper = mark[eye][:4]
        fold = 0.45 * upper + 0.55 * mark[brow][[0, 1, 3, 4]]
        lids += front * _polygon(place, np.concatenate([upper, fold[::-1]]), 2.5)
        liner += front * np.exp(-((_to_line(place, upper) / 1.1) ** 2))
        brows = np.maximum(brows, front * np.exp(-((_to_line(place, mark[brow]) / 7) ** 4)))
        middle = mark[eye].mean(0)
        cheeks += spot(np.array([middle[0] * 1.25, mark[30, 1], middle[2] + 6]), 17)
    mouth = mark[48:60].mean(0)
    upwards = np.clip((z + 75) / 60, 0, 1)  # the beard's border climbs from the mouth's corners to the ears
    border = (mouth[1] - 4) - upwards * (mouth[1] - 4 - mark[36, 1] - 8)
    beard = edge(y - border, 2.5) * edge(mark[8, 1] + 22 - y + 0.3 * np.maximum(z + 60, 0) * -1, 6) * edge(5 - z, 5)
    moustache = front * edge(y - mark[33, 1] - 2, 1.2) * edge(mouth[1] + 2 - y, 2) * edge(31 - np.abs(x), 3)
    below = np.array([0, 7, 0])
    hairline = np.interp(z, [-110, -75, -45, -5, 25, 80], [-100, -92, -72, -48, 0, 45])
    return {
        "lips": lips, "lids": lids, "liner": liner, "brows": brows, "cheeks": cheeks,
        "nose": spot(mark[30] + np.array([0, -2, 6]), 12),
        "beard": np.maximum(beard, moustache) * (1 - lips) * (1 - edge(_inside(place, mark[48:60]) + 2, 0.7) * front),
        "scalp": edge(hairline - y, 3.0),
        "freckles": np.maximum(spot(mark[29], 26), cheeks),
        "sockets": spot(mark[36:42].mean(0) + below, 11) + spot(mark[42:48].mean(0) + below, 11),
    }  # fmt: skip


def _polygon(place: Floats, corners: Floats, softness: float) -> NDArray:
    """1 inside the polygon as seen from the front, 0 outside, with a soft border (mm)."""
    return 1 / (1 + np.exp(-np.clip(_inside(place, corners) / softness, -30, 30)))


def _inside(place: Floats, corners: Floats) -> NDArray:
    """Distance to the polygon's border as seen from the front, positive inside."""
    x, y = place[..., 0], place[..., 1]
    odd = np.zeros(x.shape, bool)
    for (ax, ay), (bx, by) in zip(corners[:, :2], np.roll(corners[:, :2], -1, 0), strict=True):
        odd ^= ((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / (by - ay + 1e-9) + ax)
    return np.where(odd, 1, -1) * _to_line(place, np.concatenate([corners, corners[:1]]))


def _to_line(place: Floats, points: Floats) -> NDArray:
    """Distance to a polyline as seen from the front."""
    best = np.full(place.shape[:2], np.inf)
    for a, b in zip(points[:-1, :2], points[1:, :2], strict=True):
        along = ((place[..., :2] - a) @ (b - a) / ((b - a) @ (b - a) + 1e-9)).clip(0, 1)[..., None]
        best = np.minimum(best, np.linalg.norm(place[..., :2] - a - along * (b - a), axis=-1))
    return best
