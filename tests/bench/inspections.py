"""``python -m tests.bench.inspections``: taking field files in and judging photographs of a long line."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import CRS

from boundaries import photos
from register.cases.inspections import take_in
from register.dictionary import DICTIONARY
from register.store import create_register
from tests.register import field_county

STONES, VISITS = 2_000, 4_000


def markers() -> pd.DataFrame:
    """Stones every 500 m of one line."""
    import geopandas as gpd

    x = 500_000 + 500.0 * np.arange(STONES)
    table = pd.DataFrame(
        {
            "id": [f"M{n}" for n in range(STONES)],
            "number": [f"0681{n:06d}Q" for n in range(STONES)],
            "name": [f"长线{n}号" for n in range(STONES)],
            "line_codes": "L1",
            "division_codes": "330681000000;330683000000",
            "status": "intact",
        }
    )
    shapes = gpd.points_from_xy(x, np.full(STONES, 3_270_000.0), crs=4549)
    return DICTIONARY["markers"].conform(gpd.GeoDataFrame(table, geometry=shapes))


def field_file(path: Path) -> Path:
    """Visits by number, name and place in turn."""
    place = np.arange(VISITS) % STONES
    x, y = field_county.DEGREES.transform(500_000 + 500.0 * place, np.full(VISITS, 3_270_000.0))
    named = np.select(
        [place % 3 == 0, place % 3 == 1], [[f"0681{n:06d}Q" for n in place], [f"长线{n}号" for n in place]], ""
    )
    table = pd.DataFrame(
        {
            "marker_id": named,
            "inspected_on": np.where(np.arange(VISITS) < STONES, "2025-05-01", "2026-05-01"),
            "condition": "intact",
            "photos": [f"P{n}.jpg" for n in range(VISITS)],
            "lon": x.round(8),
            "lat": y.round(8),
        }
    )
    table.to_csv(path, index=False)
    return path


def main() -> None:
    """Print seconds and rows a second."""
    with tempfile.TemporaryDirectory() as folder:
        register = create_register(Path(folder) / "county.gpkg", "zhejiang/shengzhou", CRS(4549))
        register.put("markers", markers(), actor="bench", reason="bench")
        path = field_file(Path(folder) / "field.csv")
        for word in ("in", "already_in"):
            start = time.perf_counter()
            report = take_in(register, path, actor="bench", today="2026-06-01")
            seconds = time.perf_counter() - start
            print(f"{word}: {report.count(word)} of {VISITS} visits, {seconds:.1f} s, {VISITS / seconds:.0f} a second")
        visits, stones = register.layer("inspections"), register.layer("markers")
        start = time.perf_counter()
        photos.doubts(visits, stones, crs=register.crs, far_m=200, days=1)
        print(f"photographs of {len(visits)} visits judged in {time.perf_counter() - start:.2f} s")
        register.close()


if __name__ == "__main__":
    main()
