"""A benchmark: named measurements, told as one Markdown table and, if asked for, as JSON."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import httpx

from vchar.bench import machine
from vchar.bench.row import Row, table
from vchar.errors import VcharError
from vchar.writing import whole

Measurements = Mapping[str, Callable[[], list[Row]]]


def add_arguments(parser: argparse.ArgumentParser, measurements: Measurements) -> None:
    """The options of `run`."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to this file too")
    names = list(measurements)
    only = f"measure only these of {', '.join(names)}"
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME", help=only)


def run(measurements: Measurements, arguments: argparse.Namespace) -> None:
    """Measure, print one Markdown table; a missed goal is told, and is no failure."""
    found: dict[str, list[Row]] = {}
    for name in arguments.only:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        found[name] = _measured(name, measurements[name])
    print(table([row for rows in found.values() for row in rows]))
    print(f"\nMedians of one run: {machine.describe()}.")
    if arguments.json:
        _write(arguments.json, found)


def _measured(name: str, measure: Callable[[], list[Row]]) -> list[Row]:
    try:
        return measure()
    except (VcharError, httpx.HTTPError) as error:
        return [Row(name, f"not measured: {error}")]


def _write(path: Path, found: Mapping[str, list[Row]]) -> None:
    rows = {name: [asdict(row) for row in rows] for name, rows in found.items()}
    with whole(path, "name a file in a folder that exists") as part:
        part.write_text(json.dumps({"machine": machine.describe(), **rows}, indent=2) + "\n", encoding="utf-8")
