"""The app as a process of its own, the way a user starts it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from vchar.bench.machine import THREADS
from vchar.errors import VcharError

REAL = ("-c", "from vchar.cli import main; raise SystemExit(main())", "serve")
BARE = ("-m", "vchar.bench.null_studio")  # the same app with a model that does nothing
PATIENCE = 120  # s for a server to answer


@dataclass(frozen=True)
class Served:
    """A running app. started: when its process began, by `time.perf_counter`."""

    url: str
    pid: int
    started: float


@contextmanager
def served(app: tuple[str, ...]) -> Iterator[Served]:
    """REAL or BARE on a free port of this machine alone, from its first answer on; stopped afterwards."""
    port = _free_port()
    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *app, "--port", str(port)],
            env={**os.environ, "OMP_NUM_THREADS": str(THREADS)},
            stdout=log,
            stderr=log,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            if not _answers(url, process):
                log.seek(0)
                last = log.read().decode(errors="replace").strip().splitlines()[-1:]
                raise VcharError(f"The app didn't start: {' '.join(last) or 'it never answered'}")
            yield Served(url, process.pid, started)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return True
    return False
