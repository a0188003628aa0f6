"""Positions arrive in the register's CRS, impossible ones unchanged, and never from a CRS that nobody named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

from register.cases.importing import ImportResult
from register.exchange.positions import fit, label, project, same_crs
from register.store import Register
from rulebook.errors import CrsError
from tests.register.exchange.conftest import METRIC, PLATES, table_of, write

Take = Callable[..., ImportResult]
ESRI = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def csv(folder: Path, table: pd.DataFrame) -> Path:
    table.to_csv(folder / "a.csv", index=False)
    return folder / "a.csv"


def test_degrees_are_projected(tmp_path: Path, reg: Register, take: Take) -> None:
    take(csv(tmp_path, table_of(PLATES.to_crs(4490), "lon", "lat")), layer="doorplates", crs="EPSG:4490")
    assert shapely.distance(reg.layer("doorplates").geometry.to_numpy(), PLATES.geometry.to_numpy()).max() < 1e-6


def test_swapped_and_impossible_coordinates_are_kept_as_they_are(tmp_path: Path, reg: Register, take: Take) -> None:
    table = table_of(PLATES.to_crs(4490), "lat", "lon")
    result = take(
        csv(
            tmp_path,
            table.assign(
                lon=table["lon"].where(table["id"] != "003", 0.0), lat=table["lat"].where(table["id"] != "003", 0.0)
            ),
        ),
        layer="doorplates",
        crs="EPSG:4490",
    )
    assert result.refused == []
    kept = shapely.get_coordinates(reg.layer("doorplates").geometry)
    assert np.allclose(kept[:2], table[["lon", "lat"]].head(2).to_numpy())
    assert np.isfinite(kept).all()
    assert abs(kept[2]).max() > 1e6


def test_missing_coordinates_are_a_missing_point_and_wrong_ones_a_refused_row(
    tmp_path: Path, reg: Register, take: Take
) -> None:
    table = table_of(PLATES, "easting", "northing").astype("object")
    table.loc[0, "easting"] = None
    table.loc[1, "northing"] = "三百万"
    result = take(csv(tmp_path, table), layer="doorplates", crs="EPSG:4549")
    assert [row for row, _ in result.refused] == [3]
    assert "三百万" in result.refused[0][1].zh
    assert reg.layer("doorplates").geometry.isna().to_dict() == {"001": True, "003": False}


def test_a_file_without_positions_leaves_points_where_they_are(tmp_path: Path, reg: Register, take: Take) -> None:
    take(csv(tmp_path, table_of(PLATES, "easting", "northing")), layer="doorplates", crs="EPSG:4549")
    result = take(csv(tmp_path, pd.DataFrame({"id": ["001"], "number": ["3"]})), layer="doorplates")
    assert (result.updated, result.unchanged) == (1, 0)
    stored = reg.layer("doorplates")
    assert stored.loc["001", "number"] == "3"
    assert stored.geometry.notna().all()


def test_other_coordinate_columns_are_kept_under_their_names(tmp_path: Path, reg: Register, take: Take) -> None:
    table = table_of(PLATES, "easting", "northing").assign(lon="120.8", lat="29.6")
    take(csv(tmp_path, table), layer="doorplates", crs="EPSG:4549")
    stored = reg.layer("doorplates")
    assert stored["lon"].tolist() == ["120.8"] * 3
    assert "easting" not in stored


MARKERS = pd.DataFrame({
    "id": ["m1", "m2"], "number": ["1", "2"], "line_codes": ["L1", "L1"], "division_codes": ["330683;330681"] * 2,
    "status": ["完好", "intact"], "lon": [120.8, 120.81], "lat": [29.6, 29.61],
    "easting": [577497.998, 578460.0], "northing": [3276041.018, 3277156.0],
})  # fmt: skip


@pytest.mark.parametrize(("crs", "first"), [("EPSG:4549", 577497.998), ("EPSG:4490", 577497.99825627)])
def test_markers_keep_their_recorded_figures_and_lie_where_the_named_crs_says(
    tmp_path: Path, reg: Register, take: Take, crs: str, first: float
) -> None:
    take(csv(tmp_path, MARKERS), layer="markers", crs=crs)
    stored = reg.layer("markers")
    assert stored["lon"].tolist() == [120.8, 120.81]
    assert stored["easting"].tolist() == [577497.998, 578460.0]
    assert stored.geometry.x.iloc[0] == pytest.approx(first, abs=1e-7)


def test_one_crs_recorded_in_all_rows_counts_when_none_is_named(tmp_path: Path, reg: Register, take: Take) -> None:
    result = take(csv(tmp_path, MARKERS.assign(recorded_crs="EPSG:4549")), layer="markers")
    assert any("recorded_crs" in note.zh for note in result.notes)
    with pytest.raises(CrsError):
        take(csv(tmp_path, MARKERS.assign(recorded_crs=["EPSG:4549", "EPSG:4490"])), layer="markers")
    with pytest.raises(CrsError):
        take(csv(tmp_path, MARKERS.assign(recorded_crs="1980西安坐标系")), layer="markers")


def test_an_esri_description_of_the_register_crs_is_recognised(tmp_path: Path, reg: Register, take: Take) -> None:
    write(PLATES, tmp_path / "doorplates.shp", encoding="UTF-8")
    (tmp_path / "doorplates.prj").write_text(ESRI)
    assert take(tmp_path / "doorplates.shp", crs="EPSG:4549").added == 3
    assert same_crs(CRS(ESRI), METRIC)
    assert not same_crs(CRS(ESRI), CRS("EPSG:4548"))
    assert not same_crs(CRS("EPSG:4326"), CRS("EPSG:4490"))
    assert label(CRS(ESRI)) == "EPSG:4549"


def test_a_crs_named_for_a_geojson_that_names_none_is_taken(tmp_path: Path, reg: Register, take: Take) -> None:
    bare = gpd.GeoDataFrame(PLATES.drop(columns="geometry"), geometry=PLATES.geometry.to_numpy())
    take(write(bare, tmp_path / "a.geojson"), layer="doorplates", crs="EPSG:4549")
    assert reg.layer("doorplates").geometry.x.iloc[0] == 580000


def test_another_datum_without_parameters_is_said(tmp_path: Path, take: Take) -> None:
    other = PLATES.to_crs(4490).set_crs("EPSG:4555", allow_override=True)
    result = take(write(other, tmp_path / "doorplates.gpkg"))
    assert any("EPSG:4555" in note.zh and "基准" in note.zh for note in result.notes)


def test_wrong_and_repairable_geometry_types() -> None:
    point, line, area = shapely.Point(0, 0), shapely.LineString([(0, 0), (1, 1)]), shapely.box(0, 0, 1, 1)
    shapes = np.array(
        [point, shapely.MultiPoint([point]), shapely.MultiPoint([(0, 0), (1, 1)]), line, None, shapely.Point()],
        dtype=object,
    )
    fitted, wrong = fit(shapes, "Point")
    assert wrong.tolist() == [False, False, True, True, False, False]
    assert fitted[1] == point
    assert fitted[5] is None
    fitted, wrong = fit(np.array([area, shapely.MultiPolygon([area]), point], dtype=object), "MultiPolygon")
    assert [shape.geom_type for shape in fitted[:2]] == ["MultiPolygon", "MultiPolygon"]
    assert wrong.tolist() == [False, False, True]
    assert not fit(shapes, "Geometry")[1].any()


def test_one_shape_of_another_type_is_refused_alone(tmp_path: Path, reg: Register, take: Take) -> None:
    shapes = [PLATES.geometry[0], shapely.LineString([(0, 0), (1, 1)]), PLATES.geometry[2]]
    mixed = gpd.GeoDataFrame(PLATES.drop(columns="geometry"), geometry=shapes, crs=METRIC)
    result = take(write(mixed, tmp_path / "a.gpkg", layer="doorplates", geometry_type="Unknown"))
    assert [row for row, _ in result.refused] == [2]
    assert reg.layer("doorplates").index.tolist() == ["001", "003"]


def test_endless_coordinates_are_refused_alone(tmp_path: Path, take: Take) -> None:
    shapes = [PLATES.geometry[0], shapely.Point(np.inf, 3), PLATES.geometry[2]]
    endless = gpd.GeoDataFrame(PLATES.drop(columns="geometry"), geometry=shapes, crs=METRIC)
    result = take(write(endless, tmp_path / "a.gpkg", layer="doorplates"))
    assert [row for row, _ in result.refused] == [2]


def test_one_vertex_that_cannot_be_projected_keeps_the_whole_shape() -> None:
    line = shapely.LineString([(120.8, 29.6), (29.6, 120.8)])
    (kept,) = project(np.array([line], dtype=object), CRS("EPSG:4490"), METRIC)
    assert kept == line


def test_degrees_minutes_and_seconds_make_points(tmp_path: Path, reg: Register, take: Take) -> None:
    table = table_of(PLATES.to_crs(4490), "lon", "lat")

    def written(angle: float) -> str:
        seconds = round(angle * 3600, 4)
        return f"{int(seconds // 3600)}°{int(seconds % 3600 // 60)}′{seconds % 60:.4f}″"

    take(csv(tmp_path, table.assign(**{n: table[n].astype(float).map(written) for n in ("lon", "lat")})),
         layer="doorplates", crs="EPSG:4490")  # fmt: skip
    there = reg.layer("doorplates").geometry.to_numpy()
    assert len(there) == len(PLATES)
    assert shapely.distance(there, PLATES.geometry.to_numpy()).max() < 0.01


@pytest.mark.parametrize("crs", ["EPSG:2385", "EPSG:2364", "EPSG:4610", "EPSG:2437"])
def test_an_older_datum_is_refused_without_parameters(tmp_path: Path, reg: Register, take: Take, crs: str) -> None:
    names = ("lon", "lat") if CRS(crs).is_geographic else ("easting", "northing")
    table = table_of(PLATES.to_crs(crs if CRS(crs).is_projected else 4490), *names)
    with pytest.raises(CrsError) as told:
        take(csv(tmp_path, table), layer="doorplates", crs=crs)
    assert "datum_shifts" in told.value.text.zh
    assert reg.layer("doorplates").empty


def test_an_older_datum_is_converted_by_the_parameters_of_the_profile() -> None:
    shifts = {"Xian 1980": {"dx": 100.0, "dy": -50.0, "dz": 30.0}}
    points = shapely.points([[577498.0, 3276041.0]])
    moved = project(points, CRS("EPSG:2385"), METRIC, shifts)
    assert 50 < shapely.distance(points, moved)[0] < 200
    same = project(shapely.points([[40577498.0, 3276041.0]]), CRS("EPSG:2364"), CRS("EPSG:2385"))
    assert shapely.get_coordinates(same)[0] == pytest.approx([577498.0, 3276041.0], abs=1e-3)
