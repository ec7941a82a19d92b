"""Who may import whom. The table is the architecture; any other arrow is a mistake."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LEAVES = {"errors", "progress", "licence", "lazy", "writing"}  # every part may use these
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "progress": set(),
    "licence": set(),
    "lazy": set(),
    "writing": set(),
    "character": {"rig"},
    "checkpoint": set(),
    "precision": set(),
    "wheels": set(),
    "models": set(),
    "raster": set(),
    "rig": {"checkpoint", "raster"},
    "render": {"raster", "rig"},
    "data": {"raster", "render", "rig"},
    "faces": {"checkpoint", "models"},
    "matting": {"checkpoint", "models"},
    "portraits": set(),
    "reading": {"checkpoint", "faces", "models", "rig"},
    "turning": {"character", "rig"},
    "refining": {"checkpoint", "models", "rig"},
    "expressing": {"character", "refining", "rig", "turning"},
    "mobilestylegan": {"checkpoint", "models", "wheels"},
    "sides": {"rig"},
    "moving": {"checkpoint", "models", "rig", "sentences", "sides"},
    "sentences": {"checkpoint", "models", "wheels"},
    "generators": {
        "character", "checkpoint", "expressing", "mobilestylegan", "models", "precision", "rig", "turning",
    },
    "export": {"character", "render", "rig"},
    "dressing": {"character", "export", "render", "rig"},
    "performing": {"character", "dressing", "export", "moving", "rig"},
    "sculpting": {"character", "export", "expressing", "rig"},
    "studio": {
        "character", "checkpoint", "dressing", "export", "expressing", "faces", "generators", "matting", "moving",
        "performing", "portraits", "reading", "refining", "rig", "sculpting", "turning",
    },
    "ui": {
        "character", "dressing", "export", "expressing", "faces", "generators", "models", "performing", "portraits",
        "reading", "rig", "studio", "turning",
    },
    "evaluation": {
        "character", "checkpoint", "data", "expressing", "faces", "generators", "matting", "mobilestylegan", "models",
        "moving", "raster", "refining", "render", "rig", "sentences", "studio", "turning", "wheels",
    },
    "training": {
        "checkpoint", "data", "evaluation", "faces", "mobilestylegan", "models", "render", "rig", "sentences", "wheels",
    },
    "bench": {
        "character", "checkpoint", "data", "evaluation", "export", "expressing", "faces", "generators",
        "mobilestylegan", "models", "reading", "render", "rig", "studio", "training", "ui", "wheels",
    },
    "cli": {
        "bench", "character", "dressing", "evaluation", "export", "expressing", "generators", "performing", "portraits",
        "reading", "rig", "studio", "training", "turning", "ui",
    },
}  # fmt: skip
FILES = sorted((ROOT / "vchar").rglob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(ROOT / "vchar").parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Dotted names that a file imports, `from a import b` as `a.b`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the full name instead of a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_part_stands_in_the_table() -> None:
    assert {part_of(path) for path in FILES} - {"__init__"} == set(ALLOWED)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_file_imports_only_what_the_table_allows(path: Path) -> None:
    part = part_of(path)
    used = {name.split(".")[1] for name in imports(path) if name.startswith("vchar.")}
    assert used - {part} <= ALLOWED.get(part, set()) | LEAVES


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_ui_knows_gradio_and_models_know_only_torch(path: Path) -> None:
    outside = {name.split(".")[0] for name in imports(path)} - sys.stdlib_module_names - {"vchar"}
    if part_of(path) != "ui":
        assert "gradio" not in outside
    if part_of(path) == "models":
        assert outside <= {"torch"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_can_unpickle(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & {"pickle", "dill", "joblib", "shelve", "marshal"}
    assert "torch.load(" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 500
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name


def test_top_level_holds_nothing_else() -> None:
    agreed = {"app.py", "pyproject.toml", "README.md", "LICENSE", "vchar", "checkpoints", "tests", "assets", "runs"}
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - {"build", "dist"} - {p for p in found if p.endswith(".egg-info")} <= agreed
