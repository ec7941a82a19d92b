"""A ball: the smallest mesh with smooth normals all around."""

import numpy as np

from vchar.render.scene import Material, Mesh


def ball(
    radius: float = 0.1, centre: tuple[float, float, float] = (0, 0, 0), material: Material | None = None,
    colour: tuple[float, float, float] = (0.5, 0.5, 0.5), rings: int = 24,
) -> Mesh:  # fmt: skip
    down, around = np.meshgrid(
        np.linspace(0, np.pi, rings + 1), np.linspace(0, 2 * np.pi, 2 * rings, endpoint=False), indexing="ij"
    )
    points = np.stack([np.sin(down) * np.cos(around), -np.cos(down), np.sin(down) * np.sin(around)], -1)
    index = np.arange(points.shape[0] * points.shape[1]).reshape(points.shape[:2])
    right = np.roll(index, -1, 1)
    quads = np.stack([index[:-1], right[:-1], right[1:], index[1:]], -1).reshape(-1, 4)
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    normals = points.reshape(-1, 3)
    return Mesh(
        normals * radius + np.array(centre), normals, faces, material or Material(), np.tile(colour, (len(normals), 1))
    )
