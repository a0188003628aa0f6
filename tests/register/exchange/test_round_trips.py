"""Every format brings the same records in: ids, digits, dates, Chinese text, missing cells and positions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from register.cases.importing import ImportResult
from register.exchange.reading import read
from register.store import Register
from tests.register.exchange.conftest import (
    CHINESE,
    DEGREES,
    PLAIN,
    PLATES,
    pack,
    table_of,
    write,
    write_gbk_shapefile,
    write_xlsx,
)

Take = Callable[..., ImportResult]


def gpkg(folder: Path) -> Path:
    return write(PLATES, folder / "a.gpkg", layer="doorplates")


def geojson_4490(folder: Path) -> Path:
    return write(PLATES.to_crs(DEGREES), folder / "a.geojson", COORDINATE_PRECISION=12)


def geojson_plain(folder: Path) -> Path:
    return write(
        PLATES.to_crs("EPSG:4326"), folder / "a.json", driver="GeoJSON", RFC7946="YES", COORDINATE_PRECISION=12
    )


def shapefile_gbk(folder: Path) -> Path:
    return write_gbk_shapefile(PLAIN, folder / "a.shp")


def shapefile_utf8(folder: Path) -> Path:
    return write(PLATES, folder / "a.shp", encoding="UTF-8")


def shapefile_zip(folder: Path) -> Path:
    write_gbk_shapefile(PLAIN, folder / "门牌.shp")
    return pack(folder / "a.zip", *sorted(folder.glob("门牌.*")), prefix="导出/")


def filegdb(folder: Path) -> Path:
    return write(PLATES, folder / "a.gdb", layer="doorplates", driver="OpenFileGDB")


def filegdb_zip(folder: Path) -> Path:
    return pack(folder / "b.gdb.zip", filegdb(folder))


def kml(folder: Path) -> Path:
    return write(PLATES.to_crs(DEGREES), folder / "a.kml", driver="LIBKML")


def kml_with_placemark_ids(folder: Path) -> Path:
    return write(PLATES.to_crs(DEGREES), folder / "a.kml", driver="KML")


def csv_gb18030(folder: Path) -> Path:
    table_of(PLATES, "easting", "northing").to_csv(folder / "a.csv", index=False, encoding="gb18030")
    return folder / "a.csv"


def csv_tabs(folder: Path) -> Path:
    table = table_of(PLATES.to_crs(DEGREES), "经度", "纬度").rename(columns=CHINESE)
    table.to_csv(folder / "a.txt", index=False, sep="\t", encoding="utf-8-sig")
    return folder / "a.txt"


def csv_semicolons_utf16(folder: Path) -> Path:
    table_of(PLATES, "easting", "northing").to_csv(folder / "a.csv", index=False, sep=";", encoding="utf-16")
    return folder / "a.csv"


def csv_wkt(folder: Path) -> Path:
    PLATES.to_wkt().rename(columns={"geometry": "WKT"}).to_csv(folder / "a.csv", index=False)
    return folder / "a.csv"


def xlsx(folder: Path) -> Path:
    return write_xlsx(table_of(PLATES, "easting", "northing").rename(columns=CHINESE), folder / "a.xlsx", "门楼牌")


CASES = {
    gpkg: {},
    geojson_4490: {},
    geojson_plain: {},
    shapefile_gbk: {},
    shapefile_utf8: {},
    shapefile_zip: {},
    filegdb: {},
    filegdb_zip: {},
    kml: {},
    kml_with_placemark_ids: {},
    csv_gb18030: {"crs": "EPSG:4549"},
    csv_tabs: {"crs": "EPSG:4490"},
    csv_semicolons_utf16: {"crs": "4549"},
    csv_wkt: {"crs": "EPSG:4549"},
    xlsx: {"crs": "EPSG:4549"},
}


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_every_format_brings_the_same_records(
    make: Callable[[Path], Path], tmp_path: Path, reg: Register, take: Take
) -> None:
    options = {"layer": "doorplates", **CASES[make]}
    result = take(make(tmp_path), **options)
    assert (result.read, result.added, result.refused) == (3, 3, [])
    wanted = PLAIN if make in (shapefile_gbk, shapefile_zip) else PLATES
    stored = reg.layer("doorplates")
    for column in wanted.columns.drop("geometry"):
        got = stored[column].astype("object").where(stored[column].notna(), None).tolist()
        assert got == wanted[column].astype("object").where(wanted[column].notna(), None).tolist(), column
    assert shapely.distance(stored.geometry.to_numpy(), wanted.geometry.to_numpy()).max() < 0.001


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_a_second_import_changes_nothing(
    make: Callable[[Path], Path], tmp_path: Path, reg: Register, take: Take
) -> None:
    path, options = make(tmp_path), {"layer": "doorplates", **CASES[make]}
    take(path, **options)
    revision = reg.revision
    again = take(path, **options)
    assert (again.added, again.updated, again.unchanged, again.change_id) == (0, 0, 3, None)
    assert reg.revision == revision


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_a_dry_run_counts_and_writes_nothing(
    make: Callable[[Path], Path], tmp_path: Path, reg: Register, take: Take
) -> None:
    dry = take(make(tmp_path), layer="doorplates", dry_run=True, **CASES[make])
    assert (dry.added, dry.updated, dry.unchanged) == (3, 0, 0)
    assert reg.revision == 0
    assert reg.layer("doorplates").empty


def test_lines_and_areas_become_collections_of_parts(tmp_path: Path, reg: Register, take: Take) -> None:
    line = shapely.LineString([(0, 0), (1, 1)])
    roads = gpd.GeoDataFrame(
        {"id": ["r1", "r2"], "name": ["剡溪路", "滨江路"], "status": ["in_use", "in_use"]},
        geometry=[line, shapely.MultiLineString([line, shapely.LineString([(5, 5), (6, 6)])])],
        crs="EPSG:4549",
    )
    take(write(roads, tmp_path / "roads.shp", encoding="UTF-8"))
    assert reg.layer("roads").geom_type.tolist() == ["MultiLineString", "MultiLineString"]
    assert shapely.get_num_geometries(reg.layer("roads").geometry.to_numpy()).tolist() == [1, 2]


def test_heights_are_left_out_and_said(tmp_path: Path, reg: Register, take: Take) -> None:
    high = PLATES.set_geometry(shapely.force_3d(PLATES.geometry.to_numpy(), 12.5)).set_crs(PLATES.crs)
    result = take(write(high, tmp_path / "doorplates.geojson", driver="GeoJSON"))
    assert any("高程" in note.zh for note in result.notes)
    assert not reg.layer("doorplates").has_z.any()


GPX = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="29.6" lon="120.8"><ele>12</ele><name>I1</name><desc>完好</desc></wpt>
<wpt lat="29.61" lon="120.81"><name>I2</name><desc>损坏</desc></wpt>
<trk><name>route</name><trkseg><trkpt lat="29.6" lon="120.8"/><trkpt lat="29.61" lon="120.81"/></trkseg></trk></gpx>"""


