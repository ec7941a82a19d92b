"""The faster number format is chosen by measuring, once a network and machine."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from vchar.precision import choose_dtype

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("slower", "chosen"), [(torch.float32, torch.bfloat16), (torch.bfloat16, torch.float32), (None, torch.float32)]
)
def test_clearly_faster_format_wins_and_a_tie_is_exact(
    tmp_path: Path, slower: torch.dtype | None, chosen: torch.dtype
) -> None:
    def contender(dtype: torch.dtype) -> Callable[[], None]:
        return lambda: time.sleep(0.03 if dtype == slower else 0.01)

    assert choose_dtype(tmp_path, "face", CPU, contender) == chosen


def test_choice_is_remembered_so_that_pixels_stay_the_same(tmp_path: Path) -> None:
    first = choose_dtype(
        tmp_path, "face", CPU, lambda dtype: lambda: time.sleep(0.02 if dtype == torch.float32 else 0.005)
    )

    def refuse(_dtype: torch.dtype) -> Callable[[], None]:
        raise AssertionError("measured again")

    assert choose_dtype(tmp_path, "face", CPU, refuse) == first == torch.bfloat16
    with pytest.raises(AssertionError, match="measured again"):
        choose_dtype(tmp_path, "another face", CPU, refuse)


@pytest.mark.parametrize("memory", ["{", "[]", '{"other machine": "bfloat16"}'])
def test_damaged_memory_is_measured_anew(tmp_path: Path, memory: str) -> None:
    (tmp_path / "precision.json").write_text(memory)
    assert choose_dtype(tmp_path, "face", CPU, lambda _dtype: lambda: time.sleep(0.001)) == torch.float32


def test_unwritable_memory_is_no_obstacle(tmp_path: Path) -> None:
    assert choose_dtype(tmp_path / "missing", "face", CPU, lambda _dtype: lambda: None) in (
        torch.float32,
        torch.bfloat16,
    )
