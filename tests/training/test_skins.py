"""Faces for skins."""

from pathlib import Path

import pytest
from safetensors.numpy import load_file

from vchar.data.assets import SKIN_SIZE
from vchar.data.skin import FaceMap
from vchar.errors import VcharError
from vchar.export.files import zip_bytes
from vchar.rig.body import HeadModel
from vchar.training import skins


def test_there_is_nothing_to_ship(tmp_path: Path) -> None:
    with pytest.raises(VcharError, match="leave --ship out"):
        skins.train(faces=1, output=tmp_path, ship=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (None, "can't be read as a zip of pictures"),
        ({"faces/1.jpg": b"..."}, "holds no .jpg in folders named t2i"),
        ({"t2i/1.jpg": b"no picture"}, "can't be read as a zip of pictures"),
    ],
)
def test_a_zip_that_is_of_no_use_is_a_sentence(tmp_path: Path, files: dict[str, bytes] | None, told: str) -> None:
    path = tmp_path / "portraits.zip"
    path.write_bytes(b"no zip" if files is None else zip_bytes(files))
    with pytest.raises(VcharError, match=told):
        list(skins.zipped(path, skins._names(path)))


@pytest.mark.slow
def test_generated_portraits_become_faces_in_the_layout_of_skins(tmp_path: Path) -> None:
    faces = load_file(skins.train(faces=6, output=tmp_path, log=lambda _line: None))["faces"]
    assert 2 <= len(faces) <= 6
    assert faces.shape[1:] == (*FaceMap.of(HeadModel.load(), SKIN_SIZE).texels.face.shape, 4)
    assert (faces[..., 3] > 128).mean() > 0.03
