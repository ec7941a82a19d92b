"""Contact sheets of the Studio generator."""

from pathlib import Path

import torch
from PIL import Image

from tests.fakes import untrained_studio_face
from vchar.evaluation import studio_face_sheet
from vchar.generators.studio import StudioFaces


def test_every_sheet_has_its_rows(tmp_path: Path) -> None:
    faces = StudioFaces(untrained_studio_face(tmp_path / "net"), torch.device("cpu"), torch.float32)
    tile = studio_face_sheet.TILE + 8
    found = {}
    for path in studio_face_sheet.draw_sheets(tmp_path / "sheets", faces):
        with Image.open(path) as sheet:
            found[path.stem.removeprefix("face-studio-")] = (sheet.width // tile + 1, sheet.height // tile + 1)
    assert found == {"people": (8, 8), "sliders": (7, 17), "walks": (8, 6), "feelings": (8, 6), "views": (7, 6)}