def test_gpx_waypoints_come_in_by_a_map(tmp_path: Path, reg: Register, take: Take) -> None:
    (tmp_path / "a.gpx").write_text(GPX, encoding="utf-8")
    (tmp_path / "m.toml").write_text(
        'layer = "place_names"\nsheet = "waypoints"\n[columns]\nname = "id"\ndesc = "name"\n', encoding="utf-8"
    )
    source = next(source for source in read(tmp_path / "a.gpx") if source.name == "waypoints")
    assert source.table["name"].tolist() == ["I1", "I2"]
    csv = tmp_path / "ids.csv"
    csv.write_text(
        "id,name,kind,division_code,status\nI1,甲,natural,330683001,in_use\nI2,乙,natural,330683001,in_use\n", "utf-8"
    )
    take(csv, layer="place_names")
    result = take(tmp_path / "a.gpx", mapping=tmp_path / "m.toml")
    assert (result.updated, result.refused) == (2, [])
    stored = reg.layer("place_names")
    assert stored["name"].tolist() == ["完好", "损坏"]
    assert np.allclose(shapely.get_coordinates(stored.geometry.to_crs(4326)), [[120.8, 29.6], [120.81, 29.61]])


def test_lists_in_geojson_become_text_with_semicolons(tmp_path: Path, take: Take, reg: Register) -> None:
    shape = {"type": "Point", "coordinates": [120.8, 29.6]}
    facts = {
        "id": "i1",
        "inspected_on": "2026-05-01",
        "condition": "完好",
        "photos": ["a.jpg", "b.jpg"],
        "parties": ["330683", "330681"],
    }
    feature = {"type": "Feature", "properties": facts, "geometry": shape}
    (tmp_path / "inspections.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8"
    )
    take(tmp_path / "inspections.geojson")
    stored = reg.layer("inspections").loc["i1"]
    assert (stored["photos"], stored["parties"], stored["condition"]) == ("a.jpg;b.jpg", "330683;330681", "intact")


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6))
def test_csv_cells_are_read_as_they_were_written(
    rows: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    written = pd.DataFrame(rows, columns=["a", "b"]).assign(last="x")
    written.to_csv(path, index=False, quoting=1, encoding="utf-8")
    (source,) = read(path)
    pd.testing.assert_frame_equal(source.table.reset_index(drop=True), written.astype("str"), check_column_type=False)
    assert source.table.index.tolist() == list(range(2, len(rows) + 2))


PRINTED = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Co"]), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(PRINTED, st.floats(-1e6, 1e6)), min_size=1, max_size=6))
def test_spreadsheet_cells_are_read_as_they_were_written(
    rows: list[tuple[str, float]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("xlsx") / "a.xlsx"
    written = pd.DataFrame(rows, columns=["a", "b"])
    with pd.ExcelWriter(
        path, engine="xlsxwriter", engine_kwargs={"options": {"strings_to_urls": False, "strings_to_formulas": False}}
    ) as book:
        written.to_excel(book, index=False)
    (source,) = read(path)
    assert source.table["a"].tolist() == written["a"].tolist()
    assert source.table["b"].tolist() == pytest.approx(written["b"].tolist(), rel=1e-15)
