"""Records of one layer as canonical text: the form in which frames, tables and the log are compared.

``Records`` holds one array a column (object dtype, None where missing). Geometries are kept as GeoPackage blobs and
become WKT only for the cells that the log needs.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring as encode_text
from numbers import Number
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype
from pyproj import CRS

from register.store import gpkg_geometry
from register.store.bulk import MANY, suspended
from register.store.cells import NUL, sql_values
from register.store.gpkg_schema import OWN_SRS_ID, SQL_TYPES, quoted, record_id_sql, srs_id_of
from rulebook.errors import CrsError, SchemaError
from rulebook.language import Text
from rulebook.schema import DTYPES, Field, FieldType, Layer
from rulebook.values import GEOMETRY, column_text

CHUNK = 50_000
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_TYPE_NAMES = {
    FieldType.TEXT: "文字",
    FieldType.DATE: "日期",
    FieldType.NUMBER: "数字",
    FieldType.INTEGER: "整数",
}
_NUMBERS = (FieldType.NUMBER, FieldType.INTEGER)
_NOT_FOR_COLUMNS = {"fid", "geom", "rowid", "oid", "_rowid_", "*"}


@dataclass(frozen=True)
class Table:
    """The table of a layer in a file: the columns that it has there, ``fid`` and ``geom`` excluded."""

    layer: Layer
    columns: tuple[str, ...]

    @classmethod
    def of(cls, connection: sqlite3.Connection, layer: Layer) -> Table:
        """Look at the file."""
        rows = connection.execute("SELECT name FROM pragma_table_info(?)", (layer.name,))
        return cls(layer, tuple(name for (name,) in rows if name not in ("fid", "geom")))

    @property
    def sql(self) -> str:
        """Quoted name."""
        return quoted(self.layer.name)

    @property
    def record_id(self) -> str:
        """SQL expression of the record id; its unique index serves look-ups."""
        return record_id_sql(self.layer)

    def field(self, name: str) -> Field:
        """The dictionary's field, plain text for an unknown column."""
        return self.layer.field_named(name) or Field(name, Text(name, name))

    def with_columns(self, connection: sqlite3.Connection, names: Iterable[str]) -> Table:
        """Add the columns that the table lacks."""
        missing = [name for name in names if name not in self.columns]
        for name in missing:
            connection.execute(f"ALTER TABLE {self.sql} ADD COLUMN {quoted(name)} {SQL_TYPES[self.field(name).type]}")
        return Table(self.layer, (*self.columns, *missing))


@dataclass(frozen=True)
class Records:
    """Record ids and canonical texts by column; ``shapes`` (blobs) is None where geometry is not spoken of."""

    ids: np.ndarray
    texts: dict[str, np.ndarray]
    shapes: np.ndarray | None

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: np.ndarray) -> Records:
        """Some of the rows, by number or mask."""
        texts = {name: column[rows] for name, column in self.texts.items()}
        return Records(self.ids[rows], texts, None if self.shapes is None else self.shapes[rows])

    def documents(self) -> Iterator[str]:
        """Each record as the JSON object that the log keeps: its non-empty cells as canonical text."""
        columns = dict(self.texts)
        if self.shapes is not None:
            columns[GEOMETRY] = shape_texts(self.shapes)
        members = [
            [None if cell is None else f"{encode_text(name)}: {encode_text(cell)}" for cell in cells]
            for name, cells in columns.items()
        ]
        for row in zip(*members, strict=True):
            yield "{" + ", ".join(filter(None, row)) + "}"


def document(record: dict[str, str]) -> str:
    """A record as JSON text."""
    return _ENCODER.encode(record)


def shape_texts(blobs: np.ndarray) -> np.ndarray:
    """Canonical WKT of blobs."""
    return column_text(pd.Series(gpd.GeoSeries(gpkg_geometry.decode(blobs)))).to_numpy()


def from_frame(table: Table, frame: pd.DataFrame, crs: CRS) -> Records:
    """The records of a frame, ready to be compared with the table and written to it.

    Raises SchemaError for missing, empty or repeated keys, cells that their field cannot hold and geometries of a
    wrong type, CrsError for geometries in another CRS than the register's.
    """
    layer = table.layer
    cells = pd.DataFrame(frame).reset_index(drop=True)
    shapes = None
    if layer.geometry and isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name:
        shapes = _blobs(layer, frame.geometry, crs)
        cells = cells.drop(columns=frame.active_geometry_name)
    names = stored_names(table, [str(name) for name in cells.columns])
    cells.columns = pd.Index(names)
    _check_keys(layer, cells)
    texts = {}
    for name in names:
        column = _column_texts(layer, cells[name], table.field(name))
        if any(text is not None and NUL in text for text in column):
            raise SchemaError(
                f"图层 {layer.name} 的列 {name} 含有空字符。",
                f"Column {name} of layer {layer.name} has a NUL character.",
            )
        if name in table.columns or layer.field_named(name) or any(text is not None for text in column):
            texts[name] = column
    ids = layer.record_ids(pd.DataFrame({name: texts[name] for name in layer.key})).to_numpy(dtype=object)
    _check_repeated(layer, ids)
    return Records(ids, texts, shapes)


