"""What ships: complete, strict, small enough, never a pickle."""

import json
from pathlib import Path

import pytest
from safetensors import safe_open

ROOT = Path(__file__).parent.parent
SHIPPED = sorted(p for p in (ROOT / "checkpoints").iterdir() if p.is_dir())


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda p: p.name)
def test_checkpoint_is_complete_and_holds_nothing_else(folder: Path) -> None:
    files = {p.name for p in folder.iterdir()}
    assert {"config.json", "model.safetensors", "metrics.json", "README.md"} == files
    assert all(p.stat().st_size < 40_000_000 for p in folder.iterdir())


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda p: p.name)
def test_weights_are_finite(folder: Path) -> None:
    with safe_open(folder / "model.safetensors", framework="pt") as file:
        for name in file.keys():  # noqa: SIM118 (not a dict)
            assert bool(file.get_tensor(name).isfinite().all()), name


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda p: p.name)
def test_metrics_say_on_what_they_were_measured(folder: Path) -> None:
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert {"n", "seed", "date"} <= metrics.keys()


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda p: p.name)
def test_card_names_data_licence_recipe_and_limits(folder: Path) -> None:
    card = (folder / "README.md").read_text(encoding="utf-8").lower()
    assert all(word in card for word in ("licence", "data", "limits", "vchar train"))
