"""Importing the pure packages must not load web, SQL or file libraries."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("flask", "folium", "sqlite3", "pyogrio", "fiona", "click")


@pytest.mark.parametrize("package", ["rulebook.engine", "gazetteer.rules", "boundaries.rules", "doorplates.rules"])
def test_pure_package_loads_no_io(package: str) -> None:
    code = f"import sys, {package}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, web.cli; print([n for n in ('pandas', 'geopandas', 'flask', 'numpy') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