def stored_names(table: Table, names: Sequence[str]) -> list[str]:
    """Column names under which the table keeps columns of a frame. SQL knows no upper and lower case and has names of
    its own: a column that would collide gets ``_2``, the same at every import.
    """
    known = {*table.columns, *table.layer.columns}
    reserved = _NOT_FOR_COLUMNS | {GEOMETRY} | {name.lower() for name in known}
    stored: list[str] = []
    taken: set[str] = set()
    for name in names:
        wanted = "".join(sign for sign in name if sign.isprintable()) or "column"
        while wanted.lower() in taken or (wanted not in known and wanted.lower() in reserved):
            wanted += "_2"
        stored.append(wanted)
        taken.add(wanted.lower())
    return stored


def read_ids(connection: sqlite3.Connection, table: Table) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers (``fid``) and record ids of all records, in the order they came in."""
    rows = connection.execute(f"SELECT fid, {table.record_id} FROM {table.sql} ORDER BY fid").fetchall()
    fids, ids = zip(*rows, strict=True) if rows else ((), ())
    return np.array(fids, dtype=np.int64), np.array(ids, dtype=object)


def read_column(connection: sqlite3.Connection, table: Table, name: str) -> np.ndarray:
    """Canonical text of one column of all records, in the order of ``read_ids``."""
    rows = connection.execute(f"SELECT {quoted(name)} FROM {table.sql} ORDER BY fid").fetchall()
    return texts_of([cell for (cell,) in rows], table.field(name))


def read_shapes(connection: sqlite3.Connection, table: Table) -> np.ndarray:
    """Geometry blobs of all records, in the order of ``read_ids``."""
    rows = connection.execute(f"SELECT geom FROM {table.sql} ORDER BY fid").fetchall()
    return objects([blob for (blob,) in rows])


def texts_of(cells: Sequence[Any], field: Field) -> np.ndarray:
    """Canonical text of SQL values."""
    if field.type in _NUMBERS:
        return column_text(pd.Series(cells, dtype=DTYPES[field.type])).to_numpy(dtype=object)
    return objects(cells)


def read_frame(connection: sqlite3.Connection, table: Table, crs: CRS) -> pd.DataFrame:
    """All records as ``Layer.conform`` gives them, in the order they came in."""
    shown = [*table.columns, *(["geom"] if table.layer.geometry else [])]
    cursor = connection.execute(f"SELECT {', '.join(map(quoted, shown))} FROM {table.sql} ORDER BY fid")
    chunks = []
    while rows := cursor.fetchmany(CHUNK):
        columns = dict(zip(shown, zip(*rows, strict=True), strict=True))
        blobs = columns.pop("geom", None)
        chunk = pd.DataFrame(
            {name: pd.Series(cells, dtype=DTYPES[table.field(name).type]) for name, cells in columns.items()}
        )
        if blobs is not None:
            chunk = gpd.GeoDataFrame(chunk, geometry=gpd.GeoSeries(gpkg_geometry.decode(blobs), crs=crs), crs=crs)
        chunks.append(chunk)
    if not chunks:
        empty = table.layer.empty(crs)
        return empty.assign(**{name: pd.Series(dtype="str") for name in table.columns if name not in empty})
    return table.layer.conform(pd.concat(chunks, ignore_index=True))


def insert(connection: sqlite3.Connection, table: Table, records: Records) -> None:
    """Write new records. Many at once are put into the spatial index in bulk instead of by its trigger."""
    columns = {name: sql_values(texts, table.field(name)) for name, texts in records.texts.items()}
    if records.shapes is not None:
        columns["geom"] = records.shapes.tolist()
    places = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table.sql} ({', '.join(map(quoted, columns))}) VALUES ({places})"
    rows = zip(*columns.values(), strict=True)
    if table.layer.geometry is None or len(records) < MANY:
        connection.executemany(statement, rows)
        return
    last = connection.execute(f"SELECT coalesce(max(fid), 0) FROM {table.sql}").fetchone()[0]
    with suspended(connection, f"rtree_{table.layer.name}_geom_insert"):
        connection.executemany(statement, rows)
    added = connection.execute(f"SELECT fid, geom FROM {table.sql} WHERE fid > ? AND geom NOTNULL", (last,))
    boxes = ((fid, *box) for fid, blob in added if (box := gpkg_geometry.bounds_of(blob)))
    connection.executemany(f"INSERT INTO {quoted(f'rtree_{table.layer.name}_geom')} VALUES (?, ?, ?, ?, ?)", boxes)


def remove(connection: sqlite3.Connection, table: Table, ids: Sequence[str]) -> None:
    """Delete records. Many at once are taken out of the spatial index in bulk instead of by its trigger."""
    wanted = json.dumps(list(ids))
    condition = f"{table.record_id} IN (SELECT value FROM json_each(?))"
    if table.layer.geometry is None or len(ids) < MANY:
        connection.execute(f"DELETE FROM {table.sql} WHERE {condition}", (wanted,))
        return
    name = f"rtree_{table.layer.name}_geom"
    connection.execute(
        f"DELETE FROM {quoted(name)} WHERE id IN (SELECT fid FROM {table.sql} WHERE {condition})", (wanted,)
    )
    with suspended(connection, f"{name}_delete"):
        connection.execute(f"DELETE FROM {table.sql} WHERE {condition}", (wanted,))


def objects(values: Sequence[Any]) -> np.ndarray:
    """A one-dimensional object array of ``values``."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _blobs(layer: Layer, geometry: gpd.GeoSeries, crs: CRS) -> np.ndarray:
    given = geometry.crs
    if given is None and geometry.notna().any():
        raise CrsError(
            f"图层 {layer.name} 的几何没有声明坐标系。", f"The geometries of layer {layer.name} have no declared CRS."
        )
    if given is not None and not _same_crs(given, crs):
        raise CrsError(
            f"图层 {layer.name} 的坐标系是 {given.name}，登记库是 {crs.name}，须先转换。",
            f"Layer {layer.name} is in {given.name}, the register in {crs.name}; transform it first.",
        )
    shapes, wrong = gpkg_geometry.fit(geometry.to_numpy(), layer.geometry or "")
    if wrong.any():
        reason = gpkg_geometry.wrong_type(layer.geometry or "")
        rows = [str(row) for row in np.flatnonzero(wrong)[:10] + 1]
        raise SchemaError(
            f"图层 {layer.name}：{reason.zh}；第 {'、'.join(rows)} 条。",
            f"Layer {layer.name}: {reason.en}; records {', '.join(rows)}.",
        )
    return gpkg_geometry.encode(shapes, srs_id_of(crs))


