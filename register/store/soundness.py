"""Whether a register file is sound: pages, spatial indexes, and the data equal to what the log says."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from register.dictionary import DICTIONARY
from register.store.gpkg_schema import LOG_TRIGGERS
from register.store.records import Records, Table, read_column, read_ids, read_shapes
from rulebook.changes import WHOLE_RECORD
from rulebook.language import Text

SHOWN = 5
SLACK = 1e-9  # SQLite's index rounds outwards to short floats, but not the very smallest
Cells = dict[str, str]


def faults(connection: sqlite3.Connection) -> list[Text]:
    """Everything that is wrong, one sentence each; empty when the register is sound."""
    return page_faults(connection) or [
        *_log_guard(connection),
        *_spatial_indexes(connection),
        *_data_against_log(connection),
    ]


def page_faults(connection: sqlite3.Connection) -> list[Text]:
    """What SQLite finds wrong with the file itself."""
    rows = connection.execute("PRAGMA integrity_check(20)")
    return [Text(f"文件损坏：{row}", f"the file is damaged: {row}") for (row,) in rows if row != "ok"]


def replay(connection: sqlite3.Connection, layer: str) -> dict[str, Cells]:
    """The records of a layer as the log makes them from nothing: canonical text by record id and field."""
    records: dict[str, Cells] = {}
    for record_id, field, after in connection.execute(
        "SELECT record_id, field, after FROM change_log WHERE layer = ? ORDER BY change_id, seq", (layer,)
    ):
        if field == WHOLE_RECORD and after is not None:
            records[record_id] = json.loads(after)
        elif field == WHOLE_RECORD:
            records.pop(record_id, None)
        elif after is None:
            records.get(record_id, {}).pop(field, None)
        else:
            records.setdefault(record_id, {})[field] = after
    return records


def held(connection: sqlite3.Connection, layer: str) -> dict[str, Cells]:
    """The records of a layer as its table holds them, in the same form."""
    table = Table.of(connection, DICTIONARY[layer])
    _, ids = read_ids(connection, table)
    texts = {name: read_column(connection, table, name) for name in table.columns}
    shapes = read_shapes(connection, table) if table.layer.geometry else None
    documents = Records(ids, texts, shapes).documents()
    return {record_id: json.loads(text) for record_id, text in zip(ids, documents, strict=True)}


def _log_guard(connection: sqlite3.Connection) -> Iterator[Text]:
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    if not set(LOG_TRIGGERS) <= there:
        yield Text("变更日志的防改触发器被删除", "the triggers that keep the log append-only are gone")


def _spatial_indexes(connection: sqlite3.Connection) -> Iterator[Text]:
    for name, layer in DICTIONARY.items():
        if layer.geometry is None:
            continue
        rtree = f"rtree_{name}_geom"
        report = connection.execute("SELECT rtreecheck(?)", (rtree,)).fetchone()[0]
        wrong = connection.execute(
            f"SELECT count(*) FROM (SELECT fid, geom FROM {name} WHERE NOT ST_IsEmpty(geom)) "
            f"FULL JOIN {rtree} ON fid = id WHERE fid IS NULL OR id IS NULL "
            "OR minx > ST_MinX(geom) + ?1 OR maxx < ST_MaxX(geom) - ?1 "
            "OR miny > ST_MinY(geom) + ?1 OR maxy < ST_MaxY(geom) - ?1",
            (SLACK,),
        ).fetchone()[0]
        if report != "ok" or wrong:
            yield Text(
                f"图层 {name} 的空间索引与几何不符（{wrong} 处）",
                f"the spatial index of layer {name} does not fit its geometries ({wrong} places)",
            )


def _data_against_log(connection: sqlite3.Connection) -> Iterator[Text]:
    for layer in DICTIONARY:
        said, there = replay(connection, layer), held(connection, layer)
        differing = sorted(key for key in said.keys() | there.keys() if said.get(key) != there.get(key))
        if differing:
            shown = "、".join(differing[:SHOWN])
            yield Text(
                f"图层 {layer} 有 {len(differing)} 条记录与日志不符：{shown}",
                f"{len(differing)} records of layer {layer} differ from the log: {shown}",
            )
