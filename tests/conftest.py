"""Fixtures that several tests share."""

from pathlib import Path

import pytest
import torch

from tests.fakes import untrained_generator
from vchar import mobilestylegan
from vchar.dressing import Wardrobe
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
def real_studio() -> Studio:
    """The studio with the photo-real weights (fetched the first time)."""
    studio = Studio.load(device="cpu")
    studio.generators[0].prepare()
    return studio


@pytest.fixture(scope="session")
def wardrobe() -> Wardrobe:
    """The body that comes with vchar, and its clothes."""
    return Wardrobe.load()
