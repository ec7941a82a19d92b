"""Which number format makes pictures faster on this machine: measured once, then remembered."""

import json
import platform
import time
from collections.abc import Callable
from pathlib import Path

import torch

BFLOAT16_MUST_WIN_BY = 1.15  # rounding costs a little quality, so a tie goes to float32


def choose_dtype(folder: Path, device: torch.device, run: Callable[[torch.dtype], None]) -> torch.dtype:
    """float32, or bfloat16 where `run(dtype)` is clearly faster in it.

    The answer is kept in `folder` (if it can be written), so that one machine always makes the same pixels.
    """
    memory = folder / "precision.json"
    key = f"{platform.node()} {device} torch {torch.__version__}"
    known = _read(memory)
    if known.get(key) in ("float32", "bfloat16"):
        return getattr(torch, known[key])
    seconds = {dtype: _time(run, dtype, device) for dtype in (torch.float32, torch.bfloat16)}
    wins = seconds[torch.float32] > BFLOAT16_MUST_WIN_BY * seconds[torch.bfloat16]
    chosen = torch.bfloat16 if wins else torch.float32
    _write(memory, known | {key: str(chosen).removeprefix("torch.")})
    return chosen


def _time(run: Callable[[torch.dtype], None], dtype: torch.dtype, device: torch.device) -> float:
    best = float("inf")
    for _ in range(4):  # the first ones warm up
        start = time.perf_counter()
        run(dtype)
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        best = min(best, time.perf_counter() - start)
    return best


def _read(memory: Path) -> dict[str, str]:
    try:
        known = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _write(memory: Path, known: dict[str, str]) -> None:
    try:
        part = memory.with_name(memory.name + ".part")
        part.write_text(json.dumps(known, indent=2), encoding="utf-8")
        part.replace(memory)
    except OSError:
        pass  # a cache that can't be written: measured again at the next start
