"""The README keeps its word: two commands, a true tree, living links, runnable Python."""

import re
import shlex
from pathlib import Path

import pytest

from vchar.cli import parser
from vchar.studio import Studio

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "checkpoints").glob("*/README.md"))]


def test_exactly_two_commands_set_everything_up_and_ci_runs_them() -> None:
    commands = re.findall(r"^```bash\n(.*?)\n```$", README, re.MULTILINE | re.DOTALL)
    assert len(commands) == 2
    assert "app.py" in commands[0]
    assert "pytest" in commands[1]
    assert "readme_command 1" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_tree_names_every_part_and_nothing_that_is_not_there() -> None:
    tree = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    assert tree is not None
    named = {word.strip("/") for word in re.findall(r"^  (\S+(?:  \S+\.py)*)", tree[1], re.MULTILINE)}
    named = {word for entry in named for word in entry.split()}
    parts = {path.name for path in (ROOT / "vchar").iterdir() if not path.name.startswith("__")}
    assert named == parts


def test_every_link_and_picture_exists() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target


def test_python_example_runs(untrained_studio: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Studio, "load", lambda: untrained_studio)
    monkeypatch.chdir(tmp_path)
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert example is not None
    exec(compile(example[1], "README.md", "exec"), {})
    assert (tmp_path / "hero.png").stat().st_size > 10_000


def commands(page: Path) -> list[str]:
    """What follows `vchar` in the page's blocks of code, comments left out."""
    blocks = re.findall(r"^```(?:sh|bash)?\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [found[1] for line in lines if (found := re.match(r"(?:torchrun .*)?vchar (.*?)(?: # .*)?$", line))]


def parses(command: str) -> bool:
    """Whether `vchar` takes these words."""
    try:
        parser().parse_args(shlex.split(command))
    except SystemExit:
        return False
    return True


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_vchar_command_with_its_options_is_known_to_the_parser(page: Path) -> None:
    assert [command for command in commands(page) if not parses(command)] == []


def test_all_commands_of_the_readme_are_found() -> None:
    assert len(commands(PAGES[0])) > 20


def test_numbers_come_from_the_benchmark() -> None:
    table = re.search(r"<!-- bench -->\n(.*?)<!-- /bench -->", README, re.DOTALL)
    assert table is not None
    assert table[1].count("|") > 40
