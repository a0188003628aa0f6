"""Writes layers and tables of a package in the format of its profile."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import fiona
import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
import xlsxwriter
from pyproj import CRS

from register.dictionary import DICTIONARY
from register.profiles import read_table
from rulebook.schema import FieldType

DBF_BYTES = 254  # of a text cell
DBF_NAME = 10
FIONA_TYPES = {FieldType.TEXT: "str", FieldType.DATE: "str", FieldType.NUMBER: "float", FieldType.INTEGER: "int"}
XLSX_CELL = 32767
ANY = "Geometry"
FIRST_MULTI = 3  # geometry types above it have several parts
SHAPEFILE = "ESRI Shapefile"
SUFFIXES = {0: "", 1: "_line", 2: "_area"}  # of the parts of a layer of any geometry
Altered = list[tuple[str, str, str, str]]  # layer, record id, column, what was done


def write_layers(folder: Path, frames: Mapping[str, pd.DataFrame], form: str, *, crs: CRS, encoding: str) -> Altered:
    """Write every layer and say which cells could not be written as they are."""
    altered: Altered = []
    for name, frame in frames.items():
        shown = _plain(frame, crs)
        match form:
            case "gpkg":
                _write_pyogrio(folder / "register.gpkg", name, shown, "GPKG")
            case "geojson":
                _write_pyogrio(folder / f"{name}.geojson", name, shown, "GeoJSON", COORDINATE_PRECISION="9")
            case "parquet":
                shown.to_parquet(folder / f"{name}.parquet", index=False)
            case "gdb":
                for suffix, part in _by_dimension(shown, name):
                    _write_gdb(folder / "register.gdb", name, suffix, part)
            case "shp":
                fitted = _fitted(shown, name, encoding, altered)
                for suffix, part in _by_dimension(fitted, name):
                    path = folder / f"{name}{suffix}.{'shp' if _is_spatial(part) else 'dbf'}"
                    _write_fiona(path, name, part, driver=SHAPEFILE, encoding=encoding)
    return altered


def _by_dimension(frame: pd.DataFrame, layer: str) -> list[tuple[str, pd.DataFrame]]:
    """A layer of any geometry as one part a kind of geometry, for formats that hold one kind; else the layer itself."""
    if DICTIONARY[layer].geometry != ANY:
        return [("", frame)]
    dimensions = shapely.get_dimensions(frame.geometry.to_numpy())
    parts = {suffix: frame[dimensions == dimension] for dimension, suffix in SUFFIXES.items()}
    parts[""] = frame[dimensions < 1]
    return [(suffix, part) for suffix, part in parts.items() if len(part) or not suffix]


def write_table(folder: Path, name: str, rows: pd.DataFrame, form: str, title: str) -> str:
    """Write a receiver's table as JSON lines, or as the sheet of an XLSX; return the file's name."""
    if form == "jsonl":
        path = folder / f"{name}.jsonl"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for row in rows.to_dict("records"):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        return path.name
    path = folder / f"{title}.xlsx"
    with xlsxwriter.Workbook(
        path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        head = book.add_format({"bold": True, "bg_color": "#EFEFEF", "border": 1})
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(rows.columns) - 1, 0), 16)
        sheet.write_row(0, 0, list(rows.columns), head)
        for number, row in enumerate(rows.itertuples(index=False), 1):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write_string(number, column, str(cell)[:XLSX_CELL])
    return path.name


def _plain(frame: pd.DataFrame, crs: CRS) -> pd.DataFrame:
    """Missing as None, geometry in the CRS of the package."""
    attributes = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    texts = [name for name in attributes if attributes[name].dtype not in ("float64", "Int64")]
    for name in texts:
        attributes[name] = attributes[name].astype("object").where(attributes[name].notna(), None)
    if not _is_spatial(frame):
        return attributes
    geometry = gpd.GeoSeries(frame.geometry.to_numpy(), index=frame.index, crs=frame.crs).to_crs(crs)
    return gpd.GeoDataFrame(attributes, geometry=geometry, crs=crs)


def _is_spatial(frame: pd.DataFrame) -> bool:
    return isinstance(frame, gpd.GeoDataFrame)


def _write_pyogrio(path: Path, layer: str, frame: pd.DataFrame, driver: str, **options: str) -> None:
    declared = DICTIONARY[layer].geometry
    if not _is_spatial(frame):
        pyogrio.write_dataframe(frame, path, layer=layer, driver=driver)
    elif declared == ANY:
        pyogrio.write_dataframe(frame, path, layer=layer, driver=driver, geometry_type="Unknown", **options)
    else:
        several = str(declared).startswith("Multi")
        pyogrio.write_dataframe(
            frame, path, layer=layer, driver=driver, geometry_type=declared, promote_to_multi=several, **options
        )


def _write_gdb(path: Path, layer: str, suffix: str, frame: pd.DataFrame) -> None:
    """A layer of a FileGDB. Through fiona 1.10 the driver fails on every Gauss-Krüger CRS (“Point outside of projection
    domain”, told while the grid of the layer is laid out), so pyogrio writes it.
    """
    whole = [name for name in frame if frame[name].dtype == "Int64"]
    frame = frame.astype(dict.fromkeys(whole, "Int32"))  # older programs know no wider whole numbers
    if not _is_spatial(frame):
        pyogrio.write_dataframe(frame, path, layer=layer + suffix, driver="OpenFileGDB")
        return
    declared = _geometry_type(frame, layer, "OpenFileGDB")
    pyogrio.write_dataframe(
        frame, path, layer=layer + suffix, driver="OpenFileGDB", geometry_type=declared,
        promote_to_multi=declared.startswith("Multi"),
    )  # fmt: skip


def _write_fiona(path: Path, name: str, frame: pd.DataFrame, **options: Any) -> None:
    known = DICTIONARY[name]
    short = dict(zip(frame.columns, _names(frame, name, options["driver"]), strict=True))
    kinds = {
        column: (field.type if (field := known.field_named(column)) else FieldType.TEXT)
        for column in frame
        if column != "geometry"
    }
    width = f":{DBF_BYTES}" if options["driver"] == SHAPEFILE else ""
    schema = {
        "geometry": _geometry_type(frame, name, options["driver"]),
        "properties": {
            short[column]: FIONA_TYPES[kind] + (width if FIONA_TYPES[kind] == "str" else "")
            for column, kind in kinds.items()
        },
    }
    crs = frame.crs.to_wkt() if _is_spatial(frame) else None
    with fiona.open(path, "w", schema=schema, crs_wkt=crs, **options) as sink:
        sink.writerecords(_records(frame, short, kinds))


def _records(frame: pd.DataFrame, short: Mapping[str, str], kinds: Mapping[str, FieldType]) -> Iterator[dict[str, Any]]:
    shapes = frame.geometry.to_numpy() if _is_spatial(frame) else [None] * len(frame)
    columns = {short[name]: [None if pd.isna(cell) else cell for cell in frame[name]] for name in kinds}
    integers = {short[name] for name, kind in kinds.items() if kind is FieldType.INTEGER}
    for number, shape in enumerate(shapes):
        cells = {name: cells[number] for name, cells in columns.items()}
        cells = {name: int(cell) if name in integers and cell is not None else cell for name, cell in cells.items()}
        empty = shape is None or shape.is_empty
        yield {"geometry": None if empty else shapely.geometry.mapping(shape), "properties": cells}


def _geometry_type(frame: pd.DataFrame, layer: str, driver: str) -> str:
    """The kind of geometry that a file is declared to hold; shapefiles know no multi-part kinds but hold them."""
    if not _is_spatial(frame):
        return "None"
    declared = str(DICTIONARY[layer].geometry)
    if declared == ANY:
        shapes = frame.geometry.to_numpy()
        single = ("Point", "LineString", "Polygon")[max(int(shapely.get_dimensions(shapes).max(initial=0)), 0)]
        several = bool((shapely.get_type_id(shapes) > FIRST_MULTI).any())
        declared = f"Multi{single}" if several else single
    lines_or_areas = declared.removeprefix("Multi") in ("LineString", "Polygon")
    return declared.removeprefix("Multi") if driver == SHAPEFILE and lines_or_areas else declared


def _names(frame: pd.DataFrame, layer: str, driver: str) -> list[str]:
    """Field names that the format can hold, the same at every export; two that would be one get a number."""
    columns = [str(name) for name in frame.columns]
    if driver != SHAPEFILE:
        return columns
    table = read_table("exports/short_names.csv")
    mine = table[table["layer"].isna() | (table["layer"] == layer)]
    given = dict(zip(mine["column"], mine["short"], strict=True))
    taken: set[str] = set()
    names = []
    for column in columns:
        name = given.get(column, column.encode("ascii", "ignore").decode()[:DBF_NAME] or "field")
        number = 2
        while name in taken:
            name, number = f"{name[: DBF_NAME - 2]}_{number}", number + 1
        taken.add(name)
        names.append(name)
    return names


def _fitted(frame: pd.DataFrame, layer: str, encoding: str, altered: Altered) -> pd.DataFrame:
    """Text cells as a dBase table in this encoding can hold them; every cell that is changed for it is named."""
    fitted = frame.copy()
    for column in frame.columns:
        if column == "geometry" or frame[column].dtype in ("float64", "Int64"):
            continue
        cells = []
        for record_id, cell in zip(frame.index, frame[column], strict=True):
            kept = cell if cell is None else _fit(str(cell), encoding)
            if cell is not None and kept != cell:
                altered.append(
                    (layer, str(record_id), str(column), "shortened" if len(kept) < len(str(cell)) else "replaced")
                )
            cells.append(kept)
        fitted[column] = pd.Series(cells, index=frame.index, dtype="object")
    return fitted


def _fit(text: str, encoding: str) -> str:
    """The text in this encoding, toned capitals that it lacks without their tone, at most ``DBF_BYTES`` long."""
    try:
        encoded = text.encode(encoding)
    except UnicodeEncodeError:
        text = "".join(_nearest(sign, encoding) for sign in text)
        encoded = text.encode(encoding)
    return text if len(encoded) <= DBF_BYTES else encoded[:DBF_BYTES].decode(encoding, errors="ignore")


def _nearest(sign: str, encoding: str) -> str:
    for candidate in (sign, unicodedata.normalize("NFD", sign)[0]):
        try:
            candidate.encode(encoding)
        except UnicodeEncodeError:
            continue
        return candidate
    return "?"
