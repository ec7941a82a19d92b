import numpy as np

from vchar.evaluation.readers.detector import anchors, distinct, overlap


def test_overlap_of_equal_half_and_separate_boxes() -> None:
    box = np.array([0.0, 0, 1, 1])
    assert overlap(box, box) == 1
    assert overlap(box, np.array([0, 0, 1, 0.5])) == 0.5
    assert overlap(box, np.array([2.0, 2, 3, 3])) == 0


def test_boxes_on_one_face_count_once_and_the_surest_stays() -> None:
    boxes = np.array([[0, 0, 1, 1], [0.05, 0, 1.05, 1], [3, 3, 4, 4]])
    assert distinct(boxes, np.array([0.7, 0.9, 0.6])) == [1, 2]


def test_anchors_cover_the_picture_evenly() -> None:
    centres = anchors()
    assert centres.shape == (896, 2)
    assert np.allclose(centres.mean(0), 0.5)
