"""Honest timings: the ways to compare take turns in one process, and the median of each is reported beside the others."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping


def interleaved(ways: Mapping[str, Callable[[], object]], rounds: int = 3) -> dict[str, float]:
    """Median seconds of each way over some rounds in which they take turns."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def told(title: str, seconds: Mapping[str, float], *, ours: str) -> None:
    """Print the seconds and how many times as long the others take as ours."""
    print(f"\n## {title}")
    for name, value in seconds.items():
        print(f"{name:<28} {value:10.4f} s   {value / seconds[ours]:8.2f} × {ours}")


def machine(*packages: str) -> str:
    """One line about the machine and the versions that were measured."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}"
