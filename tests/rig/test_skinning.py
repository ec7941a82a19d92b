"""Linear blend skinning, against its definition."""

import numpy as np

from vchar.rig import rotation
from vchar.rig.skinning import matrices, skin, unskin

DRAW = np.random.default_rng(0)
REST = DRAW.normal(size=(5, 3)).astype(np.float32)
TURNED = rotation.normalized(DRAW.normal(size=(5, 4)) * 0.3 + [1, 0, 0, 0])
PLACES = DRAW.normal(size=(5, 3)).astype(np.float32)
VERTICES = DRAW.normal(size=(40, 3)).astype(np.float32)
INDEX = np.stack([DRAW.permutation(5)[:4] for _ in range(40)]).astype(np.uint8)
WEIGHT = DRAW.dirichlet(np.ones(4), 40).astype(np.float32)


def test_vertices_go_where_the_weighted_joints_take_them() -> None:
    moved = skin(VERTICES, INDEX, WEIGHT, matrices(TURNED, PLACES, REST))
    for v in range(40):
        parts = [
            w * (rotation.rotate(TURNED[j], VERTICES[v] - REST[j]) + PLACES[j])
            for j, w in zip(INDEX[v], WEIGHT[v], strict=True)
        ]
        assert np.allclose(moved[v], sum(parts), atol=1e-5)


def test_unskin_undoes_skin() -> None:
    moves = matrices(TURNED, PLACES, REST)
    assert np.allclose(unskin(skin(VERTICES, INDEX, WEIGHT, moves), INDEX, WEIGHT, moves), VERTICES, atol=1e-3)


def test_unturned_joints_move_nothing() -> None:
    moves = matrices(rotation.identity(5), REST, REST)
    assert np.allclose(skin(VERTICES, INDEX, WEIGHT, moves), VERTICES, atol=1e-6)
