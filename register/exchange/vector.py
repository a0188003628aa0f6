"""Reads GeoPackage, FileGDB, GeoJSON, KML and GPX by GDAL through Arrow: types and long digits stay as they are."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj import CRS
from pyproj.exceptions import CRSError

from register.exchange.encoding import decode
from register.exchange.source import Limits, Source
from rulebook.errors import FileError, SchemaError
from rulebook.language import Text

WGS84 = CRS("EPSG:4326")
GDAL_FAULTS = (
    DataSourceError,
    DataLayerError,
    FeatureError,
    FieldError,
    GeometryError,
    pa.ArrowException,
    UnicodeError,
)
# How Google Earth should draw a placemark: no facts about the place.
KML_DISPLAY = {
    "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "snippet",
}  # fmt: skip
KML_ID_FIELD = re.compile(r"""<SimpleField\b[^>]*\bname=["']id["']""")
GPX_VERTICES = ("track_points", "route_points")
CRS_MEMBER = re.compile(rb'"crs"\s*:\s*\{')
NO_GEOMETRY = re.compile(r'"geometry"\s*:\s*null')
BROKEN_SHAPE = Text("几何图形已损坏，无法读取", "the geometry is damaged and cannot be read")
IN_MEMORY = re.compile(r"/vsimem/[\w./-]+")
XML_ENCODING = re.compile(r"""(<\?xml[^>]*encoding\s*=\s*["'])([\w.-]+)""")
DTYPES: dict[Any, Any] = {
    pa.int8(): pd.Int64Dtype(), pa.int16(): pd.Int64Dtype(), pa.int32(): pd.Int64Dtype(), pa.int64(): pd.Int64Dtype(),
    pa.uint8(): pd.Int64Dtype(), pa.uint16(): pd.Int64Dtype(), pa.uint32(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype(),
}  # fmt: skip


def read(path: Path, encoding: str | None, limits: Limits) -> list[Source]:
    """Every layer of a GeoPackage or FileGDB."""
    return read_layers(path, path)


def read_geojson(path: Path, encoding: str | None, limits: Limits) -> list[Source]:
    """The features of a GeoJSON file. Without a ``crs`` member they are WGS84 degrees (RFC 7946)."""
    data = path.read_bytes()
    text, notes = decode(data, path, encoding)
    sources = read_layers(_utf8(data, text), path, DATE_AS_STRING="YES")
    if CRS_MEMBER.search(data) is None:
        sources = [_by_format(source) for source in sources]
    said = () if not notes or "UTF-8" in notes[0].en else notes
    sources = [source if source.geometry is None else _without_broken_shapes(source, text) for source in sources]
    return [_renamed(source, path.stem, said) for source in sources]


def read_xml(path: Path, encoding: str | None, limits: Limits) -> list[Source]:
    """The folders of a KML file or the parts (waypoints, tracks, routes) of a GPX file: always WGS84 degrees."""
    data = path.read_bytes()
    if b"<!ENTITY" in data or b"<!DOCTYPE" in data or "<!ENTITY".encode("utf-16-le") in data:
        raise FileError(
            f"{path.name} 定义了 XML 实体或文档类型，出于安全不予读取；请重新导出为普通的 {path.suffix[1:].upper()}。",
            f"{path.name} defines XML entities or a document type and is not read for safety; export it again as plain {path.suffix[1:].upper()}.",
        )
    declared = XML_ENCODING.search(data[:200].decode("ascii", errors="ignore"))
    given = encoding or (declared[2] if declared else None)
    text, _ = decode(data, path, given)
    text = XML_ENCODING.sub(r"\g<1>UTF-8", text, count=1)
    sources = [source for source in read_layers(_utf8(data, text), path) if source.name not in GPX_VERTICES]
    if KML_ID_FIELD.search(text):
        sources = [_with_own_ids(source) for source in sources]
    return [_by_format(_without_display(source)) for source in sources if source.has_records] or sources[:1]


def read_layers(
    content: Path | bytes,
    path: Path,
    *,
    encoding: str | None = None,
    names: tuple[str, ...] = (),
    **options: str,
) -> list[Source]:
    """Layers of a file (or of its bytes) that GDAL can open. Whatever GDAL says in warnings is kept as a note."""
    listed, _ = _gdal(path, lambda: pyogrio.list_layers(content))
    layers = [(number, name) for number, (name, _) in enumerate(listed) if not names or name in names]
    if not layers:
        raise SchemaError(f"{path.name} 里没有图层。", f"{path.name} holds no layers.")
    return [_layer(content, layer, path, encoding, options) for layer in layers]


def _layer(
    content: Path | bytes, layer: tuple[int, str], path: Path, encoding: str | None, options: dict[str, str]
) -> Source:
    """A layer by its number: a GeoJSON in memory is named after a memory file, which is another one every time."""
    number, name = layer
    (meta, table), said = _gdal(path, lambda: pyogrio.read_arrow(content, layer=number, encoding=encoding, **options))
    notes = tuple(
        Text(f"读取 {path.name} 时 GDAL 提示：{word}", f"Reading {path.name}, GDAL said: {word}") for word in said
    )
    return _source(name, meta, table, notes)


def _source(name: str, meta: dict[str, Any], table: pa.Table, notes: tuple[Text, ...]) -> Source:
    rows = pd.RangeIndex(1, len(table) + 1)
    geometry, broken = None, np.array([], dtype="int64")
    if meta["geometry_type"] is not None:
        wkb_name = meta["geometry_name"] or "wkb_geometry"
        wkb = table.column(wkb_name).to_numpy(zero_copy_only=False)
        table = table.drop_columns([wkb_name])
        geometry = shapely.from_wkb(wkb, on_invalid="ignore")
        if (shapely.get_coordinates(geometry[shapely.has_z(geometry)], include_z=True)[:, 2:] != 0).any():
            notes = (*notes, Text(f"{name} 的高程未导入。", f"The heights of {name} were left out."))
        geometry = shapely.force_2d(geometry)
        broken = np.flatnonzero(shapely.is_missing(geometry) & np.array([blob is not None for blob in wkb], dtype=bool))
    binary = [column for column in table.column_names if pa.types.is_binary(table.schema.field(column).type)]
    if binary:
        table = table.drop_columns(binary)
        notes = (
            *notes,
            Text(f"二进制列 {'、'.join(binary)} 未导入。", f"Binary columns {', '.join(binary)} were left out."),
        )
    frame = _joined_lists(table).to_pandas(types_mapper=DTYPES.get, date_as_object=False).set_axis(rows)
    keep = np.ones(len(frame), dtype=bool)
    keep[broken] = False
    return Source(
        name=name,
        table=frame[keep],
        geometry=None if geometry is None else geometry[keep],
        crs=_crs(meta["crs"]),
        notes=notes,
        refused=tuple((int(row) + 1, BROKEN_SHAPE) for row in broken),
    )


def _joined_lists(table: pa.Table) -> pa.Table:
    """Lists of values (photos, sides) as text with semicolons, the form of the dictionary."""
    for number, field in enumerate(table.schema):
        if pa.types.is_list(field.type) or pa.types.is_large_list(field.type):
            texts = table.column(number).cast(pa.list_(pa.string()))
            table = table.set_column(number, field.name, pyarrow.compute.binary_join(texts, ";"))
    return table


def _crs(declared: str | None) -> CRS | None:
    """The declared CRS; GeoPackage's "undefined" ones count as none."""
    if not declared:
        return None
    try:
        crs = CRS.from_user_input(declared)
    except CRSError:
        return None
    return None if crs.name.lower().startswith(("undefined", "unknown")) else crs


def _gdal(path: Path, call: Callable[[], Any]) -> tuple[Any, list[str]]:
    """What a call into GDAL returns, and what it said in warnings."""
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            return call(), list(dict.fromkeys(str(one.message) for one in said if one.category is RuntimeWarning))
    except GDAL_FAULTS as fault:
        said = IN_MEMORY.sub(path.name, str(fault)).split("; ")[0].rstrip(".")
        why = said.rpartition(" failed: ")[2] if said.startswith("sqlite3") else said
        raise FileError(
            f"{path.name} 不完整、已损坏或格式不对，无法读取（{why}）。",
            f"{path.name} is incomplete, damaged or of another format and cannot be read ({why}).",
        ) from fault


def _utf8(data: bytes, text: str) -> bytes:
    """The bytes GDAL gets: the file's own when they are plain UTF-8."""
    return text.removeprefix("\ufeff").encode("utf-8") if not data.isascii() else data


def _by_format(source: Source) -> Source:
    return replace(source, crs=None, format_crs=WGS84)


def _renamed(source: Source, name: str, notes: tuple[Text, ...]) -> Source:
    return replace(source, name=name, notes=(*notes, *source.notes))


def _without_broken_shapes(source: Source, text: str) -> Source:
    """Refuse features of a GeoJSON text whose geometry GDAL cannot read and takes for none without an error."""
    shapes = np.asarray(source.geometry)
    missing = shapely.is_missing(shapes)
    if missing.sum() <= len(NO_GEOMETRY.findall(text)):
        return source
    given = _geometry_given(text)
    if len(given) < source.table.index.max():
        return source
    broken = missing & given[source.table.index - 1]
    return replace(
        source,
        table=source.table[~broken],
        geometry=shapes[~broken],
        refused=(*source.refused, *((int(row), BROKEN_SHAPE) for row in source.table.index[broken])),
    )


def _geometry_given(text: str) -> np.ndarray:
    """Which features of a GeoJSON text have a geometry; empty where the text is another kind of JSON."""
    try:
        parsed = json.loads(text.removeprefix("\ufeff"))
    except ValueError:
        return np.zeros(0, dtype=bool)
    features = parsed.get("features", [parsed])
    return np.array([feature.get("geometry") is not None for feature in features], dtype=bool)


def _with_own_ids(source: Source) -> Source:
    """The data's ``id`` in place of the placemark's: where there are both, GDAL calls the data's ``id2``."""
    if not {"id", "id2"} <= set(source.table.columns):
        return source
    return replace(source, table=source.table.drop(columns="id").rename(columns={"id2": "id"}))


def _without_display(source: Source) -> Source:
    """Leave out what only concerns drawing, the format's own columns that nobody filled, and the placemark's ``Name``
    where the data bring a ``name``.
    """
    columns = set(source.table.columns)
    dropped = {column for column in columns if column in KML_DISPLAY or source.table[column].isna().all()}
    dropped |= {"Name"} if {"Name", "name"} <= columns - dropped else set()
    return replace(source, table=source.table.drop(columns=sorted(dropped)))
