"""A small register and a way to run the command line in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from register.cli import diming
from register.store import opened
from tests.case_files import layers_of

ROADS = [
    {"id": "r1", "name": "滨 江路", "status": "in_use", "geometry": "LINESTRING (580000 3270000, 580500 3270000)"},
    {"id": "r2", "name": "剡溪路", "status": "in_use", "geometry": "LINESTRING (580000 3271000, 580500 3271000)"},
]


@dataclass(frozen=True)
class Outcome:
    """Exit code and what was written where."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def jsonl(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run ``diming`` with these words."""

    def run(*words: str | Path) -> Outcome:
        capsys.readouterr()
        code = diming.run([str(word) for word in words])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run


@pytest.fixture
def reg(tmp_path: Path, cli: Callable[..., Outcome]) -> Path:
    """A register with two roads, one of which has a blank in its name."""
    path = tmp_path / "county.gpkg"
    assert cli("init", path).code == 0
    with opened(path) as register:
        register.put("roads", layers_of({"roads": ROADS})["roads"], actor="tester", reason="first import")
    return path
