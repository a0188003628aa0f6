"""A fresh register, the records that every format must bring in alike, and writers for each format."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import CRS

from register.cases.importing import ImportResult, import_file
from register.store import Register, create_register

METRIC = CRS("EPSG:4549")
DEGREES = CRS("EPSG:4490")
PLATES = gpd.GeoDataFrame(
    {
        "id": ["001", "002", "003"],
        "kind": ["road", "road", "estate"],
        "road_id": ["R1", "R1", None],
        "place_id": [None, None, "P9"],
        "number": ["1", "27-29", "临12"],
        "building": [None, None, "3"],
        "division_code": ["330683001001", "330683001001", "330683001002"],
        "status": ["in_use", "reserved", "in_use"],
        "issued_on": ["2024-03-05", None, "1998-12-31"],
        "old_address": ["剡溪路 1号", None, "𠮷祥里，旧宅"],
        "note": ["a", None, "甲、乙"],
    },
    geometry=[shapely.Point(580000, 3270000), shapely.Point(580012.5, 3270003.25), shapely.Point(581000.125, 3271000)],
    crs=METRIC,
)
# What a GBK code page can hold: the rare character needs GB18030 or UTF-8.
PLAIN = PLATES.assign(old_address=["剡溪路 1号", None, "吉祥里，旧宅"])
CHINESE = {
    "id": "标识", "kind": "门牌类型", "road_id": "道路标识", "place_id": "地名标识", "number": "门牌号", "building": "幢号",
    "division_code": "村社区代码", "status": "门牌状态", "issued_on": "编制日期", "old_address": "原门牌地址", "note": "备注",
}  # fmt: skip


@pytest.fixture
def reg(tmp_path: Path) -> Iterator[Register]:
    """An empty register."""
    register = create_register(tmp_path / "county.gpkg", "zhejiang/shengzhou", METRIC)
    yield register
    register.close()


@pytest.fixture
def take(reg: Register) -> Callable[..., ImportResult]:
    """Import a file of one layer and return its one result."""

    def run(path: Path, **options: Any) -> ImportResult:
        (result,) = import_file(reg, path, actor="tester", today="2026-11-23", **options)
        return result

    return run


def write(frame: gpd.GeoDataFrame, path: Path, **options: Any) -> Path:
    """Write a frame by GDAL; shapefile warnings about cut headings are no news here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.write_dataframe(frame, path, **options)
    return path


def write_gbk_shapefile(frame: gpd.GeoDataFrame, path: Path) -> Path:
    """A shapefile as old desktop programs leave it: GBK text and no .cpg that says so."""
    write(frame, path, encoding="GBK")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    return path


def table_of(frame: gpd.GeoDataFrame, x: str, y: str) -> pd.DataFrame:
    """The frame with its points in two columns instead of a geometry."""
    return pd.DataFrame(frame.drop(columns="geometry")).assign(**{x: frame.geometry.x, y: frame.geometry.y})


def write_xlsx(table: pd.DataFrame, path: Path, sheet: str = "Sheet1") -> Path:
    """A workbook with one sheet; missing cells stay empty."""
    table.to_excel(path, sheet_name=sheet, index=False, engine="xlsxwriter")
    return path


def pack(path: Path, *members: Path, prefix: str = "") -> Path:
    """A zip archive of files and folders."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            files = [file for file in member.rglob("*") if file.is_file()] if member.is_dir() else [member]
            for file in files:
                archive.write(file, prefix + file.relative_to(member.parent).as_posix())
    return path
