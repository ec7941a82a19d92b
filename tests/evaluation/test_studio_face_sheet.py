"""Contact sheets of the Studio generator."""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from tests.fakes import untrained_studio_face
from vchar import checkpoint
from vchar.data.conditions import NAMES
from vchar.evaluation import studio_face_sheet
from vchar.evaluation.generators import Encoder, Studio, calm
from vchar.generators.studio import StudioFaces
from vchar.models.face_encoder import FaceEncoder, FaceEncoderConfig
from vchar.models.studio_face import StudioFace, StudioFaceConfig


def test_every_sheet_has_its_rows(tmp_path: Path) -> None:
    faces = StudioFaces(untrained_studio_face(tmp_path / "net"), torch.device("cpu"), torch.float32)
    tile = studio_face_sheet.TILE + 8
    found = {}
    for path in studio_face_sheet.draw_sheets(tmp_path / "sheets", faces):
        with Image.open(path) as sheet:
            found[path.stem.removeprefix("face-studio-")] = (sheet.width // tile + 1, sheet.height // tile + 1)
    assert found == {"people": (8, 8), "sliders": (7, 17), "walks": (8, 6), "feelings": (8, 6), "views": (7, 6)}


def test_pictures_are_shown_beside_what_the_encoder_makes_of_them(tmp_path: Path) -> None:
    config = StudioFaceConfig(16, NAMES, channels=(8, 8), z_dim=6)
    checkpoint.save(tmp_path / "net", config, StudioFace(config).state_dict())
    coded = FaceEncoderConfig(6, len(NAMES), 16, channels=(8, 8), features=8)
    checkpoint.save(tmp_path / "net-encoder", coded, FaceEncoder(coded).state_dict())
    studio, encoder = Studio(tmp_path / "net"), Encoder(tmp_path / "net-encoder")
    pictures = np.random.default_rng(0).integers(0, 255, (3, 16, 16, 3), np.uint8)
    with Image.open(
        studio_face_sheet.draw_encoded(tmp_path, studio, encoder.place(pictures), pictures, np.stack([calm()] * 3))
    ) as sheet:
        tile = studio_face_sheet.TILE + 8
        assert (sheet.width // tile + 1, sheet.height // tile + 1) == (2 + studio_face_sheet.MORE, 3)
        first = np.asarray(sheet.crop((0, 0, 128, 128)).resize((16, 16), Image.Resampling.BOX), np.float32)
    assert np.corrcoef(first.ravel(), pictures[0].ravel())[0, 1] > 0.5


def test_curves_run_through_all_stages(tmp_path: Path) -> None:
    for size, values in (("16", (3.0, 2.0, 1.0)), ("32", (1.0, 0.5))):
        lines = [json.dumps({"pictures": 100 * (i + 1), "pixels": value}) for i, value in enumerate(values)]
        (tmp_path / size).mkdir()
        (tmp_path / size / "log.jsonl").write_text("\n".join(lines))
    with Image.open(studio_face_sheet.draw_curves(tmp_path / "cards", tmp_path)) as page:
        red, _, blue = np.asarray(page, np.int32)[: studio_face_sheet.PANEL[1]].transpose(2, 0, 1)
    drawn = np.argwhere(red > blue + 60)  # the first curve
    left, right = drawn[drawn[:, 1] < 140], drawn[drawn[:, 1] > 380]
    assert left[:, 0].mean() < right[:, 0].mean()  # it falls
