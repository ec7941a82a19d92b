"""Training and measuring by command: every model there is, with the options it takes."""

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from torch.distributed.run import parse_args

from vchar.cli import main
from vchar.cli.models import EVALUATION, TRAINING


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the model's function was called with; it is checked against the real one's signature, which never runs."""
    calls: dict[str, Any] = {}
    real = importlib.import_module

    def pretend(name: str, package: str | None = None) -> object:
        if not name.startswith("vchar."):
            return real(name, package)
        module = real(name)
        part = "train" if ".training." in name else "evaluate"
        signature = inspect.signature(getattr(module, part))

        class Module:
            @staticmethod
            def train(**options: object) -> None:
                signature.bind(**options)
                calls.update(options)

            @staticmethod
            def evaluate(**options: object) -> dict[str, int]:
                signature.bind(**options)
                calls.update(options)
                return {"n": 7}

        return Module

    monkeypatch.setattr("vchar.cli.models.importlib.import_module", pretend)
    return calls


def required(options: list[tuple[str, dict[str, Any]]]) -> list[str]:
    return [word for flag, settings in options if settings.get("required") for word in (flag, "some.npz")]


@pytest.mark.parametrize("model", TRAINING)
def test_every_model_can_be_trained_with_the_options_it_takes(model: str, called: dict[str, Any]) -> None:
    assert main(["train", model, *required(TRAINING[model]), "--seed", "3", "-o", "here"]) == 0
    assert (called["seed"], called["output"], called["ship"]) == (3, Path("here"), False)


@pytest.mark.parametrize("model", EVALUATION)
def test_every_model_can_be_measured_in_one_line_of_json(
    model: str, called: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", model, *required(EVALUATION[model][1]), "--limit", "5", "--json"]) == 0
    assert called["limit"] == 5
    assert json.loads(capsys.readouterr().out) == {"n": 7}


@pytest.mark.parametrize("flag", [flag for flag, _ in TRAINING["face"]])
def test_torchrun_takes_no_option_of_face_training_for_one_of_its_own(flag: str) -> None:
    started = parse_args(["--nproc-per-node", "2", "--no-python", "vchar", "train", "face", flag, "this"])
    assert started.training_script_args == ["train", "face", flag, "this"]
