"""The machine that is measured, and how much memory a process of it holds."""

import platform
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from vchar.errors import VcharError

THREADS = 2  # of every contender


def describe() -> str:
    """One line: when, on what, with which versions."""
    versions = [f"{package} {found}" for package in ("torch", "gradio", "openvino") if (found := _version(package))]
    return f"{date.today().isoformat()}, {_cpu()}, {THREADS} threads, {', '.join(versions)}"


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident memory of a process in MB (10**6 bytes), now and at its peak; VcharError where Linux doesn't tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise VcharError("Memory is only measured on Linux.") from error
    kibibytes = {name: value.split()[0] for name, _, value in (line.partition(":") for line in lines) if value.strip()}
    return int(kibibytes["VmRSS"]) * 1024 / 1e6, int(kibibytes["VmHWM"]) * 1024 / 1e6


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (
        value.strip() for name, _, value in (line.partition(":") for line in lines) if name.strip() == "model name"
    )
    return next(names, platform.processor() or platform.machine())
