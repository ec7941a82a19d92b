"""The converted photo-real weights against the wheel's own networks, run by OpenVINO."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from vchar import mobilestylegan
from vchar.errors import VcharError
from vchar.models.face import FaceGenerator
from vchar.wheels import open_wheel

Network = Callable[[np.ndarray], torch.Tensor]


@pytest.fixture(scope="module")
def wheel() -> Iterator[zipfile.ZipFile]:
    with open_wheel(mobilestylegan.WHEEL) as archive:
        yield archive


@pytest.fixture(scope="module")
def openvino_network(wheel: zipfile.ZipFile, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Network]:
    openvino = pytest.importorskip("openvino")
    folder = tmp_path_factory.mktemp("ir")

    def load(name: str) -> Network:
        for suffix in (".xml", ".bin"):
            wheel.extract(f"random_face/data/{name}{suffix}", folder)
        path = folder / "random_face/data" / f"{name}.xml"
        compiled = openvino.Core().compile_model(path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        return lambda x: torch.from_numpy(next(iter(compiled(x).values())))

    return load


@pytest.fixture(scope="module")
def generator() -> FaceGenerator:
    return mobilestylegan.load()


@pytest.mark.slow
@torch.inference_mode()
def test_both_networks_agree_with_openvino(
    generator: FaceGenerator, openvino_network: Callable[[str], Network]
) -> None:
    mapping, synthesis = openvino_network("MappingNetwork"), openvino_network("SynthesisNetwork")
    z = torch.randn(3, 512, generator=torch.Generator().manual_seed(5))
    for row in z.split(1):
        w = generator.mapping(row)
        assert (w - mapping(row.numpy())).abs().max() < 1e-3
        assert (generator.synthesis(generator.synthesis.styles(w)) - synthesis(w.numpy())).abs().max() < 1e-3


@pytest.mark.slow
def test_conversion_is_strict_about_every_name(wheel: zipfile.ZipFile) -> None:
    config, tensors = mobilestylegan.convert(wheel)
    missing, unexpected = FaceGenerator(config).load_state_dict(tensors, strict=False)
    assert not unexpected
    assert all(name.startswith("synthesis.previews.") for name in missing)


@pytest.mark.slow
@pytest.mark.usefixtures("own_cache")
def test_damaged_cache_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    first = mobilestylegan.load()
    folder = next(mobilestylegan.checkpoint.cache_dir().glob("mobilestylegan*"))
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    again = mobilestylegan.load()
    assert all(torch.equal(a, b) for a, b in zip(first.state_dict().values(), again.state_dict().values(), strict=True))
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_offline_start_is_refused_in_one_sentence_and_leaves_nothing(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(own_cache))
    with pytest.raises(VcharError, match=r"random-face .* check the internet connection and try again"):
        mobilestylegan.load()
    assert list(own_cache.iterdir()) == []


def test_read_only_cache_is_refused_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    monkeypatch.setenv("VCHAR_HOME", str(tmp_path / "home"))
    with pytest.raises(VcharError, match="set VCHAR_HOME"):
        mobilestylegan.load()
