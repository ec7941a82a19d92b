"""How mattes are compared."""

import numpy as np
import pytest

from vchar.evaluation.matte import compare, iou

TRUTH = np.zeros((10, 10))
TRUTH[:, :4] = 1
TRUTH[:, 4] = 0.5


def test_the_truth_is_without_fault() -> None:
    assert compare(TRUTH, TRUTH) == {"iou": 1, "mad": 0, "mad_at_edges": 0}


def test_a_hard_edge_is_wrong_at_the_edge_alone() -> None:
    hard = (TRUTH > 0.5).astype(float)
    assert compare(hard, TRUTH) == pytest.approx({"iou": 1, "mad": 50, "mad_at_edges": 500})


def test_nobody_found_where_nobody_is_counts_as_right() -> None:
    assert iou(np.zeros((4, 4)), np.zeros((4, 4))) == 1
    assert iou(np.ones((4, 4)), np.zeros((4, 4))) == 0
