"""The README keeps its word: two commands, a true tree, living links, runnable Python."""

import re
from pathlib import Path

import pytest

from vchar.cli import main
from vchar.studio import Studio

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


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


def test_every_vchar_command_is_known_to_the_parser(capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.findall(r"^vchar ([a-z]+(?: (?:faces?|sliders|expression))?)", README, re.MULTILINE)
    assert len(shown) >= 6
    for command in shown:
        with pytest.raises(SystemExit) as stop:
            main([*command.split(), "--help"])
        assert stop.value.code == 0, command
        assert capsys.readouterr().out.startswith("usage: vchar")


def test_numbers_come_from_the_benchmark() -> None:
    table = re.search(r"<!-- bench -->\n(.*?)<!-- /bench -->", README, re.DOTALL)
    assert table is not None
    assert table[1].count("|") > 40