def _same_crs(one: CRS, other: CRS) -> bool:
    """Whether coordinates mean the same in both; older definitions of an EPSG code leave its axes out."""
    known = srs_id_of(one) != OWN_SRS_ID and srs_id_of(one) == srs_id_of(other)
    return known or one.equals(other, ignore_axis_order=True)


def _column_texts(layer: Layer, column: pd.Series, field: Field) -> np.ndarray:
    """Canonical text of one column of a frame; what is neither text nor number in an unknown column becomes text."""
    if layer.field_named(field.name) is None:
        if not (is_numeric_dtype(column) or isinstance(column.dtype, pd.StringDtype)):
            column = column.astype("object").map(
                lambda cell: cell if isinstance(cell, str | Number) else str(cell), na_action="ignore"
            )
        return column_text(column).to_numpy(dtype=object)
    try:
        return column_text(column.astype(DTYPES[field.type])).to_numpy(dtype=object)
    except (ValueError, TypeError) as fault:
        raise SchemaError(
            f"图层 {layer.name} 的列 {field.name} 有不是{_TYPE_NAMES[field.type]}的值：{fault}。",
            f"Column {field.name} of layer {layer.name} has a value that is no {field.type.value}: {fault}.",
        ) from fault


def _check_keys(layer: Layer, cells: pd.DataFrame) -> None:
    for name in layer.key:
        if name not in cells:
            raise SchemaError(
                f"图层 {layer.name} 缺少关键列 {name}。", f"Layer {layer.name} lacks its key column {name}."
            )
        empty = cells[name].isna() | cells[name].eq("")
        if empty.any():
            rows = [str(row + 1) for row in cells.index[empty][:10]]
            raise SchemaError(
                f"图层 {layer.name} 的关键列 {name} 有空值：第 {'、'.join(rows)} 条。",
                f"Key column {name} of layer {layer.name} is empty in records {', '.join(rows)}.",
            )


def _check_repeated(layer: Layer, ids: np.ndarray) -> None:
    repeated = pd.Index(ids)[pd.Index(ids).duplicated()].unique()[:10]
    if len(repeated):
        raise SchemaError(
            f"图层 {layer.name} 的标识重复：{'、'.join(repeated)}。",
            f"Layer {layer.name} has repeated record ids: {', '.join(repeated)}.",
        )
