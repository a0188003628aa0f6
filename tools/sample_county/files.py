"""Writes the county as the files that a bureau really gets: many formats, encodings and one that is broken."""

from __future__ import annotations

import csv
import datetime
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import fiona
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
import xlsxwriter
from shapely.geometry import mapping

from register.dictionary import DICTIONARY
from tools.sample_county import ground
from tools.sample_county.faults import ASTRAY_SOURCE, Fault

KML = "http://www.opengis.net/kml/2.2"
WHEN = datetime.datetime(2026, 6, 1)
OTHER_HEADINGS = {"number": "门牌号码", "plate_code": "证号"}  # the map file says what these are
TRUNCATED_SHARE = 0.6


def write(folder: Path, layers: dict[str, pd.DataFrame], faults: list[Fault]) -> None:
    """All files of ``data/sample`` but the manifest, which is written by hand."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["OGR_CURRENT_DATE"] = WHEN.strftime("%Y-%m-%dT%H:%M:%SZ")  # the same bytes every time
    plates = layers["doorplates"]
    astray = plates["source"].eq(ASTRAY_SOURCE)
    geopackage(folder / "divisions.gpkg", {name: layers[name] for name in ("divisions", "boundary_lines")})
    kml(folder / "areas.kml", layers["areas"])
    shapefile(folder / "roads.shp", layers["roads"], "GBK")
    geojson(folder / "place_names.geojson", layers["place_names"])
    spreadsheet(folder / "doorplates.xlsx", plates[~astray])
    table(folder / "doorplates_huangze.csv", in_degrees(plates[astray]), "utf-8-sig")
    table(folder / "addresses.csv", in_degrees(layers["addresses"]), "gb18030")
    table(folder / "markers.csv", layers["markers"].drop(columns="geometry"), "utf-8")
    table(folder / "marker_witnesses.csv", layers["marker_witnesses"], "utf-8")
    geojson(folder / "inspections.geojson", layers["inspections"])
    table(folder / "cases.csv", layers["cases"], "utf-8-sig")
    whole = (folder / "doorplates.xlsx").read_bytes()
    (folder / "doorplates_truncated.xlsx").write_bytes(whole[: int(len(whole) * TRUNCATED_SHARE)])
    expected = pd.DataFrame([fault.row() for fault in faults]).sort_values(["rule", "layer", "record_id"])
    table(folder / "expected.csv", expected, "utf-8-sig")


def filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Only the columns that hold something."""
    return frame.loc[:, frame.notna().any()]


def in_degrees(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Points as columns ``lon`` and ``lat`` of EPSG:4490, empty where there is no point."""
    points = gpd.GeoSeries(degrees(frame))
    return pd.DataFrame(frame.drop(columns="geometry")).assign(
        lon=points.x.round(8).to_numpy(), lat=points.y.round(8).to_numpy()
    )


def degrees(frame: gpd.GeoDataFrame) -> Any:
    """Shapes in EPSG:4490. Those that a fault has already put in degrees stay as they are."""
    shapes = frame.geometry.to_numpy()
    west = shapely.bounds(shapes)[:, 0]
    return np.where(west < 360, shapes, frame.geometry.to_crs(ground.DEGREES).to_numpy())


def geopackage(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Layers under the names of the dictionary, in the register's CRS."""
    path.unlink(missing_ok=True)
    for name, frame in layers.items():
        pyogrio.write_dataframe(filled(frame), path, layer=name, driver="GPKG")


def shapefile(path: Path, frame: gpd.GeoDataFrame, encoding: str) -> None:
    """A shapefile in a Chinese encoding that nothing beside it declares: headings cut to ten letters, no .cpg."""
    kept = filled(frame)
    columns = [name for name in kept if name != "geometry"]
    types = {
        name: "float:18.2" if pd.api.types.is_float_dtype(kept[name]) else f"str:{width(kept[name], encoding)}"
        for name in columns
    }
    short = {name: name[:10] for name in columns}
    schema = {"geometry": "LineString", "properties": {short[name]: types[name] for name in columns}}
    with fiona.open(path, "w", "ESRI Shapefile", schema=schema, crs=ground.CRS, encoding=encoding) as file:
        file.writerecords(
            {
                "geometry": mapping(row["geometry"]),
                "properties": {short[name]: None if pd.isna(row[name]) else row[name] for name in columns},
            }
            for row in kept.to_dict("records")
        )
    path.with_suffix(".cpg").unlink(missing_ok=True)


def width(values: pd.Series, encoding: str) -> int:
    """Bytes of the longest text."""
    return max(len(value.encode(encoding)) for value in values.dropna())


def geojson(path: Path, frame: gpd.GeoDataFrame) -> None:
    """GeoJSON in EPSG:4490, said by the old ``crs`` member."""
    rounded = shapely.transform(degrees(frame), lambda xy: xy.round(9))
    shapes = filled(frame).set_geometry(gpd.GeoSeries(rounded, index=frame.index), crs=ground.DEGREES)
    path.write_text(
        shapes.to_json(drop_id=True, na="drop", ensure_ascii=False).replace("}}, {", "}},\n{") + "\n", "utf-8"
    )


def kml(path: Path, frame: gpd.GeoDataFrame) -> None:
    """Placemarks with their own name and id, everything else as extended data."""
    ElementTree.register_namespace("", KML)
    root = ElementTree.Element(f"{{{KML}}}kml")
    folder = child(child(root, "Document"), "Folder")
    child(folder, "name", "areas")
    shapes = frame.to_crs(ground.DEGREES)
    for row in shapes.to_dict("records"):
        mark = child(folder, "Placemark")
        mark.set("id", row["id"])
        child(mark, "name", row["name"])
        data = child(mark, "ExtendedData")
        for column in ("kind", "division_code", "source"):
            entry = child(data, "Data")
            entry.set("name", column)
            child(entry, "value", row[column])
        several = child(mark, "MultiGeometry")
        for part in row["geometry"].geoms:
            ring = child(child(child(several, "Polygon"), "outerBoundaryIs"), "LinearRing")
            child(ring, "coordinates", " ".join(f"{lon:.9f},{lat:.9f}" for lon, lat in part.exterior.coords))
    ElementTree.indent(root)
    path.write_bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True) + b"\n")


def child(parent: ElementTree.Element, tag: str, text: str | None = None) -> ElementTree.Element:
    """A new element of the KML namespace."""
    element = ElementTree.SubElement(parent, f"{{{KML}}}{tag}")
    element.text = text
    return element


def table(path: Path, frame: pd.DataFrame, encoding: str) -> None:
    """A comma-separated file."""
    filled(frame).to_csv(path, index=False, encoding=encoding, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)


def spreadsheet(path: Path, frame: gpd.GeoDataFrame) -> None:
    """Doorplates as an office keeps them: Chinese headings, two of them the office's own, codes as text."""
    kept = filled(in_degrees(frame))
    titles = {field.name: field.title.zh for field in DICTIONARY["doorplates"].fields}
    titles |= {"lon": "经度", "lat": "纬度"} | OTHER_HEADINGS
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": WHEN, "title": "门楼牌（示例）"})
    sheet = book.add_worksheet("门楼牌")
    sheet.freeze_panes(1, 0)
    heading = book.add_format({"bold": True})
    for column, name in enumerate(kept):
        sheet.write_string(0, column, titles[name], heading)
        for row, value in enumerate(kept[name], start=1):
            if isinstance(value, float) and not pd.isna(value):
                sheet.write_number(row, column, value)
            elif not pd.isna(value):
                sheet.write_string(row, column, value)
    book.close()
