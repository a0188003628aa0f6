"""A register small enough to check in a moment: two townships, two roads, plates, names with known faults."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from shapely import LineString, MultiLineString, MultiPolygon, Point, box

from register.dictionary import DICTIONARY
from register.store import create_register

TODAY = "2026-06-01"
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
OWNER, OWNER_ID, PHONE = "无名氏甲", "330683000000000000", "00000000001"
SPACED = ("P1", "P2", "P3")  # records whose names have a surplus blank
WEST, SOUTH = 574000, 3272000


def build(path: Path) -> Path:
    """Make the register."""
    register = create_register(path, "zhejiang/shengzhou", CRS.from_epsg(4549))
    for name, frame in frames().items():
        register.put(name, DICTIONARY[name].conform(frame), actor="导入", reason=f"导入 {name}", today=TODAY)
    register.close()
    return path


def frames() -> dict[str, gpd.GeoDataFrame]:
    """Layers of the register by name."""
    whole = box(WEST, SOUTH, WEST + 8000, SOUTH + 4000)
    halves = [box(WEST, SOUTH, WEST + 4000, SOUTH + 4000), box(WEST + 4000, SOUTH, WEST + 8000, SOUTH + 4000)]
    return {
        "divisions": _frame(
            [
                {"code": "330683000000", "name": "嵊州市", "level": "county"},
                {"code": "330683001000", "name": "东街道", "level": "township", "parent_code": "330683000000"},
                {"code": "330683002000", "name": "西街道", "level": "township", "parent_code": "330683000000"},
            ],
            [MultiPolygon([whole]), MultiPolygon([halves[1]]), MultiPolygon([halves[0]])],
        ),
        "roads": _frame(
            [
                {"id": "R1", "name": "滨江路", "road_class": "arterial", "status": "in_use", "division_code": "330683001000"},
                {"id": "R2", "name": HOSTILE, "road_class": "branch", "status": "in_use", "division_code": "330683002000"},
            ],
            [
                MultiLineString([LineString([(WEST + 4500, SOUTH + 1000), (WEST + 7500, SOUTH + 1200)])]),
                MultiLineString([LineString([(WEST + 500, SOUTH + 900), (WEST + 3500, SOUTH + 3000)])]),
            ],
        ),
        "place_names": _frame(
            [
                {"id": "P1", "name": "江 东村", "division_code": "330683001000"},
                {"id": "P2", "name": " 西坞村", "division_code": "330683002000"},
                {"id": "P3", "name": "南山\u200b村", "division_code": "330683002000"},
                {"id": "P4", "name": "北塘村", "division_code": "330683002000"},
            ],
            [
                Point(WEST + 6000, SOUTH + 2000), Point(WEST + 1500, SOUTH + 2500),
                Point(WEST + 1520, SOUTH + 2510), Point(WEST + 2500, SOUTH + 1500),
            ],
            kind="natural_village", status="in_use",
        ),
        "doorplates": _frame(
            [{"id": f"D{n}", "number": str(n), "owner_name": OWNER, "owner_id_no": OWNER_ID, "phone": PHONE} for n in (1, 3, 5)],
            [Point(WEST + 4500 + 40 * n, SOUTH + 1015 + 2 * n) for n in (1, 3, 5)],
            kind="road", road_id="R1", status="in_use", division_code="330683001000",
        ),
    }  # fmt: skip


def _frame(rows: list[dict[str, str]], shapes: list[object], **same: str) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.DataFrame(rows).assign(**same), geometry=shapes, crs="EPSG:4549")
