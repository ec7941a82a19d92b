import pytest

from vchar.bench import faces


@pytest.mark.parametrize(("dlib", "mediapipe", "met"), [(0.99, 1.0, True), (0.988, 1.0, False), (1.0, 0.988, False)])
def test_both_detectors_must_find_one_face(dlib: float, mediapipe: float, met: bool) -> None:
    row = faces.row({"n": 500, "one_face_dlib": dlib, "one_face_mediapipe": mediapipe})
    assert row.met is met
    assert f"{dlib:.1%} by dlib" in row.ours
