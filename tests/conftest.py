"""Fixtures that several tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.fakes import untrained_encoder, untrained_generator, untrained_studio_face
from tests.test_reading import posed, reader
from vchar import mobilestylegan
from vchar.dressing import Wardrobe
from vchar.generators.studio import StudioFaces
from vchar.studio import Studio


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder for this test alone."""
    monkeypatch.setenv("VCHAR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def untrained_studio() -> Studio:
    """A whole studio whose generator has random weights; it needs no network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mobilestylegan, "load", lambda progress: untrained_generator())
        studio = Studio.load(device="cpu", dtype=torch.float32)
        studio.generators[0].prepare()
    return studio


@pytest.fixture(scope="session")
def encoding_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """Our own generator with its encoder, both with random weights; it sees the average head in every picture."""
    folder = untrained_studio_face(tmp_path_factory.mktemp("weights") / "face-studio")
    untrained_encoder(folder)
    device = torch.device("cpu")
    studio = Studio(device, [StudioFaces(folder, device, torch.float32)])
    with pytest.MonkeyPatch.context() as patch:
        average = reader(posed())
        patch.setattr(studio, "_reader", lambda: average)
        yield studio


@pytest.fixture(scope="session")
def real_studio() -> Studio:
    """The studio with the photo-real weights (fetched the first time)."""
    studio = Studio.load(device="cpu")
    studio.generators[0].prepare()
    return studio


@pytest.fixture(scope="session")
def wardrobe() -> Wardrobe:
    """The body that comes with vchar, and its clothes."""
    return Wardrobe.load()
