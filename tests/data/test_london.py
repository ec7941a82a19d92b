"""London templates become landmarks by anatomy."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vchar.data.london import landmarks, read_london, read_template
from vchar.errors import VcharError

# pairs of template points that mirror each other, of those that landmarks are read from
TWINS = [
    (0, 1), (18, 27), (19, 26), (20, 25), (21, 24), (22, 23), (28, 33), (29, 32), (30, 31), (50, 56),
    (51, 57), (52, 58), (53, 59), (54, 60), (64, 69), (65, 70), (71, 82), (72, 81), (73, 80), (74, 79),
    (75, 78), (87, 93), (88, 92), (89, 91), (94, 98), (95, 97), (99, 103), (100, 102), (104, 108), (105, 107),
    (109, 112), (110, 113), (111, 114), (185, 187), (186, 188), (125, 133), (126, 132), (127, 131), (128, 130),
]  # fmt: skip
PLACES = {  # of the first of each pair, and of the points in the middle
    0: (-50, 0), 18: (-70, 0), 19: (-60, -8), 20: (-50, -10), 21: (-40, -8), 22: (-30, 2), 28: (-60, 6), 29: (-50, 9),
    30: (-40, 7), 50: (-10, -10), 51: (-8, 2), 52: (-8, 16), 53: (-9, 30), 54: (-11, 44), 64: (-20, 66), 65: (-22, 58),
    71: (-93, -15), 72: (-80, -30), 73: (-60, -36), 74: (-40, -34), 75: (-22, -30), 87: (-36, 100), 88: (-22, 93),
    89: (-9, 90), 94: (-20, 99), 95: (-9, 98), 99: (-20, 101), 100: (-9, 102), 104: (-22, 112), 105: (-12, 118),
    109: (-112, 8), 185: (-112, 25), 110: (-110, 44), 186: (-108, 60), 111: (-105, 75), 125: (-95, 105),
    126: (-75, 130), 127: (-50, 150), 128: (-25, 160), 129: (0, 163), 55: (0, 67), 90: (0, 92), 96: (0, 99),
    101: (0, 101), 106: (0, 120),
}  # fmt: skip
LEFT = [*range(8), *range(17, 22), 31, 32, *range(36, 42), 48, 49, 50, 58, 59, 60, 61, 67, 68]
RIGHT = [*range(16, 8, -1), *range(26, 21, -1), 35, 34, 45, 44, 43, 42, 47, 46, 54, 53, 52, 56, 55, 64, 63, 65, 69]


CENTRE = np.array([675, 600])


def template() -> np.ndarray:
    """A symmetrical face about CENTRE."""
    points = np.zeros((189, 2))
    for i, place in PLACES.items():
        points[i] = place
    for left, right in TWINS:
        points[right] = points[left] * (-1, 1)
    return points + CENTRE


def write_zip(path: Path, template_text: str) -> Path:
    picture = io.BytesIO()
    Image.new("RGB", (135, 135), "grey").save(picture, "jpeg")
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("001_neutral.jpg", "001_smile.jpg"):
            archive.writestr(name, picture.getvalue())
        archive.writestr("001_neutral.tem", template_text)
    return path


def as_text(points: np.ndarray) -> str:
    return "\n".join(["189", *(f"{x}\t{y}" for x, y in points), "0"])


def test_a_symmetrical_face_has_symmetrical_landmarks() -> None:
    points = landmarks(template()) - CENTRE
    np.testing.assert_allclose(points[RIGHT], points[LEFT] * (-1, 1), atol=1e-6)


def test_landmarks_stand_where_the_anatomy_has_them() -> None:
    points = landmarks(template()) - CENTRE
    np.testing.assert_allclose(points[[8, 33, 51, 57, 62, 66]], [[0, y] for y in (163, 67, 92, 120, 99, 101)])
    np.testing.assert_allclose(points[[17, 21]], [[-93, -15], [-22, -30]])
    assert (np.diff(points[27:31, 1]) > 0).all()
    np.testing.assert_allclose(points[[58, 67]], [[-9, 118.5], [-9, 102]], atol=0.1)  # below 50


def test_reading_scales_templates_to_the_picture(tmp_path: Path) -> None:
    (face,) = read_london(write_zip(tmp_path / "faces.zip", as_text(template())))
    np.testing.assert_allclose(face.landmarks, landmarks(template()) / 10, rtol=1e-5)
    assert face.name == "001"
    assert face.smile.size == (135, 135)


def test_other_archives_are_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("no archive")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    write_zip(tmp_path / "damaged.zip", "189\n1\t2\n")
    for name in ("text.zip", "empty.zip", "damaged.zip", "missing.zip"):
        with pytest.raises(VcharError, match="no archive like"):
            list(read_london(tmp_path / name))


def test_a_template_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="instead of"):
        read_template("2\n1 2\n3 4\n")
