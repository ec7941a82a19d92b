"""Which number format makes a network's pictures faster on this machine: measured once, then remembered."""

import json
import platform
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import torch

from vchar.errors import VcharError
from vchar.writing import whole

BFLOAT16_MUST_WIN_BY = 1.15  # rounding costs a little quality, so a tie goes to float32
ROUNDS = 8  # the first one or two warm up


def choose_dtype(
    folder: Path, network: str, device: torch.device, contender: Callable[[torch.dtype], Callable[[], object]]
) -> torch.dtype:
    """float32, or bfloat16 where `contender(bfloat16)` runs clearly faster than `contender(float32)`.

    The answer for the `network` of that name is kept in `folder` (if it can be written), so that one machine always
    makes the same pixels.
    """
    memory = folder / "precision.json"
    key = f"{network} {platform.node()} {device} torch {torch.__version__}"
    known = _read(memory)
    if known.get(key) in ("float32", "bfloat16"):
        return getattr(torch, known[key])
    exact, rounded = _seconds([contender(torch.float32), contender(torch.bfloat16)], device)
    chosen = torch.bfloat16 if exact > BFLOAT16_MUST_WIN_BY * rounded else torch.float32
    _write(memory, known | {key: str(chosen).removeprefix("torch.")})
    return chosen


def _seconds(contenders: Sequence[Callable[[], object]], device: torch.device) -> list[float]:
    """The best time of each; they take turns, so that a busy moment hits all of them."""
    best = [float("inf")] * len(contenders)
    for _ in range(ROUNDS):
        for i, run in enumerate(contenders):
            start = time.perf_counter()
            run()
            if device.type == "cuda":
                torch.cuda.synchronize(device)
            best[i] = min(best[i], time.perf_counter() - start)
    return best


def _read(memory: Path) -> dict[str, str]:
    try:
        known = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _write(memory: Path, known: dict[str, str]) -> None:
    with suppress(VcharError), whole(memory) as part:  # what can't be written is measured again at the next start
        memory.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(known, indent=2), encoding="utf-8")
