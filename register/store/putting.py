"""Taking over a whole frame: new records are added, changed cells updated, equal records left as they are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from register.store import PutCounts
from register.store.cells import sql_values
from register.store.gpkg_schema import quoted
from register.store.log import LogRow, OpenChange
from register.store.records import (
    Records,
    Table,
    insert,
    objects,
    read_column,
    read_ids,
    read_shapes,
    shape_texts,
)  # fmt: skip
from rulebook.changes import WHOLE_RECORD
from rulebook.values import GEOMETRY

END = "valid_to"


@dataclass(frozen=True)
class CellChanges:
    """Cells of one column that change: the rows (``fid``) and record ids, canonical text before and after."""

    name: str
    fids: np.ndarray
    ids: np.ndarray
    before: np.ndarray
    after: np.ndarray
    blobs: np.ndarray | None = None


def put(
    connection: sqlite3.Connection,
    table: Table,
    incoming: Records,
    *,
    actor: str,
    reason: str,
    replace: bool,
    today: str,
) -> PutCounts:
    """Write ``incoming`` to ``table`` as one change; the connection must hold the write lock.

    With ``replace`` a record that ``incoming`` lacks is ended today, and one that it has is in force again, unless it
    says itself when the record ends.
    """
    fids, ids = read_ids(connection, table)
    place = pd.Index(ids, dtype="object").get_indexer(pd.Index(incoming.ids, dtype="object"))
    added = incoming.take(place < 0)
    known = incoming.take(place >= 0)
    place = place[place >= 0]
    changes = list(_updates(connection, table, known, fids[place], place))
    ended = np.zeros(0, dtype=np.int64)
    if replace:
        left = np.setdiff1d(np.arange(len(ids)), place)
        ends = read_column(connection, table, END)
        running = np.array([end is None or end > today for end in ends], dtype=bool)
        ended = left[running[left]]
        if len(ended):
            changes.append(_same_value(END, fids[ended], ids[ended], ends[ended], today))
        back = place[~running[place]] if END not in incoming.texts else ended[:0]
        if len(back):
            changes.append(_same_value(END, fids[back], ids[back], ends[back], None))
    updated = len(np.unique(np.concatenate([fids[:0], *(change.fids for change in changes)]))) - len(ended)
    unchanged = len(known) - updated
    if not len(added) and not changes:
        return PutCounts(0, 0, unchanged, 0, None)
    table = table.with_columns(connection, incoming.texts)
    change = OpenChange.begin(connection, actor=actor, reason=reason)
    if len(added):
        insert(connection, table, added)
        made = ((made, WHOLE_RECORD, None, text) for made, text in zip(added.ids, added.documents(), strict=True))
        change.write(table.layer.name, made, len(added))
    for cells in changes:
        _update(connection, table, cells)
    change.write(table.layer.name, _log_rows(changes), sum(len(cells.ids) for cells in changes))
    change.touch([table.layer.name])
    return PutCounts(len(added), updated, unchanged, len(ended), change.change_id)


def _updates(
    connection: sqlite3.Connection, table: Table, known: Records, fids: np.ndarray, place: np.ndarray
) -> Iterator[CellChanges]:
    """Cells of ``known`` (in the order of ``fids``) that differ from what the table holds in row ``place``."""
    if not len(known):
        return
    for name, after in known.texts.items():
        before = (
            read_column(connection, table, name)[place]
            if name in table.columns
            else np.full(len(place), None, dtype=object)
        )
        differs = before != after
        if differs.any():
            yield CellChanges(name, fids[differs], known.ids[differs], before[differs], after[differs])
    if known.shapes is not None:
        before = read_shapes(connection, table)[place]
        differs = before != known.shapes
        if differs.any():
            old, new = before[differs], known.shapes[differs]
            yield CellChanges(GEOMETRY, fids[differs], known.ids[differs], shape_texts(old), shape_texts(new), new)


def _same_value(name: str, fids: np.ndarray, ids: np.ndarray, before: np.ndarray, after: str | None) -> CellChanges:
    return CellChanges(name, fids, ids, before, objects([after] * len(fids)))


def _update(connection: sqlite3.Connection, table: Table, cells: CellChanges) -> None:
    column, values = cells.name, sql_values(cells.after, table.field(cells.name))
    if cells.blobs is not None:
        column, values = "geom", cells.blobs.tolist()
    connection.executemany(
        f"UPDATE {table.sql} SET {quoted(column)} = ? WHERE fid = ?", zip(values, cells.fids.tolist(), strict=True)
    )


def _log_rows(changes: list[CellChanges]) -> Iterator[LogRow]:
    """Log rows of all changes, record by record."""
    if not changes:
        return
    fids = np.concatenate([cells.fids for cells in changes])
    rows = [
        row
        for cells in changes
        for row in zip(cells.ids, [cells.name] * len(cells.ids), cells.before, cells.after, strict=True)
    ]
    for number in np.argsort(fids, kind="stable"):
        yield rows[number]
