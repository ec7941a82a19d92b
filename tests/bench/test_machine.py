import os
from datetime import date
from pathlib import Path

import pytest

from vchar.bench import machine
from vchar.errors import VcharError


def test_description_names_date_threads_and_torch() -> None:
    line = machine.describe()
    assert line.startswith(date.today().isoformat())
    assert f"{machine.THREADS} threads" in line
    assert "torch 2" in line


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells")
def test_memory_grows_with_what_the_process_holds_and_the_peak_stays() -> None:
    before, _ = machine.memory_mb(os.getpid())
    ballast = bytearray(os.urandom(1)) * 300_000_000
    held, _ = machine.memory_mb(os.getpid())
    assert held - before == pytest.approx(len(ballast) / 1e6, rel=0.05)
    del ballast
    now, peak = machine.memory_mb(os.getpid())
    assert now < held < 1.01 * peak  # the kernel counts the peak a little late


def test_memory_of_a_process_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(VcharError, match="only measured on Linux"):
        machine.memory_mb(2**30)
