"""Registers to test with: every store that there is, empty or with a few records."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pyproj import CRS

from register.dictionary import DICTIONARY
from register.store import Register, create_register, open_register

METRIC = CRS("EPSG:4549")
ROOT = Path(__file__).parents[3]
PROFILE = "zhejiang/shengzhou"
BY = {"actor": "张三", "reason": "试验"}


def plates(ids: list[str], **columns: object) -> gpd.GeoDataFrame:
    """Doorplates at (580000, 3270000), (580001, 3270001) …"""
    points = [shapely.Point(580000 + number, 3270000 + number) for number in range(len(ids))]
    given = {"kind": "road", "road_id": "r1", "number": "1", "division_code": "330683001001", "status": "in_use"}
    return gpd.GeoDataFrame({"id": ids, **given, **columns}, geometry=gpd.GeoSeries(points, crs=METRIC), crs=METRIC)


def roads(ids: list[str], **columns: object) -> gpd.GeoDataFrame:
    """Roads of one segment each."""
    lines = [shapely.LineString([(580000, 3270000 + n), (580500.125, 3270000 + n)]) for n in range(len(ids))]
    given = {"name": "剡溪路", "status": "in_use"}
    return gpd.GeoDataFrame({"id": ids, **given, **columns}, geometry=gpd.GeoSeries(lines, crs=METRIC), crs=METRIC)


def same(left: pd.DataFrame, right: pd.DataFrame) -> bool:
    """Whether two frames of a layer hold the same records, whatever the order of rows and columns."""
    columns = sorted(left.columns)
    if columns != sorted(right.columns) or set(left.index) != set(right.index):
        return False
    left, right = left.loc[sorted(left.index), columns], right.loc[sorted(left.index), columns]
    return left.equals(right)


def contents(register: Register) -> dict[str, pd.DataFrame]:
    """Every layer of a register."""
    return {name: register.layer(name) for name in DICTIONARY}


def run_python(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.fixture(params=["gpkg"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new register of each kind of store may be made."""
    return str(tmp_path / f"登记 库.{request.param}")


@pytest.fixture
def register(address: str) -> Register:
    return create_register(address, PROFILE, METRIC)


@pytest.fixture
def reopened(address: str, register: Register) -> Callable[[], Register]:
    """Close the register and open it again."""

    def reopen() -> Register:
        register.close()
        return open_register(address)

    return reopen
